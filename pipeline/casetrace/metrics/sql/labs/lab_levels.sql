-- title: Printed results of the analytes that metrics use, means included, as levels with bounds
-- grain: one row per case and laboratory row that says something of a level
-- reads: labs, cases, time_anchors, stated_order
-- params: recovery_10e9_l [10*9/L]
-- missing: a result without a number (a word, a one-sided value, not printed) has bounds and no best value; a mean or a
--   median stands for several results (is_mean); a rise or a fall is no result and is left out; the span of many values has no
--   best value, and its ends are the lowest and the highest of them; a result that was not done is left out. A platelet count called normal or high is at least the lower reference limit.
-- source: pipeline/schemas/canonical.py
-- returns: view
WITH kept AS (
    SELECT *, coalesce(stat, '') NOT IN ('range', 'mean', 'median') AS is_single, coalesce(stat, '') IN ('mean', 'median') AS is_mean
    FROM labs
    WHERE analyte IN ('platelets', 'hemoglobin', 'antithrombin_activity', 'aptt', 'anti_xa_ufh', 'act')
        AND value_kind <> 'not_done'
        AND (stat IS NULL OR stat IN ('initial', 'min', 'max', 'range', 'mean', 'median'))
), bounded AS (
    SELECT *,
        CASE WHEN (is_single OR is_mean) AND value_kind IN ('number', 'approximate', 'range') THEN value END AS best,
        coalesce(
            value_low,
            CASE WHEN analyte = 'platelets' AND value_word IN ('normal', 'high') THEN $recovery_10e9_l::DOUBLE END,
            0.0
        ) AS low
    FROM kept
)
SELECT
    b.case_id, b.row_id, b.analyte, b.unit, b.stat, b.is_single, b.is_mean, b.is_implausible, b.value_word, b.value_kind,
    b.best, least(b.low, b.best) AS low, b.low_is_strict,
    -- The ends of a span are its lowest and highest result.
    CASE WHEN b.stat = 'range' AND b.value_kind = 'range' THEN b.value_low END AS span_low,
    CASE WHEN b.stat = 'range' AND b.value_kind = 'range' THEN b.value_high END AS span_high,
    CASE WHEN b.value_high IS NOT NULL THEN greatest(b.value_high, b.best)
        WHEN b.value_kind = 'number' THEN b.best END AS high,
    b.high_is_strict, b.ref_low, b.ref_high,
    -- Results before the case within a longer record serve as baselines and are not counted.
    coalesce(b.time_latest_min >= c.span_start_min, true) AS is_counted,
    b.time_min, b.time_earliest_min AS earliest, b.time_latest_min AS latest, b.day,
    instant(
        b.row_id,
        CASE WHEN a.name IS NOT NULL THEN a.name ELSE b.row_id END,
        b.time_earliest_min, b.time_latest_min,
        CASE WHEN a.name IS NOT NULL THEN least(b.offset_min, b.time_earliest_min - a.earliest) ELSE 0 END,
        CASE WHEN a.name IS NOT NULL THEN greatest(b.offset_min, b.time_latest_min - a.latest) ELSE 0 END,
        coalesce(b."order", CASE WHEN b.offset_min = 0 THEN a.step END),
        f.earlier
    ) AS moment
FROM bounded b
JOIN cases c USING (case_id)
LEFT JOIN stated_order f ON f.case_id = b.case_id AND f.name = b.row_id
LEFT JOIN time_anchors a ON a.case_id = b.case_id AND a.name = b.anchor AND b.offset_min IS NOT NULL
