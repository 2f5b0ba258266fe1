-- title: Each dose placed where it counts most, best and least
-- grain: one row per case, substance, bound (low, best, high), dose row and occurrence
-- reads: exposure_doses
-- params: none
-- missing: a row that cannot be placed for a bound has no row for it; exposure_known says which bounds exist
-- source: a trailing total is the sum over boundaries B of (rate after - rate before) x clamp(t - B, 0, 24 h), so each
--   boundary is bounded by itself, also where two uncertain boundaries cross; abutting rates share one boundary, which
--   for the high bound lies where the larger rate gains and for the low bound where it loses
-- returns: view
WITH segments AS (
    -- Infusions whose two boundaries may move apart. A row that may not have run at all gives nothing to the low bound.
    SELECT *,
        CASE WHEN is_surely_added AND end_is_stated
                AND (start_high < end_low OR start_is_shared OR end_is_shared) THEN low ELSE 0 END AS rate_low,
        coalesce(high, 0) AS rate_high
    FROM (
        SELECT *,
            start_boundary IN (SELECT end_boundary FROM exposure_doses o WHERE o.kind = 'infusion' AND NOT o.is_rigid
                AND o.case_id = d.case_id AND o.substance = d.substance) AS start_is_shared,
            end_boundary IN (SELECT start_boundary FROM exposure_doses o WHERE o.kind = 'infusion' AND NOT o.is_rigid
                AND o.case_id = d.case_id AND o.substance = d.substance) AS end_is_shared
        FROM exposure_doses d WHERE kind = 'infusion' AND NOT is_rigid
    )
), edges AS (
    SELECT case_id, substance, start_boundary AS boundary, start_low AS earliest, start_high AS latest, start_best AS best,
        rate_low AS step_low, rate_high AS step_high FROM segments
    UNION ALL
    SELECT case_id, substance, end_boundary, end_low, end_high, end_best, -rate_low, -rate_high FROM segments
), spans AS (
    -- One instant under one name: it lies in every span given for it.
    SELECT case_id, substance, boundary,
        CASE WHEN max(earliest) <= min(latest) THEN max(earliest) ELSE min(earliest) END AS earliest,
        CASE WHEN max(earliest) <= min(latest) THEN min(latest) ELSE max(latest) END AS latest,
        min(best) AS best, sum(step_low) AS step_low, sum(step_high) AS step_high
    FROM edges GROUP BY ALL
), boundaries AS (
    SELECT case_id, substance, boundary,
        CASE WHEN step_low >= 0 THEN latest ELSE earliest END AS low,
        greatest(earliest, least(latest, best)) AS best,
        CASE WHEN step_high >= 0 THEN earliest ELSE latest END AS high
    FROM spans
), ran AS (
    SELECT g.*, unnest([
        {'bound': 'low', 'from_min': b.low, 'until_min': e.low, 'rate': g.rate_low},
        {'bound': 'best', 'from_min': b.best, 'until_min': e.best, 'rate': g.best},
        {'bound': 'high', 'from_min': b.high, 'until_min': e.high, 'rate': g.rate_high}
    ], recursive := true)
    FROM segments g
    JOIN boundaries b ON b.case_id = g.case_id AND b.substance = g.substance AND b.boundary = g.start_boundary
    JOIN boundaries e ON e.case_id = g.case_id AND e.substance = g.substance AND e.boundary = g.end_boundary
)
-- from_min: where it starts to count; until_min: from where on, 24 h later, it no longer counts; amount: what it adds to a
-- total (rate x length); rate: per hour.
SELECT case_id, substance, bound, row_id, occurrence, kind, 'segment' AS shape, from_min, until_min, NULL::BIGINT AS length_min,
    1 AS phase, rate::DECIMAL(38, 12) AS rate, over_minutes(rate, until_min - from_min) AS amount, is_counted
FROM ran WHERE bound <> 'best' OR (place_is_known AND until_min >= from_min)
UNION ALL
-- Infusions of known length in an unknown place keep their length.
SELECT case_id, substance, bound, row_id, occurrence, kind, CASE WHEN bound = 'best' THEN 'segment' ELSE 'rigid' END,
    CASE WHEN bound = 'best' THEN start_best ELSE start_low END,
    CASE WHEN bound = 'best' THEN start_best + length_min ELSE start_high END,
    length_min, 1, given::DECIMAL(38, 12), over_minutes(given, length_min), is_counted
FROM (
    SELECT *, unnest([
        {'bound': 'low', 'given': CASE WHEN is_surely_added THEN low END},
        {'bound': 'best', 'given': CASE WHEN sum_is_known THEN best END},
        {'bound': 'high', 'given': high}
    ], recursive := true)
    FROM exposure_doses WHERE is_rigid
) WHERE given IS NOT NULL
UNION ALL
-- Boluses, and totals over a span: for the high bound all at once anywhere in the span, for the low bound only once the
-- span is over (phase 0: before what expires at that instant), at best spread evenly (rate = amount / length).
SELECT case_id, substance, bound, row_id, occurrence, kind,
    CASE WHEN kind = 'total' AND bound = 'best' AND until_min > from_min THEN 'segment' ELSE 'jump' END,
    from_min, until_min, NULL, CASE WHEN kind = 'total' AND bound = 'low' THEN 0 ELSE 1 END,
    CASE WHEN kind = 'total' AND bound = 'best' AND until_min > from_min
        THEN (given::DOUBLE * 60 / (until_min - from_min))::DECIMAL(38, 12) END,
    given::DECIMAL(38, 12), is_counted
FROM (
    SELECT *, unnest([
        {'bound': 'low', 'from_min': CASE WHEN kind = 'total' THEN end_high ELSE start_high END, 'until_min': start_low,
            'given': CASE WHEN is_surely_added THEN low END},
        {'bound': 'best', 'from_min': start_best, 'until_min': end_best, 'given': CASE WHEN sum_is_known THEN best END},
        {'bound': 'high', 'from_min': start_low, 'until_min': end_high, 'given': high}
    ], recursive := true)
    FROM exposure_doses WHERE kind IN ('bolus', 'total')
) WHERE given IS NOT NULL
