-- title: Which bounds of a total and of a trailing total exist, and why not
-- grain: one row per case and substance with at least one dose row
-- reads: exposure_doses
-- params: none
-- missing: one row without a known amount, membership, length or place takes the best value away; one without an upper
--   limit takes the high bound away
-- source: docs/case-folder.md
-- returns: view
SELECT case_id, substance,
    count(*) AS n_rows,
    coalesce(bool_and(sum_is_known) FILTER (is_counted), true) AS best_is_known,
    bool_and(high_is_known) AS high_is_known,
    -- An infusion that is not known takes nothing away from the boluses, and the other way round.
    coalesce(bool_and(sum_is_known) FILTER (is_counted AND kind = 'bolus'), true) AS bolus_is_known,
    coalesce(bool_and(sum_is_known) FILTER (is_counted AND kind = 'infusion'), true) AS infusion_is_known,
    coalesce(bool_and(high_is_known) FILTER (kind IN ('bolus', 'total')), true) AS bolus_high_is_known,
    coalesce(bool_and(high_is_known) FILTER (kind IN ('infusion', 'total')), true) AS infusion_high_is_known,
    bool_and(place_is_known) AS best_is_placed,
    bool_or(lacks_weight) AS lacks_weight,
    count(DISTINCT unit) FILTER (is_counted) <= 1 AS is_one_unit,
    coalesce(min(unit) FILTER (is_counted), min(unit)) AS unit,
    reasons(flatten(list(sum_reasons) FILTER (is_counted))) AS sum_reasons,
    reasons(flatten(list(sum_reasons) FILTER (is_counted AND kind <> 'infusion'))) AS bolus_reasons,
    reasons(flatten(list(sum_reasons) FILTER (is_counted AND kind <> 'bolus'))) AS infusion_reasons,
    reasons(flatten(list_concat(list(sum_reasons), list(place_reasons)))) AS place_reasons,
    -- A rate per kg rests on the row of the weight too.
    row_list(flatten(list(rests_on) FILTER (is_counted))) AS row_ids,
    row_list(flatten(list(rests_on))) AS seen_rows,
    row_list(flatten(list(rests_on) FILTER (kind IN ('bolus', 'total') AND is_counted))) AS bolus_rows,
    row_list(flatten(list(rests_on) FILTER (kind IN ('infusion', 'total') AND is_counted))) AS infusion_rows
FROM (SELECT *, list_prepend(row_id, weight_row_ids) AS rests_on FROM exposure_doses)
GROUP BY case_id, substance
