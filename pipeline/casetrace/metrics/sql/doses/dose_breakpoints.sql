-- title: Breakpoints of the trailing 24-hour amount, dose by dose
-- grain: one row per case, substance, bound, dose row, occurrence and change
-- reads: dose_segments
-- params: none
-- missing: a dose without a place has no breakpoints
-- source: exact sweep over signed breakpoints; the window is (t - 24 h, t]; all amounts times 60 so that rates per hour
--   and whole minutes stay exact decimals
-- returns: view
WITH placed AS (
    -- 1 440 min is the window.
    SELECT *, least(length_min, 1440) AS shorter_min, greatest(length_min, 1440) AS longer_min FROM dose_segments
    WHERE from_min IS NOT NULL AND until_min IS NOT NULL
), changes AS (
    SELECT *, unnest([
        {'t': from_min, 'at_phase': phase, 'jump': sum60, 'slope': 0::DECIMAL(38, 12)},
        {'t': until_min + 1440, 'at_phase': 1, 'jump': -sum60, 'slope': 0::DECIMAL(38, 12)}
    ], recursive := true)
    FROM placed WHERE shape = 'jump' AND (bound <> 'low' OR from_min < until_min + 1440 OR (phase = 0 AND from_min = until_min + 1440))
    UNION ALL
    SELECT *, unnest([
        {'t': from_min, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': rate},
        {'t': until_min, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': -rate},
        {'t': from_min + 1440, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': -rate},
        {'t': until_min + 1440, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': rate}
    ], recursive := true)
    FROM placed WHERE shape = 'segment'
    UNION ALL
    -- Known length, start in [from_min, until_min]: the largest over all starts.
    SELECT *, unnest([
        {'t': from_min, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': rate},
        {'t': from_min + shorter_min, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': -rate},
        {'t': until_min + longer_min, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': -rate},
        {'t': until_min + longer_min + shorter_min, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': rate}
    ], recursive := true)
    FROM placed WHERE shape = 'rigid' AND bound = 'high'
    UNION ALL
    -- The smallest over all starts: rises with the latest, falls with the earliest.
    SELECT *, unnest([
        {'t': until_min, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': rate},
        {'t': until_min + shorter_min, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': -rate},
        {'t': from_min + longer_min, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': -rate},
        {'t': from_min + longer_min + shorter_min, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': rate}
    ], recursive := true)
    FROM placed WHERE shape = 'rigid' AND bound = 'low' AND until_min + shorter_min <= from_min + longer_min
    UNION ALL
    -- Rise and fall cross: a tip halfway, cut at whole minutes, which only lowers it.
    SELECT *, unnest([
        {'t': until_min, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': rate},
        {'t': (from_min + until_min + longer_min + shorter_min) // 2, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': -rate},
        {'t': from_min + longer_min + shorter_min - ((from_min + until_min + longer_min + shorter_min) // 2 - until_min), 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': -rate},
        {'t': from_min + longer_min + shorter_min, 'at_phase': 1, 'jump': 0::DECIMAL(38, 6), 'slope': rate}
    ], recursive := true)
    FROM placed WHERE shape = 'rigid' AND bound = 'low' AND until_min + shorter_min > from_min + longer_min AND until_min < from_min + longer_min + shorter_min
)
SELECT case_id, substance, bound, row_id, occurrence, kind, t, at_phase AS phase, jump, slope FROM changes
