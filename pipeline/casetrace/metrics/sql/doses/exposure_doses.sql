-- title: Doses as the exposure metrics read them
-- grain: one row per case, substance, dose row and occurrence; substances are drugs, and of heparin iv_ufh (therapeutic,
--   intravenous), the same per kg of body weight (iv_ufh_per_kg) and sc_ufh (subcutaneous)
-- reads: given_doses, cases
-- params: none
-- missing: an unknown route or purpose of heparin makes the row possible, not sure; an amount that is not printed has low
--   0 and no high; an end that is not stated leaves nothing sure after the start; a time without bounds is closed by the
--   span that the source covers; of rows of which a printed total may hold the others none has a best value, and only the
--   larger side is surely added; an amount without a weight of its own is divided by the dosing weight of the case
-- source: pipeline/casetrace/schemas/canonical.py; a mean rate counts, a range gives bounds, a maximum gives 0 to the
--   maximum, an initial or median amount says nothing of the total
-- returns: view
WITH placed_in_case AS (
    SELECT d.*, c.observed_start_min, c.observed_end_min, c.span_start_min, d.drug = 'unfractionated heparin' AS is_heparin,
        coalesce(contains(coalesce(d.read_as, d.unit_reported), '/kg'), false) AS is_printed_per_kg,
        d.amount_status = 'known' AND coalesce(d.amount_per_kg, d.amount_per_kg_low, d.amount_per_kg_high) IS NULL AS takes_case_weight,
        c.weight_kg::DOUBLE AS weight_kg, c.weight_low_kg::DOUBLE AS weight_low_kg, c.weight_high_kg::DOUBLE AS weight_high_kg,
        c.weight_row_id AS case_weight_row_id
    FROM given_doses d JOIN cases c USING (case_id)
    WHERE is_coded AND kind <> 'transfusion' AND coalesce(drug_class, '') <> 'blood product'
), weighed AS (
    SELECT * REPLACE (
            coalesce(amount_per_kg, CASE WHEN takes_case_weight THEN amount::DOUBLE / weight_kg END)::DECIMAL(38, 12) AS amount_per_kg,
            coalesce(amount_per_kg_low, CASE WHEN takes_case_weight THEN amount_low::DOUBLE / weight_high_kg END)::DECIMAL(38, 12)
                AS amount_per_kg_low,
            coalesce(amount_per_kg_high, CASE WHEN takes_case_weight THEN amount_high::DOUBLE / weight_low_kg END)::DECIMAL(38, 12)
                AS amount_per_kg_high,
            CASE WHEN takes_case_weight AND case_weight_row_id IS NOT NULL THEN [case_weight_row_id]
                ELSE coalesce(weight_row_ids, []::VARCHAR[]) END AS weight_row_ids)
    FROM placed_in_case
), of_substance AS (
    SELECT *, 'iv_ufh' AS substance, false AS is_per_kg, route IS NOT NULL AND purpose IS NOT NULL AS is_sure
    FROM weighed WHERE is_heparin AND coalesce(route, 'iv') = 'iv' AND coalesce(purpose, 'therapeutic') = 'therapeutic'
    UNION ALL
    SELECT *, 'iv_ufh_per_kg', true, route IS NOT NULL AND purpose IS NOT NULL
    FROM weighed WHERE is_heparin AND coalesce(route, 'iv') = 'iv' AND coalesce(purpose, 'therapeutic') = 'therapeutic'
    UNION ALL
    SELECT *, 'sc_ufh', false, route IS NOT NULL
    FROM weighed WHERE is_heparin AND (route = 'sc' OR (route IS NULL AND kind <> 'infusion'))
    UNION ALL
    SELECT *, drug, false, true FROM weighed WHERE NOT is_heparin
), counted AS (
    SELECT *,
        CASE WHEN is_per_kg THEN amount_per_kg ELSE amount END AS printed_best,
        CASE WHEN is_per_kg THEN amount_per_kg_low ELSE amount_low END AS printed_low,
        CASE WHEN is_per_kg THEN amount_per_kg_high ELSE amount_high END AS printed_high
    FROM of_substance
), bounded AS (
    SELECT *,
        coalesce(start_earliest_min, observed_start_min) AS start_low,
        coalesce(start_latest_min, observed_end_min) AS start_high_typed,
        end_reported IS NOT NULL OR end_form NOT IN ('open', 'unknown') OR length_min IS NOT NULL AS end_is_stated,
        CASE WHEN stat IS NULL OR stat = 'mean' THEN printed_best END AS best,
        CASE WHEN stat IS NULL OR stat IN ('mean', 'range', 'min') THEN coalesce(printed_low, 0) ELSE 0 END AS low,
        CASE WHEN stat IS NULL OR stat IN ('mean', 'range', 'max') THEN printed_high END AS high
    FROM counted
), grouped AS (
    -- What a dose surely gives, for rows of which a printed total may hold the others: the largest of them alone is sure.
    SELECT *,
        CASE WHEN is_sure THEN CASE kind WHEN 'infusion' THEN over_minutes(low, greatest(0, coalesce(length_min,
            CASE WHEN end_is_stated THEN end_earliest_min - start_high_typed ELSE 0 END))) ELSE low END ELSE 0 END AS surely_given,
        CASE WHEN total_group IS NOT NULL AND bool_or(kind = 'total') OVER of_group AND count(*) OVER of_group > 1
            THEN list(DISTINCT row_id) FILTER (kind = 'total') OVER of_group END AS held_by
    FROM bounded WINDOW of_group AS (PARTITION BY case_id, substance, total_group)
), ranked AS (
    SELECT *, CASE WHEN held_by IS NULL THEN true
            WHEN max(surely_given) FILTER (kind = 'total') OVER of_group >= coalesce(sum(surely_given) FILTER (kind <> 'total') OVER of_group, 0)
            THEN kind = 'total' AND row_number() OVER (PARTITION BY case_id, substance, total_group, kind = 'total' ORDER BY surely_given DESC, row_id) = 1
            ELSE kind <> 'total' END AS is_apart
    FROM grouped WINDOW of_group AS (PARTITION BY case_id, substance, total_group)
), ended AS (
    SELECT *,
        is_per_kg AND NOT is_printed_per_kg AND weight_low_kg IS NULL AND printed_low IS NULL AND printed_high IS NULL AS lacks_weight,
        CASE WHEN kind = 'bolus' THEN start_low WHEN NOT end_is_stated THEN start_low
            ELSE greatest(coalesce(end_earliest_min, start_low), start_low) END AS end_low,
        CASE WHEN kind = 'bolus' THEN start_high_typed ELSE greatest(coalesce(end_latest_min, observed_end_min), start_low) END AS end_high
    FROM ranked
), placed AS (
    -- A start never lies after the last possible end; midpoints in the wrong order say nothing of the length.
    SELECT *, least(start_high_typed, end_high) AS start_high, start_min AS start_best,
        CASE WHEN kind = 'bolus' THEN start_min WHEN end_min >= start_min THEN end_min END AS end_best
    FROM ended
)
SELECT
    case_id, substance, row_id, occurrence, kind, drug, is_sure,
    -- Surely given, and surely not counted already in a row of its group.
    is_sure AND is_apart AS is_surely_added,
    -- The rows of the weight that the amount rests on: of a printed amount, only what is per kg rests on one.
    CASE WHEN is_per_kg <> is_printed_per_kg THEN weight_row_ids ELSE []::VARCHAR[] END AS weight_row_ids,
    weight_row_ids AS dosing_weight_row_ids,
    stat, amount_status, end_is_stated,
    CASE WHEN is_per_kg THEN '[iU]/kg' ELSE regexp_replace(unit, '/h$', '') END AS unit, best, low, high,
    -- The number of the row itself, whatever its stat.
    printed_best, printed_low, printed_high,
    start_low, start_high, start_best, end_low, end_high, end_best, length_min, start_boundary, end_boundary,
    -- Before the case within a longer record: seen by trailing windows, not counted in its sums.
    coalesce(start_low >= span_start_min, true) AS is_counted,
    -- A later occurrence of a repeated dose with a low amount of 0, or no amount, may not have been given at all.
    occurrence = 1 OR coalesce(amount_low, 0) > 0 AS is_given,
    kind = 'infusion' AND length_min IS NOT NULL AND start_low < start_high AS is_rigid,
    is_sure AND held_by IS NULL AND best IS NOT NULL
        AND (kind <> 'infusion' OR length_min IS NOT NULL OR (start_best IS NOT NULL AND end_best IS NOT NULL)) AS sum_is_known,
    is_sure AND held_by IS NULL AND best IS NOT NULL AND start_best IS NOT NULL AND end_best IS NOT NULL AS place_is_known,
    high IS NOT NULL AS high_is_known,
    lacks_weight,
    CASE WHEN amount_status = 'not_printed' THEN [reason('amount_not_printed', [row_id])]
        WHEN amount_status = 'needs_weight' AND printed_low IS NULL AND printed_high IS NULL
            THEN [reason('per_kg_without_weight', [row_id])]
        WHEN amount_status = 'needs_unit' AND unit_reported IS NOT NULL THEN [reason('unit_not_of_drug', [row_id])]
        WHEN amount_status = 'needs_unit' THEN [reason('unit_not_printed', [row_id])]
        WHEN amount_status = 'implausible_weight' THEN [reason('per_kg_implausible_weight', [row_id])]
        WHEN amount_status = 'unreadable' THEN [reason('amount_unreadable', [row_id])]
        WHEN amount_status = 'disputed' AND best IS NULL THEN [reason('amount_disputed', [row_id])]
        WHEN lacks_weight THEN NULL
        WHEN best IS NULL AND NOT is_given THEN [reason('times_given_unsure', [row_id])]
        WHEN best IS NULL AND stat IS NOT NULL THEN [reason('printed_only_' || stat, [row_id])]
        WHEN best IS NULL AND is_per_kg <> is_printed_per_kg AND len(weight_row_ids) > 1
            THEN [reason('weight_in_force_unknown', [row_id]), reason('several_weights', weight_row_ids)]
        WHEN best IS NULL THEN [reason('bound_only', [row_id])] END AS amount_reasons,
    list_filter(held_by, lambda t: t <> row_id) AS held_by_others,
    reasons(list_concat(amount_reasons, [
        CASE WHEN NOT is_sure
            THEN reason(CASE WHEN substance = 'sc_ufh' THEN 'route_not_stated' ELSE 'route_or_purpose_not_stated' END, [row_id]) END,
        CASE WHEN len(held_by_others) > 0 THEN reason('may_be_part_of_total', [row_id]) END,
        CASE WHEN len(held_by_others) > 0 THEN reason('total_may_hold_others', held_by_others) END,
        CASE WHEN kind = 'infusion' AND length_min IS NULL AND (start_best IS NULL OR end_best IS NULL)
            THEN reason(CASE WHEN end_min < start_min THEN 'length_open_by_times' ELSE 'length_not_stated' END, [row_id]) END
    ])) AS sum_reasons,
    reasons([CASE WHEN (start_best IS NULL OR end_best IS NULL) AND (kind <> 'infusion' OR length_min IS NOT NULL)
        THEN reason('time_not_known', [row_id]) END]) AS place_reasons
FROM placed
