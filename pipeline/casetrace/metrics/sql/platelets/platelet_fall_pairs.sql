-- title: Falls from a peak to a later count of the same episode
-- grain: one row per case, scope, peak and count that may be in its episode
-- reads: platelet_peaks, platelet_scopes
-- params: fall_onset_pct [%], recovery_variation_pct [%]
-- missing: a count that is surely not the lowest of its episode is no nadir; a count belongs to the highest peak from which
--   it had surely fallen without a recovery; where that is open, to each peak that it may belong to
-- source: the scored fall is the largest relative fall to a count since heparin; where another episode may hold the lowest
--   count since heparin, that one too; without heparin every count of the record is asked
-- returns: view
WITH lower AS (
    -- The nearest counts since heparin that are surely lower: before and after each count.
    SELECT k.case_id, k.scope, k.count_id, any_value(k.place_low) AS place_low,
        max(s.place_low) FILTER (s.place_high <= k.place_low AND s.high <= k.low) AS lower_from,
        min(s.place_high) FILTER (s.place_low >= k.place_high AND s.high < k.low) AS lower_by
    FROM platelet_scopes k JOIN platelet_scopes s USING (case_id, scope)
    WHERE s.is_sure_nadir AND s.count_id <> k.count_id GROUP BY k.case_id, k.scope, k.count_id
), between AS (
    SELECT k.case_id, k.scope, k.count_id, any_value(k.lower_from) AS lower_from, any_value(k.lower_by) AS lower_by,
        max(l.high) FILTER (l.count_id <> k.count_id AND l.place_high > k.place_low AND l.place_low < k.lower_by
            AND NOT l.is_raised AND NOT l.is_unprinted) AS highest
    FROM lower k JOIN platelet_scopes l USING (case_id, scope) GROUP BY k.case_id, k.scope, k.count_id
), pairs AS (
    SELECT p.case_id, p.scope, p.count_id AS peak_id, k.count_id AS nadir_id, p.row_id AS peak_row, k.row_id AS nadir_row,
        p.low AS peak_low, p.best AS peak_best, p.high AS peak_high, k.low AS nadir_low, k.best AS nadir_best, k.high AS nadir_high,
        k.earliest AS nadir_earliest, k.latest AS nadir_latest, k.is_sure_nadir, p.is_unprinted,
        k.may_be_nadir AND NOT coalesce(b.lower_from >= p.place_high, false) AND NOT (b.lower_by IS NOT NULL
            AND coalesce(b.highest, 0) < (1 - $recovery_variation_pct / 100.0) * greatest(k.low, (1 - $fall_onset_pct / 100.0) * p.low))
            AS may_be_nadir, k.may_be_nadir AS is_in_scope,
        coalesce(k.is_before_heparin, false) AS is_before_heparin, coalesce(k.is_after_heparin, false) AS is_after_heparin,
        p.is_peak AND p.may_be_raised AS is_peak_unless_raised, p.raised_id,
        p.is_peak AND k.is_sure AND (k.place_low >= p.place_high OR surely_before(p.moment, k.moment))
            AND is_down_to(k.high, (1 - $fall_onset_pct / 100.0) * p.low)
            AND (k.place_high <= p.below_from
                OR k.high < (1 - $fall_onset_pct / 100.0) * (1 - $recovery_variation_pct / 100.0) * p.low) AS has_fallen,
        coalesce(k.place_high <= p.recovered_from, true) AS is_unrecovered,
        coalesce(k.place_high <= p.recovered_else, true) AS is_unrecovered_else
    FROM platelet_peaks p JOIN platelet_scopes k USING (case_id, scope)
    LEFT JOIN between b ON b.case_id = k.case_id AND b.scope = k.scope AND b.count_id = k.count_id
    WHERE k.count_id <> p.count_id AND NOT k.is_unprinted AND is_down_to(k.low, (1 - $fall_onset_pct / 100.0) * p.high)
        AND NOT (k.place_high <= p.place_low OR surely_before(k.moment, p.moment))
        AND coalesce(k.place_low < p.recovered_by, true)
), sized AS (
    SELECT * EXCLUDE (is_unrecovered, is_unrecovered_else, has_fallen),
        has_fallen AND is_unrecovered AND NOT is_peak_unless_raised AS is_sure,
        has_fallen AND is_unrecovered AND is_peak_unless_raised AS is_sure_unless_raised,
        has_fallen AND is_unrecovered_else AND NOT is_peak_unless_raised AS is_sure_if_raised,
        CASE WHEN peak_best > 0 THEN fall_of(peak_best, nadir_best) END AS pct_best,
        greatest(CASE WHEN peak_low > 0 AND isfinite(nadir_high) THEN fall_of(peak_low, nadir_high) ELSE 0 END,
            $fall_onset_pct)::DOUBLE AS pct_low,
        CASE WHEN isfinite(peak_high) THEN fall_of(peak_high, nadir_low) ELSE 100 END::DOUBLE AS pct_high
    FROM pairs
), sure AS (
    SELECT case_id, scope, nadir_id, is_sure_nadir, peak_low, pct_low FROM sized WHERE is_sure
    UNION ALL
    -- Either the count between was raised, and the earlier fall goes on, or it was not, and is a peak of its own.
    SELECT r.case_id, r.scope, r.nadir_id, r.is_sure_nadir, least(r.peak_low, u.peak_low), least(r.pct_low, u.pct_low)
    FROM sized r JOIN sized u ON u.case_id = r.case_id AND u.scope = r.scope AND u.nadir_id = r.nadir_id AND u.peak_id = r.raised_id
    WHERE r.is_sure_if_raised AND u.is_sure_unless_raised
), peaks AS (
    SELECT case_id, scope, nadir_id, max(peak_low) AS sure_peak FROM sure GROUP BY ALL
), largest AS (
    SELECT case_id, scope, max(pct_low) AS largest_pct FROM sure WHERE is_sure_nadir GROUP BY ALL
), lowest AS (
    SELECT case_id, scope, min(high) AS lowest_by FROM platelet_scopes WHERE is_sure_nadir GROUP BY ALL
)
SELECT s.* EXCLUDE (pct_low, is_sure_unless_raised, is_sure_if_raised, raised_id, is_peak_unless_raised), l.lowest_by, f.largest_pct,
    -- A peak of this count is at least as high as one that it has surely fallen from.
    greatest(s.pct_low, CASE WHEN h.sure_peak > 0 AND isfinite(s.nadir_high) THEN fall_of(h.sure_peak, s.nadir_high) END)
        AS pct_low,
    h.sure_peak IS NOT NULL AS is_surely_fallen, may_be_nadir AND pct_high >= coalesce(f.largest_pct, 0) AS may_be_largest,
    is_in_scope AND nadir_low <= coalesce(l.lowest_by, 'infinity'::DOUBLE) AS may_be_lowest
FROM sized s
LEFT JOIN peaks h ON h.case_id = s.case_id AND h.scope = s.scope AND h.nadir_id = s.nadir_id
LEFT JOIN largest f ON f.case_id = s.case_id AND f.scope = s.scope
LEFT JOIN lowest l ON l.case_id = s.case_id AND l.scope = s.scope
WHERE s.peak_high >= coalesce(h.sure_peak, 0)
