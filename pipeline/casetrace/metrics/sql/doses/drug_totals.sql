-- title: Totals and highest rates of the other drugs
-- grain: one row per case, drug and metric, for coded drugs with at least one printed amount
-- reads: exposure_doses, exposure_known, exposure_sums
-- params: none
-- missing: as in heparin_totals; amounts in two kinds of unit are not added
-- source: sum of boluses, rate x length and printed totals, whatever the route
-- returns: metrics
-- metric: drug_total | varies | Total of the drug, any route | stratum: drug
-- metric: drug_highest_rate | varies | Highest infusion rate of the drug | stratum: drug
WITH with_amount AS (
    SELECT case_id, substance FROM exposure_doses WHERE substance <> 'iv_ufh' AND unit IS NOT NULL
    GROUP BY ALL HAVING bool_or(amount IS NOT NULL OR amount_low > 0)
), totals AS (
    SELECT k.*, b.all60 AS best60, l.all60 AS low60, h.all60 AS high60,
        CASE WHEN NOT k.is_one_unit THEN 'amounts are printed in units that cannot be added' END AS mixed
    FROM exposure_known k
    SEMI JOIN with_amount w ON w.case_id = k.case_id AND w.substance = k.substance
    LEFT JOIN exposure_sums l ON l.case_id = k.case_id AND l.substance = k.substance AND l.bound = 'low'
    LEFT JOIN exposure_sums b ON b.case_id = k.case_id AND b.substance = k.substance AND b.bound = 'best'
    LEFT JOIN exposure_sums h ON h.case_id = k.case_id AND h.substance = k.substance AND h.bound = 'high'
), summed AS (
    SELECT *,
        CASE WHEN best_is_known AND is_one_unit THEN best60::DOUBLE / 60 END AS value,
        CASE WHEN is_one_unit THEN greatest(coalesce(low60, 0), 0)::DOUBLE / 60 END AS low,
        CASE WHEN high_is_known AND is_one_unit THEN high60::DOUBLE / 60 END AS high
    FROM totals
), rates AS (
    SELECT r.case_id, r.substance, any_value(t.unit) || '/h' AS unit, bool_and(t.is_one_unit) AS is_one_unit,
        CASE WHEN bool_and(coalesce(r.stat, '') IN ('', 'max', 'range') AND r.amount_high IS NOT NULL
            AND (r.amount IS NOT NULL OR r.stat = 'range'))
            THEN max(CASE WHEN r.stat = 'range' THEN r.amount_high ELSE r.amount END) END::DOUBLE AS value,
        max(CASE WHEN r.stat IN ('max', 'range') THEN r.amount_high
            WHEN r.stat IS NULL THEN r.amount_low ELSE coalesce(r.amount, r.amount_low) END)::DOUBLE AS low,
        CASE WHEN bool_and(coalesce(r.stat, '') IN ('', 'max', 'range') AND r.amount_high IS NOT NULL)
            THEN max(r.amount_high) END::DOUBLE AS high,
        sentence(list_sort(list_distinct(list(CASE WHEN r.amount IS NULL THEN r.amount_gap
            WHEN r.stat IS NOT NULL THEN r.row_id || ' is printed as ' || r.stat END)))) AS gap,
        row_list(list_concat(list(r.row_id), list(r.weight_row_id))) AS row_ids
    FROM exposure_doses r JOIN totals t ON t.case_id = r.case_id AND t.substance = r.substance
    WHERE r.kind = 'infusion' AND r.is_counted GROUP BY ALL
)
SELECT case_id, 'drug_total' AS metric, substance AS stratum, value, low, high, unit, status_of(n_rows, value) AS status,
    sentence([sum_gap, mixed]) AS reason, row_ids
FROM summed
UNION ALL
SELECT case_id, 'drug_highest_rate', substance, CASE WHEN is_one_unit THEN value END,
    CASE WHEN is_one_unit THEN low END, CASE WHEN is_one_unit THEN high END, unit,
    status_of(1, CASE WHEN is_one_unit THEN value END),
    sentence([gap, CASE WHEN NOT is_one_unit THEN 'rates are printed in units that cannot be compared' END]), row_ids
FROM rates
