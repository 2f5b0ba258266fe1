-- title: Every episode of a platelet fall
-- grain: one row per case and peak that a fall of more than the limit may start from
-- reads: platelet_fall_pairs, platelet_peaks, platelet_scopes, platelet_counts, heparin_exposures
-- params: fall_onset_pct [%]
-- missing: an episode that times or values leave open is possible, not certain; a recovery has an interval, and none where no
--   count is back at 70 % of the peak
-- source: an episode runs from a peak to its nadir and ends when a count is back at 70 % of the peak, or with the record. The
--   scored one is the largest relative fall to a count since heparin; where another may hold the lowest count, both are
-- returns: series:platelet_episodes
WITH nadirs AS (
    SELECT case_id, peak_id, any_value(peak_row) AS peak_row, any_value(peak_best) AS peak_best, any_value(peak_low) AS peak_low,
        any_value(peak_high) AS peak_high, bool_or(is_sure) AS is_certain,
        min(nadir_low) AS nadir_low, least(min(nadir_high) FILTER (is_sure), max(nadir_high)) AS nadir_high,
        max(pct_high) AS pct_high, CASE WHEN bool_or(is_sure) THEN max(pct_low) FILTER (is_sure) ELSE min(pct_low) END AS pct_low,
        bool_or(is_in_scope) AS may_be_nadir, bool_or(is_sure AND is_sure_nadir) AS is_sure_nadir,
        coalesce(bool_or(may_be_largest), false) AS may_be_largest, coalesce(bool_or(may_be_lowest), false) AS may_be_lowest,
        any_value(largest_pct) AS largest_pct
    FROM platelet_fall_pairs WHERE scope = 'record' GROUP BY ALL
), nadir_rows AS (
    SELECT f.case_id, f.peak_id, row_list(list(f.nadir_row) FILTER (f.nadir_low <= n.nadir_high)) AS nadir_rows,
        min(f.nadir_earliest) FILTER (f.nadir_low <= n.nadir_high) AS nadir_earliest,
        max(f.nadir_latest) FILTER (f.nadir_low <= n.nadir_high) AS nadir_latest
    FROM platelet_fall_pairs f JOIN nadirs n USING (case_id, peak_id) WHERE f.scope = 'record' GROUP BY ALL
), first_below AS (
    SELECT p.case_id, p.count_id AS peak_id, c.count_id AS below_id, c.row_id AS below_row, c.latest, c.place_low, c.place_high, c.moment
    FROM platelet_peaks p JOIN nadirs n ON n.case_id = p.case_id AND n.peak_id = p.count_id
    JOIN platelet_scopes c ON c.case_id = p.case_id AND c.scope = p.scope AND c.count_id <> p.count_id
    WHERE p.scope = 'record' AND NOT c.is_unprinted AND is_down_to(c.low, (1 - $fall_onset_pct / 100.0) * p.high)
       
        AND (p.below_by IS NULL OR c.place_low < p.below_by OR (c.place_low = p.below_by AND c.place_high = p.below_by)) AND NOT (c.place_high <= p.place_low OR surely_before(c.moment, p.moment))
), priors AS (
    SELECT f.case_id, f.peak_id, f.below_id, max(a.earliest) AS earliest, arg_max(a.row_id, {'earliest': a.earliest, 'row_id': a.row_id}) AS row_id
    FROM first_below f JOIN platelet_counts a ON a.case_id = f.case_id AND a.count_id <> f.below_id
        AND (a.place_high <= f.place_low OR (a.place_low < f.place_high AND surely_before(a.moment, f.moment)))
    GROUP BY ALL
), onsets AS (
    SELECT f.case_id, f.peak_id, min(greatest(p.earliest, a.earliest)) AS onset_low,
        least(any_value(p.below_latest), max(f.latest)) AS onset_high, row_list(list_concat(list(f.below_row), list(a.row_id))) AS row_ids
    FROM first_below f JOIN platelet_peaks p ON p.case_id = f.case_id AND p.count_id = f.peak_id AND p.scope = 'record'
    LEFT JOIN priors a ON a.case_id = f.case_id AND a.peak_id = f.peak_id AND a.below_id = f.below_id
    GROUP BY f.case_id, f.peak_id
), falls AS (
    SELECT n.*, w.* EXCLUDE (case_id, peak_id), p.earliest AS peak_earliest, p.latest AS peak_latest, p.is_unprinted,
        p.recovered_by, p.recovered_from, p.recovery_earliest, p.recovery_latest, p.recovery_rows, o.onset_low, o.onset_high,
        row_list(list_concat(CASE WHEN p.is_unprinted THEN [] ELSE [n.peak_row] END, w.nadir_rows, o.row_ids, p.recovery_rows)) AS row_ids,
        EXISTS (FROM heparin_exposures e WHERE e.case_id = n.case_id) AS has_heparin,
        count(*) FILTER (may_be_largest OR may_be_lowest) OVER (PARTITION BY n.case_id) AS n_scored
    FROM nadirs n JOIN nadir_rows w ON w.case_id = n.case_id AND w.peak_id = n.peak_id
    JOIN platelet_peaks p ON p.case_id = n.case_id AND p.count_id = n.peak_id AND p.scope = 'record'
    JOIN onsets o ON o.case_id = n.case_id AND o.peak_id = n.peak_id
)
SELECT case_id, row_number() OVER (PARTITION BY case_id ORDER BY onset_low, onset_high, peak_earliest, peak_id)::INTEGER AS episode,
    CASE WHEN NOT is_unprinted THEN peak_row END AS peak_row, CASE WHEN peak_low = peak_high THEN peak_low ELSE peak_best END AS peak,
    peak_low, CASE WHEN isfinite(peak_high) THEN peak_high END AS peak_high, peak_earliest AS peak_earliest_min,
    peak_latest AS peak_latest_min, onset_low AS onset_earliest_min, onset_high AS onset_latest_min,
    CASE WHEN nadir_low = nadir_high THEN nadir_low END AS nadir, nadir_low, CASE WHEN isfinite(nadir_high) THEN nadir_high END AS nadir_high,
    nadir_earliest AS nadir_earliest_min, nadir_latest AS nadir_latest_min,
    CASE WHEN pct_low = pct_high THEN pct_low END AS fall_pct, pct_low AS fall_low_pct, pct_high AS fall_high_pct,
    CASE WHEN recovered_from IS NULL THEN 'no' WHEN recovered_by IS NULL THEN 'open' ELSE 'yes' END AS recovered,
    recovery_earliest AS recovery_earliest_min, recovery_latest AS recovery_latest_min,
    is_certain AND NOT is_unprinted AS is_certain,
    CASE WHEN NOT has_heparin OR NOT (may_be_largest OR may_be_lowest) THEN 'no'
        WHEN n_scored = 1 AND is_sure_nadir THEN 'yes' ELSE 'possible' END AS scored,
    CASE WHEN NOT has_heparin THEN [reason('not_in_record', term := 'heparin')]
        WHEN NOT may_be_nadir THEN [reason('no_count_after_heparin')]
        WHEN may_be_largest AND may_be_lowest THEN [reason('largest_to_lowest')]
        WHEN may_be_largest THEN [reason('another_may_be_lowest'), reason('largest_fall')]
        WHEN may_be_lowest THEN [reason('another_is_larger'), reason('may_be_lowest')]
        ELSE [reason('another_since_heparin_is_larger')] END AS reasons,
    row_ids
FROM falls ORDER BY case_id, episode
