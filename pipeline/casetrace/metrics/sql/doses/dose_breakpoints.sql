-- title: Breakpoints of the trailing 24-hour amount, dose by dose
-- grain: one row per case, substance, bound, dose row, occurrence and change
-- reads: dose_segments
-- params: none
-- missing: a dose without a place has no breakpoints
-- source: exact sweep over signed breakpoints; the window is (t - 24 h, t]. With jumps j and slopes m (per minute) at
--   breakpoints t_i, the amount in the window that ends at t is the sum over t_i <= t of j + m x (t - t_i). A dose at one
--   instant p adds j at p and takes it away at p + 24 h; a rate from p to q adds m at p, takes it away at q and does the
--   contrary 24 h later; a rate of known length with a start in [p, q] follows the largest (smallest) of all its places
-- returns: view
WITH placed AS (
    -- 1 440 min is the window.
    SELECT *, least(length_min, 1440) AS shorter_min, greatest(length_min, 1440) AS longer_min,
        0::DECIMAL(38, 12) AS none, 0::DECIMAL(38, 18) AS flat,
        (coalesce(rate, 0)::DOUBLE / 60)::DECIMAL(38, 18) AS per_min
    FROM dose_segments
    WHERE from_min IS NOT NULL AND until_min IS NOT NULL
), changes AS (
    SELECT *, unnest([
        {'t': from_min, 'at_phase': phase, 'jump': amount, 'slope': flat},
        {'t': until_min + 1440, 'at_phase': 1, 'jump': -amount, 'slope': flat}
    ], recursive := true)
    FROM placed
    WHERE shape = 'jump'
        AND (bound <> 'low' OR from_min < until_min + 1440 OR (phase = 0 AND from_min = until_min + 1440))
    UNION ALL
    SELECT *, unnest([
        {'t': from_min, 'at_phase': 1, 'jump': none, 'slope': per_min},
        {'t': until_min, 'at_phase': 1, 'jump': none, 'slope': -per_min},
        {'t': from_min + 1440, 'at_phase': 1, 'jump': none, 'slope': -per_min},
        {'t': until_min + 1440, 'at_phase': 1, 'jump': none, 'slope': per_min}
    ], recursive := true)
    FROM placed WHERE shape = 'segment'
    UNION ALL
    -- Known length, start in [from_min, until_min]: the largest over all starts.
    SELECT *, unnest([
        {'t': from_min, 'at_phase': 1, 'jump': none, 'slope': per_min},
        {'t': from_min + shorter_min, 'at_phase': 1, 'jump': none, 'slope': -per_min},
        {'t': until_min + longer_min, 'at_phase': 1, 'jump': none, 'slope': -per_min},
        {'t': until_min + longer_min + shorter_min, 'at_phase': 1, 'jump': none, 'slope': per_min}
    ], recursive := true)
    FROM placed WHERE shape = 'rigid' AND bound = 'high'
    UNION ALL
    -- The smallest over all starts: rises with the latest, falls with the earliest. Where rise and fall cross, its tip lies
    -- halfway, cut at whole minutes, which only lowers it.
    SELECT * EXCLUDE (full_at, falls_at, gone_at), unnest([
        {'t': until_min, 'at_phase': 1, 'jump': none, 'slope': per_min},
        {'t': full_at, 'at_phase': 1, 'jump': none, 'slope': -per_min},
        {'t': falls_at, 'at_phase': 1, 'jump': none, 'slope': -per_min},
        {'t': gone_at, 'at_phase': 1, 'jump': none, 'slope': per_min}
    ], recursive := true)
    FROM (
        SELECT *, from_min + longer_min + shorter_min AS gone_at,
            least(until_min + shorter_min, (until_min + from_min + longer_min + shorter_min) // 2) AS full_at,
            from_min + longer_min + shorter_min - (full_at - until_min) AS falls_at
        FROM placed WHERE shape = 'rigid' AND bound = 'low'
    ) WHERE until_min < gone_at
)
SELECT case_id, substance, bound, row_id, occurrence, kind, t, at_phase AS phase, jump, slope FROM changes
