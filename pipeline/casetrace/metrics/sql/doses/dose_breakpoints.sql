-- title: Breakpoints of the trailing 24-hour amount, dose by dose
-- grain: one row per case, substance, bound, dose row, occurrence and change
-- reads: dose_segments
-- params: none
-- missing: a dose without a place has no breakpoints
-- source: exact sweep over signed breakpoints; the window is (t - 24 h, t]; all amounts times 60 so that rates per hour
--   and whole minutes stay exact decimals
-- returns: view
WITH placed AS (
    -- 1 440 min is the window; d and w are the shorter and the longer of length and window.
    SELECT *, least(length_min, 1440) AS d, greatest(length_min, 1440) AS w FROM dose_segments
    WHERE p IS NOT NULL AND q IS NOT NULL
), changes AS (
    SELECT *, unnest([
        {'t': p, 'at_phase': phase, 'jump': sum60, 'slope': 0::DECIMAL(38, 12)},
        {'t': q + 1440, 'at_phase': 1, 'jump': -sum60, 'slope': 0::DECIMAL(38, 12)}
    ], recursive := true)
    FROM placed WHERE shape = 'jump' AND (bound <> 'low' OR p < q + 1440 OR (phase = 0 AND p = q + 1440))
    UNION ALL
    SELECT *, unnest([
        {'t': p, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': rate},
        {'t': q, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': -rate},
        {'t': p + 1440, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': -rate},
        {'t': q + 1440, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': rate}
    ], recursive := true)
    FROM placed WHERE shape = 'segment'
    UNION ALL
    -- Known length, start in [p, q]: the largest over all starts.
    SELECT *, unnest([
        {'t': p, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': rate},
        {'t': p + d, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': -rate},
        {'t': q + w, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': -rate},
        {'t': q + w + d, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': rate}
    ], recursive := true)
    FROM placed WHERE shape = 'rigid' AND bound = 'high'
    UNION ALL
    -- The smallest over all starts: rises with the latest, falls with the earliest.
    SELECT *, unnest([
        {'t': q, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': rate},
        {'t': q + d, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': -rate},
        {'t': p + w, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': -rate},
        {'t': p + w + d, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': rate}
    ], recursive := true)
    FROM placed WHERE shape = 'rigid' AND bound = 'low' AND q + d <= p + w
    UNION ALL
    -- Rise and fall cross: a tip halfway, cut at whole minutes, which only lowers it.
    SELECT *, unnest([
        {'t': q, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': rate},
        {'t': (p + q + w + d) // 2, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': -rate},
        {'t': p + w + d - ((p + q + w + d) // 2 - q), 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': -rate},
        {'t': p + w + d, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': rate}
    ], recursive := true)
    FROM placed WHERE shape = 'rigid' AND bound = 'low' AND q + d > p + w AND q < p + w + d
)
SELECT case_id, substance, bound, row_id, occurrence, kind, t, at_phase AS phase, jump, slope FROM changes
