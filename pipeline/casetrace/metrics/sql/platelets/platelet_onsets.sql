-- title: Onset of the platelet fall
-- grain: one row per case and scope (record: the peak may lie before heparin; since heparin: only since)
-- reads: lab_values, labs_vs_index
-- params: fall_onset_pct [%]
-- missing: a count without a number may be below, and may have been the peak, within its bounds
-- source: between the last count within 30 % of the running peak and the first below it; Lo GK et al., J Thromb Haemost
--   2006;4:759-765
-- returns: view
WITH counts AS (
    SELECT case_id, 'record' AS scope, row_id, moment, low, high, best, true AS is_sure, false AS is_before_heparin,
        true AS may_peak
    FROM lab_values WHERE analyte = 'platelets' AND is_single
    UNION ALL
    SELECT case_id, 'since heparin', row_id, moment, low, high, best, is_after, is_before, NOT is_before
    FROM labs_vs_index WHERE analyte = 'platelets' AND is_single AND starter = 'any heparin'
), history AS (
    SELECT j.case_id, j.scope, j.row_id, any_value(j.moment) AS moment, any_value(j.low) AS low, any_value(j.high) AS high,
        any_value(j.best) AS best,
        max(i.low) FILTER (i.is_sure AND surely_before(i.moment, j.moment)) AS sure_peak,
        max(coalesce(i.high, 'infinity'::DOUBLE)) FILTER (NOT surely_before(j.moment, i.moment)) AS possible_peak,
        max(i.moment.earliest) FILTER (i.is_sure AND surely_before(i.moment, j.moment)) AS prior_earliest,
        arg_max(i.row_id, i.moment.earliest) FILTER (i.is_sure AND surely_before(i.moment, j.moment)) AS prior_row,
        count(i.row_id) AS n_others
    FROM counts j
    LEFT JOIN counts i ON i.case_id = j.case_id AND i.scope = j.scope AND i.row_id <> j.row_id AND i.may_peak
    WHERE j.may_peak
    GROUP BY j.case_id, j.scope, j.row_id
), judged AS (
    SELECT *,
        coalesce(high < (1 - $fall_onset_pct / 100.0) * sure_peak, false) AS is_below,
        coalesce(low < (1 - $fall_onset_pct / 100.0) * possible_peak, false) AS may_be_below
    FROM history
), spans AS (
    SELECT *,
        min(moment.latest) FILTER (is_below) OVER per_scope AS onset_high
    FROM judged WINDOW per_scope AS (PARTITION BY case_id, scope)
)
SELECT case_id, scope,
    count(*) AS n_counts,
    bool_or(is_below) AS has_fallen, bool_or(may_be_below) AS may_have_fallen,
    any_value(onset_high) AS onset_high,
    CASE WHEN bool_and(prior_earliest IS NOT NULL) FILTER (may_be_below) THEN min(prior_earliest) FILTER (may_be_below) END
        AS onset_low,
    row_list(list_concat(
        list(row_id) FILTER (may_be_below AND (onset_high IS NULL OR moment.earliest <= onset_high)),
        list(prior_row) FILTER (may_be_below AND prior_row IS NOT NULL
            AND (onset_high IS NULL OR moment.earliest <= onset_high)))) AS row_ids,
    named(list(row_id) FILTER (is_below AND moment.earliest <= onset_high)) AS below_rows,
    list(row_id) FILTER (is_below) AS all_below,
    list(prior_row) FILTER (may_be_below AND prior_row IS NOT NULL) AS all_prior,
    coalesce(bool_and(prior_row IS NOT NULL) FILTER (may_be_below), false) AS all_have_prior
FROM spans GROUP BY case_id, scope
