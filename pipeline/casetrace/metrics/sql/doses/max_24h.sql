-- title: Largest amount in any 24 hours
-- grain: one row per case, substance and bound that exists
-- reads: trailing_amounts, exposure_doses, exposure_known, cases
-- params: none
-- missing: as in exposure_known; the low bound is never below the largest single sure dose
-- source: the supremum over all real times, left limits (side 0) included; the first window when several are equal
-- returns: view
WITH sides AS (
    SELECT case_id, substance, bound, t, phase, 0 AS side, before AS amount FROM trailing_amounts
    UNION ALL
    SELECT case_id, substance, bound, t, phase, 1, after FROM trailing_amounts
), swept AS (
    -- In a longer record the window ends within the case and may look back over its start.
    SELECT s.* FROM sides s JOIN cases c USING (case_id)
    WHERE c.span_start_min IS NULL
        OR ((s.t > c.span_start_min OR (s.t = c.span_start_min AND side = 1)) AND s.t <= c.span_end_min)
    QUALIFY row_number() OVER (PARTITION BY case_id, substance, bound ORDER BY amount DESC, t, phase, side) = 1
), single AS (
    -- What one sure dose alone puts into some 24 hours: a total over n windows puts at least an nth into one of them.
    SELECT case_id, substance, row_id, occurrence,
        whole_sum(CASE kind
            WHEN 'bolus' THEN low
            WHEN 'total' THEN (low::DOUBLE / greatest(1, ceil(coalesce(length_min, end_high - start_low) / 1440)))::DECIMAL(38, 12)
            ELSE over_minutes(low, least(length_min, 1440))
        END) AS amount
    FROM exposure_doses WHERE is_surely_added AND is_counted AND (kind <> 'infusion' OR is_rigid)
), largest_single AS (
    SELECT * FROM single WHERE amount > 0
    QUALIFY row_number() OVER (PARTITION BY case_id, substance ORDER BY amount DESC, row_id, occurrence) = 1
), known AS (
    SELECT case_id, substance, unnest([
        {'bound': 'low', 'exists': true}, {'bound': 'best', 'exists': best_is_placed},
        {'bound': 'high', 'exists': high_is_known}
    ], recursive := true) FROM exposure_known
)
SELECT k.case_id, k.substance, k.bound,
    coalesce(o.amount, greatest(w.amount, 0), 0)::DECIMAL(38, 6) AS amount,
    CASE WHEN o.amount IS NULL THEN w.t END AS t,
    CASE WHEN o.amount IS NULL THEN w.phase END AS phase,
    CASE WHEN o.amount IS NULL THEN w.side END AS side,
    o.row_id AS single_row_id, o.occurrence AS single_occurrence
FROM known k
LEFT JOIN swept w USING (case_id, substance, bound)
LEFT JOIN largest_single o ON k.bound = 'low' AND o.case_id = k.case_id AND o.substance = k.substance
    AND o.amount > coalesce(w.amount, 0)
WHERE k."exists"
