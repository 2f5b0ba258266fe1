-- title: Counts that may be the peak of a fall, with the first count below it and the recovery
-- grain: one row per case, scope and count that a later count may lie below by more than the limit
-- reads: platelet_scopes
-- params: fall_onset_pct [%], recovery_variation_pct [%]
-- missing: every comparison that times or values leave open is kept as possible
-- source: an episode begins with the first count 30 % or more below its peak and ends when a count is back at 70 % of the
--   peak; a count near that line within the analytical variation leaves open whether it ended
-- returns: view
WITH pairs AS (
    SELECT p.case_id, p.scope, p.count_id, c.count_id AS other_id, c.latest, c.place_low, c.place_high,
        c.is_sure AND is_down_to(c.high, (1 - $fall_onset_pct / 100.0) * p.low)
            AND (c.place_low >= p.place_high OR surely_before(p.moment, c.moment)) AS is_below,
        is_down_to(c.low, (1 - $fall_onset_pct / 100.0) * p.high)
            AND NOT (c.place_high <= p.place_low OR surely_before(c.moment, p.moment)) AS may_be_below
    FROM platelet_scopes p JOIN platelet_scopes c USING (case_id, scope)
    WHERE p.count_id <> c.count_id AND NOT p.is_raised AND NOT c.is_unprinted AND c.place_high > p.place_low
), falls AS (
    SELECT case_id, scope, count_id, min(place_high) FILTER (is_below) AS below_by, min(place_low) FILTER (may_be_below) AS below_from,
        min(latest) FILTER (is_below) AS below_latest
    FROM pairs GROUP BY ALL HAVING bool_or(may_be_below)
), followed AS (
    SELECT p.*, f.below_by, f.below_from, f.below_latest, l.count_id AS other_id, l.low AS other_low, l.high AS other_high,
        l.place_low AS other_from, l.place_high AS other_by, l.is_sure AS other_is_sure, l.earliest AS other_earliest,
        l.latest AS other_latest, l.row_id AS other_row, l.is_raised AS other_is_raised, l.may_be_raised AS other_may_be_raised,
        coalesce(l.place_low >= p.place_high OR surely_before(p.moment, l.moment), false) AS is_later,
        coalesce(NOT (l.place_high <= p.place_low OR surely_before(l.moment, p.moment)), false) AS may_be_later
    FROM falls f JOIN platelet_scopes p USING (case_id, scope, count_id)
    LEFT JOIN platelet_scopes l ON l.case_id = p.case_id AND l.scope = p.scope AND l.count_id <> p.count_id AND NOT l.is_unprinted
        AND l.place_high > p.place_low
), judged AS (
    SELECT *,
        is_later AND other_is_sure AND NOT other_may_be_raised AND other_from >= below_by
            AND other_low > (1 - $fall_onset_pct / 100.0) * (1 + $recovery_variation_pct / 100.0) * high AS is_recovery,
        may_be_later AND NOT other_is_raised AND other_by > below_from
            AND other_high >= (1 - $fall_onset_pct / 100.0) * (1 - $recovery_variation_pct / 100.0) * low AS may_be_recovery,
        is_later AND other_is_sure AND NOT other_may_be_raised AND other_by <= below_from AND other_low >= high AS is_higher,
        may_be_later AND NOT other_is_raised AND other_high >= low
            AND other_from < coalesce(below_by, 9e18) AS may_be_higher
    FROM followed
)
SELECT case_id, scope, count_id, any_value(row_id) AS row_id, any_value(moment) AS moment, any_value(earliest) AS earliest,
    any_value(latest) AS latest, any_value(best) AS best, any_value(low) AS low, any_value(high) AS high,
    any_value(place_low) AS place_low, any_value(place_high) AS place_high, any_value(is_unprinted) AS is_unprinted,
    any_value(is_after_heparin) AS is_after_heparin,
    any_value(is_sure) AND NOT bool_or(coalesce(may_be_higher, false)) AS is_peak, any_value(may_be_raised) AS may_be_raised,
    any_value(below_by) AS below_by, any_value(below_from) AS below_from, any_value(below_latest) AS below_latest,
    min(other_by) FILTER (is_recovery) AS recovered_by, min(other_from) FILTER (may_be_recovery) AS recovered_from,
    -- Where one count alone is a recovery unless transfused platelets raised it: the recovery without it.
    min(other_from) FILTER (may_be_recovery AND NOT other_may_be_raised) AS recovered_else,
    CASE WHEN count(*) FILTER (may_be_recovery AND other_may_be_raised) = 1
        THEN any_value(other_id) FILTER (may_be_recovery AND other_may_be_raised) END AS raised_id,
    min(other_earliest) FILTER (may_be_recovery) AS recovery_earliest, min(other_latest) FILTER (is_recovery) AS recovery_latest,
    row_list(list(other_row) FILTER (may_be_recovery)) AS recovery_rows
FROM judged GROUP BY ALL HAVING NOT bool_or(coalesce(is_higher, false))
