-- title: Totals of each substance, in all and by kind of dose
-- grain: one row per case, substance and part (all, bolus, infusion)
-- reads: dose_segments, exposure_known
-- params: none
-- missing: sums run over the rows that have the bound; the print of a total over a span does not tell how much of it was
--   bolus, so that it counts in the high bound of both parts and there is no best value for either; without an upper limit
--   there is no best value of a part; amounts in two kinds of unit are not added. Equal bounds are the value
-- source: docs/case-folder.md
-- returns: view
WITH parts AS (
    SELECT s.case_id, s.substance, p.part, s.bound, whole_sum(coalesce(sum(s.amount) FILTER (p.part IN ('all', s.kind)), 0)) AS amount,
        whole_sum(coalesce(sum(s.amount) FILTER (p.part <> 'all' AND s.kind = 'total'), 0)) AS undivided
    FROM dose_segments s CROSS JOIN (VALUES ('all'), ('bolus'), ('infusion')) p(part)
    WHERE s.is_counted GROUP BY s.case_id, s.substance, p.part, s.bound
), sides AS (
    SELECT case_id, substance, part, sum(amount) FILTER (bound = 'low') AS low_sum, sum(amount) FILTER (bound = 'best') AS best_sum,
        sum(amount + undivided) FILTER (bound = 'high') AS high_sum, coalesce(sum(undivided) FILTER (bound = 'high'), 0) > 0 AS is_undivided
    FROM parts GROUP BY ALL
), known AS (
    SELECT case_id, substance, n_rows, unit, is_one_unit, lacks_weight, unnest([
        {'part': 'all', 'best_is_known': best_is_known, 'high_is_known': high_is_known, 'open': sum_reasons, 'row_ids': row_ids},
        {'part': 'bolus', 'best_is_known': bolus_is_known AND bolus_high_is_known, 'high_is_known': bolus_high_is_known,
            'open': bolus_reasons, 'row_ids': bolus_rows},
        {'part': 'infusion', 'best_is_known': infusion_is_known AND infusion_high_is_known,
            'high_is_known': infusion_high_is_known, 'open': infusion_reasons, 'row_ids': infusion_rows}
    ], recursive := true) FROM exposure_known
), bounded AS (
    SELECT k.*, coalesce(s.is_undivided, false) AS is_undivided,
        CASE WHEN k.is_one_unit AND (s.low_sum > 0 OR NOT k.lacks_weight) THEN greatest(coalesce(s.low_sum, 0), 0) END::DECIMAL(38, 6) AS low,
        CASE WHEN k.is_one_unit AND k.best_is_known AND NOT coalesce(s.is_undivided, false) THEN coalesce(s.best_sum, 0) END::DECIMAL(38, 6)
            AS best_sum,
        CASE WHEN k.is_one_unit AND k.high_is_known THEN coalesce(s.high_sum, 0) END::DECIMAL(38, 6) AS high
    FROM known k LEFT JOIN sides s USING (case_id, substance, part)
)
SELECT case_id, substance, part, coalesce(best_sum, CASE WHEN low = high THEN low END) AS best, low, high, unit, is_one_unit, n_rows, row_ids,
    -- The bound whose doses make up the best value.
    CASE WHEN best_sum IS NOT NULL THEN 'best' WHEN low = high THEN 'low' END AS best_bound,
    reasons(list_concat(CASE WHEN NOT coalesce(low = high, false) THEN open END, [
        CASE WHEN lacks_weight THEN reason('no_weight_printed') END,
        CASE WHEN NOT is_one_unit THEN reason('units_not_addable') END,
        CASE WHEN is_undivided THEN reason('total_undivided') END])) AS open
FROM bounded
