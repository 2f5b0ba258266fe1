-- title: Highest infusion rate of each substance
-- grain: one row per case and substance with an infusion or a total over a span
-- reads: exposure_doses, exposure_known
-- params: none
-- missing: a rate that is not printed, a route or purpose that is not stated, or a total printed without a rate leaves the
--   highest rate open above; equal bounds are the value
-- source: rates as printed; an initial, mean or lowest rate bounds the highest one from below. Infusions that surely run at
--   one time (two pumps) add up at the start of each
-- returns: view
WITH rates AS (
    SELECT case_id, substance, row_id, occurrence, weight_row_ids, kind, is_sure, stat, amount_status, amount_reasons, lacks_weight,
        start_low, start_high, start_best, end_low, end_high, end_best,
        CASE WHEN stat IS NULL OR stat = 'max' THEN printed_best WHEN stat = 'range' THEN printed_high END AS best,
        CASE WHEN stat IN ('range', 'max') THEN printed_high WHEN stat IS NULL THEN printed_low
            ELSE coalesce(printed_best, printed_low) END AS low,
        CASE WHEN stat IS NULL OR stat IN ('range', 'max') THEN printed_high END AS high
    FROM exposure_doses WHERE kind <> 'bolus' AND is_counted
), concurrent AS (
    SELECT a.case_id, a.substance, a.row_id, a.occurrence,
        sum(b.best) FILTER (b.start_best <= a.start_best AND a.start_best < b.end_best) AS best,
        sum(b.low) FILTER (b.is_sure AND b.start_high <= a.start_low AND a.start_high < b.end_low) AS low,
        sum(b.high) FILTER (b.start_low <= a.start_high AND a.start_low < b.end_high) AS high
    FROM rates a JOIN rates b ON b.case_id = a.case_id AND b.substance = a.substance
        AND (b.row_id <> a.row_id OR b.occurrence <> a.occurrence) AND a.start_high < b.end_low AND b.start_high < a.end_low
    WHERE a.kind = 'infusion' AND b.kind = 'infusion'
    GROUP BY ALL
), per_case AS (
    SELECT r.case_id, r.substance, count(*) AS n_rows, bool_or(kind = 'infusion') AS has_infusion,
        CASE WHEN bool_and(kind = 'infusion' AND is_sure AND r.best IS NOT NULL) THEN max(r.best + coalesce(c.best, 0)) END AS best_rate,
        max(r.low + coalesce(c.low, 0)) FILTER (kind = 'infusion' AND is_sure) AS low,
        CASE WHEN bool_and(kind = 'infusion' AND r.high IS NOT NULL) THEN max(r.high + coalesce(c.high, 0)) END AS high,
        reasons(flatten(list(CASE
            WHEN kind = 'total' THEN [reason(CASE WHEN amount_status = 'not_printed' THEN 'neither_amount_nor_rate'
                ELSE 'only_total_printed' END, [row_id])]
            WHEN NOT is_sure THEN [reason('route_or_purpose_not_stated', [row_id])]
            WHEN amount_reasons IS NOT NULL AND r.best IS NULL THEN amount_reasons
            WHEN lacks_weight THEN [reason('rate_per_kg_unknown', [row_id])]
            WHEN r.best IS NULL THEN [reason('printed_only_' || stat, [row_id])] END))) AS open,
        row_list(flatten(list(list_prepend(row_id, weight_row_ids)))) AS row_ids
    FROM rates r LEFT JOIN concurrent c USING (case_id, substance, row_id, occurrence) GROUP BY r.case_id, r.substance
)
SELECT p.case_id, p.substance, p.n_rows, p.has_infusion,
    CASE WHEN k.is_one_unit THEN coalesce(best_rate, CASE WHEN low = high THEN low END) END AS best,
    CASE WHEN k.is_one_unit THEN low END AS low, CASE WHEN k.is_one_unit THEN high END AS high,
    reasons(list_concat(CASE WHEN NOT coalesce(low = high, false) THEN open END,
        [CASE WHEN NOT k.is_one_unit THEN reason('units_not_comparable') END])) AS open, p.row_ids
FROM per_case p JOIN exposure_known k USING (case_id, substance)
