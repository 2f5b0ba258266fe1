-- title: Onset of each fall that may be the scored one
-- grain: one row per case, scope (record: the peak may lie before heparin; since heparin: only since) and peak
-- reads: platelet_peaks, platelet_fall_pairs, platelet_scopes
-- params: fall_onset_pct [%]
-- missing: an onset lies between two counts; where it is open which of several counts is the first below, between the
--   earliest and the latest of them
-- source: between the last count less than 30 % below its own peak and the first 30 % or more below it, on the way to the scored nadir; Lo GK et
--   al., J Thromb Haemost 2006;4:759-765
-- returns: view
WITH scored AS (
    SELECT case_id, scope, peak_id, bool_or(is_surely_fallen AND is_sure_nadir) AS has_fallen,
        bool_or(is_surely_fallen) AS has_episode, row_list(list(nadir_row)) AS nadir_rows
    FROM platelet_fall_pairs WHERE may_be_largest OR may_be_lowest GROUP BY ALL
), first_below AS (
    SELECT p.case_id, p.scope, p.count_id, c.count_id AS below_id, s.has_fallen, s.has_episode, s.nadir_rows, p.row_id AS peak_row,
        p.earliest AS peak_earliest, p.below_latest, coalesce(p.is_after_heparin, false) AS peak_is_after, p.is_unprinted,
        c.row_id AS below_row, c.latest, c.place_low, c.place_high, c.moment, c.is_before_heparin,
        p.below_by IS NOT NULL AND c.is_sure AND is_down_to(c.high, (1 - $fall_onset_pct / 100.0) * p.low)
            AND (c.place_low >= p.place_high OR surely_before(p.moment, c.moment)) AS is_below
    FROM scored s JOIN platelet_peaks p ON p.case_id = s.case_id AND p.scope = s.scope AND p.count_id = s.peak_id
    JOIN platelet_scopes c ON c.case_id = p.case_id AND c.scope = p.scope AND c.count_id <> p.count_id
    WHERE NOT c.is_unprinted AND is_down_to(c.low, (1 - $fall_onset_pct / 100.0) * p.high)
        AND (p.below_by IS NULL OR c.place_low < p.below_by OR (c.place_low = p.below_by AND c.place_high = p.below_by))
        AND NOT (c.place_high <= p.place_low OR surely_before(c.moment, p.moment))
), priors AS (
    SELECT f.case_id, f.scope, f.below_id, max(a.earliest) AS earliest, arg_max(a.row_id, {'earliest': a.earliest, 'row_id': a.row_id}) AS row_id,
        coalesce(bool_or(a.is_after_heparin), false) AS is_after
    FROM (SELECT DISTINCT case_id, scope, below_id, place_low, place_high, moment FROM first_below) f
    JOIN platelet_scopes a ON a.case_id = f.case_id AND a.scope = f.scope AND a.count_id <> f.below_id AND a.is_sure
        AND (a.place_high <= f.place_low OR (a.place_low < f.place_high AND surely_before(a.moment, f.moment)))
    GROUP BY ALL
)
SELECT f.case_id, f.scope, f.count_id AS peak_id, any_value(f.peak_row) AS peak_row, any_value(f.is_unprinted) AS is_unprinted,
    any_value(f.has_fallen) AS has_fallen, any_value(f.has_episode) AS has_episode, any_value(f.nadir_rows) AS nadir_rows,
    min(greatest(f.peak_earliest, a.earliest)) AS onset_low, least(any_value(f.below_latest), max(f.latest)) AS onset_high,
    coalesce(bool_or(f.is_below AND f.is_before_heparin), false) AS began_before,
    bool_and(f.peak_is_after OR coalesce(a.is_after, false)) AS began_after,
    row_list(list(f.below_row)) AS below_rows,
    row_list(list_concat(list(f.below_row), list(coalesce(a.row_id, f.peak_row)))) AS row_ids
FROM first_below f LEFT JOIN priors a ON a.case_id = f.case_id AND a.scope = f.scope AND a.below_id = f.below_id
GROUP BY f.case_id, f.scope, f.count_id
