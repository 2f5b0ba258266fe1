-- title: Transfused products
-- grain: one row per case and product
-- reads: given_doses, cases
-- params: none
-- missing: a transfusion without a printed amount takes the best value and the high bound away
-- source: sum of the printed amounts; units of different products are not added
-- returns: metrics
-- metric: transfused_units | varies | Transfused, by product | stratum: product
WITH given AS (
    SELECT case_id, drug, row_id, amount, amount_low, amount_high, coalesce(regexp_replace(unit, '/h$', ''), '{unit}') AS unit,
        kind = 'infusion' AS is_rate, stat
    FROM given_doses JOIN cases c USING (case_id)
    WHERE (kind = 'transfusion' OR drug_class = 'blood product') AND coalesce(start_earliest_min >= c.span_start_min, true)
), summed AS (
    SELECT case_id, drug, count(*) AS n_rows, min(unit) AS unit, count(DISTINCT unit) = 1 AND NOT bool_or(is_rate) AS is_one_unit,
        CASE WHEN bool_and(amount IS NOT NULL AND stat IS NULL) THEN sum(amount) END AS best_sum,
        sum(coalesce(CASE WHEN stat IS NULL OR stat IN ('range', 'min') THEN amount_low END, 0)) AS low,
        CASE WHEN bool_and(amount_high IS NOT NULL AND coalesce(stat, '') IN ('', 'range', 'max'))
            THEN sum(amount_high) END AS high,
        row_list(list(row_id) FILTER (amount IS NULL OR stat IS NOT NULL)) AS unknown_rows, row_list(list(row_id)) AS row_ids
    FROM given GROUP BY ALL
), bounded AS (
    SELECT *, coalesce(best_sum, CASE WHEN low = high THEN low END) AS best FROM summed
)
SELECT case_id, 'transfused_units' AS metric, drug AS stratum, CASE WHEN is_one_unit THEN best END AS value,
    CASE WHEN is_one_unit THEN low END AS low, CASE WHEN is_one_unit THEN high END AS high, unit,
    status_of(n_rows, CASE WHEN is_one_unit THEN best END) AS status,
    reasons([CASE WHEN len(unknown_rows) > 0 AND NOT coalesce(low = high, false) THEN reason('amount_not_one_number', unknown_rows) END,
        CASE WHEN NOT is_one_unit THEN reason('units_not_addable') END]) AS reasons,
    row_ids
FROM bounded
