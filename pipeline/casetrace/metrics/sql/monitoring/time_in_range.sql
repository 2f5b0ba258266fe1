-- title: Time in therapeutic range
-- grain: one row per case, anticoagulant and analyte with at least one result surely under the drug
-- reads: target_verdicts, anticoagulant_pauses
-- params: max_gap_h [h]
-- missing: results without a number, without an order or without one sure target make it not computable; where times are
--   uncertain the bounds are the shares of the single intervals, since only their weights are unknown. Two results whose order
--   alone is known have no time between them
-- source: linear interpolation between consecutive results (Rosendaal FR et al., Thromb Haemost 1993;69:236-239); none
--   over a longer gap, across a pause of the drug, across courses or across a change of target
-- returns: view
WITH consecutive AS (
    SELECT case_id, drug, analyte, course, row_id, best, low, high, time_min, earliest, latest, has_one_target,
        target_low, target_high, target_low_is_strict, target_high_is_strict, target_row_ids, moment,
        lead(row_id) OVER next_one AS next_row, lead(best) OVER next_one AS next_best, lead(moment) OVER next_one AS next_moment,
        lead(time_min) OVER next_one AS next_min, lead(has_one_target) OVER next_one AS next_has_one_target,
        lead(target_row_ids) OVER next_one AS next_target
    FROM target_verdicts WHERE is_on AND is_single
    WINDOW next_one AS (PARTITION BY case_id, drug, analyte, course ORDER BY coalesce(time_min, earliest), earliest, row_id)
), pairs AS (
    SELECT *,
        gap_low(moment, next_moment) AS shortest, gap_high(moment, next_moment) AS longest,
        coalesce(target_low, '-infinity'::DOUBLE) AS bottom, coalesce(target_high, 'infinity'::DOUBLE) AS top,
        least(best, next_best) AS lower, greatest(best, next_best) AS upper
    FROM consecutive
    WHERE next_row IS NOT NULL AND target_row_ids = next_target
), paused AS (
    SELECT p.case_id, p.course, p.row_id,
        bool_or(h.is_sure AND gap_low(p.moment, h.end_moment) >= 0 AND surely_before(h.end_moment, p.next_moment)) AS is_paused
    FROM pairs p JOIN anticoagulant_pauses h USING (case_id, course)
    -- A pause that may begin from the first result on and before the second.
    WHERE NOT coalesce(gap_low(h.end_moment, p.moment) > 0, false) AND NOT coalesce(gap_low(p.next_moment, h.end_moment) >= 0, false)
        AND NOT surely_before(h.end_moment, p.moment) AND NOT surely_before(p.next_moment, h.end_moment)
    GROUP BY ALL
), usable AS (
    SELECT p.*,
        -- Counted for certain: close enough, without a pause, and with a time between them that is more than an order.
        p.longest <= $max_gap_h * 60 AND h.row_id IS NULL AND p.shortest > 0 AS is_certain,
        h.row_id IS NOT NULL OR p.shortest <= 0 AS is_open,
        CASE WHEN lower = upper THEN CASE WHEN (lower > bottom OR (lower = bottom AND NOT target_low_is_strict))
                AND (upper < top OR (upper = top AND NOT target_high_is_strict)) THEN 1.0 ELSE 0.0 END
            ELSE greatest(0, least(upper, top) - greatest(lower, bottom)) / (upper - lower) END::DOUBLE AS share
    FROM pairs p LEFT JOIN paused h USING (case_id, course, row_id)
    WHERE p.shortest <= $max_gap_h * 60 AND NOT coalesce(h.is_paused, false)
), summed AS (
    SELECT case_id, drug, analyte,
        sum((next_min - time_min) * share) FILTER (next_min - time_min <= $max_gap_h * 60)
            / nullif(sum(next_min - time_min) FILTER (next_min - time_min <= $max_gap_h * 60), 0) AS weighted,
        CASE WHEN NOT bool_or(is_open) THEN weighted END AS best,
        bool_and(shortest = longest AND NOT is_open) AS is_exact, min(share) AS low, max(share) AS high,
        bool_or(is_certain) AS is_certain,
        reasons(list(reason('pause_may_lie_between', [row_id, next_row])) FILTER (is_open)) AS open_pairs
    FROM usable GROUP BY ALL
), states AS (
    SELECT case_id, drug, analyte, count(*) AS n,
        row_list(list(row_id) FILTER (best IS NULL)) AS without_number,
        row_list(list(row_id) FILTER (best IS NOT NULL AND low <> high)) AS with_bounds,
        row_list(list(row_id) FILTER (NOT has_one_target)) AS without_target,
        row_list(list(row_id) FILTER (next_row IS NOT NULL AND NOT surely_before(moment, next_moment))) AS unordered,
        row_list(list(row_id) FILTER (time_min IS NULL)) AS untimed,
        row_list(list_concat(list(row_id), flatten(list(coalesce(target_row_ids, []))))) AS row_ids
    FROM consecutive GROUP BY ALL
), judged AS (
    SELECT *, len(list_concat(without_number, with_bounds, without_target, unordered, untimed)) = 0 AS is_complete FROM states
)
SELECT j.case_id, j.drug, j.analyte,
    -- Where every interval has the same share, its weights do not matter.
    CASE WHEN NOT j.is_complete OR NOT s.is_certain THEN NULL
        WHEN s.low = s.high THEN 100 * s.low ELSE 100 * s.best END AS value,
    CASE WHEN NOT j.is_complete OR NOT s.is_certain THEN NULL
        WHEN s.is_exact AND s.low < s.high THEN 100 * s.best ELSE 100 * s.low END AS low,
    CASE WHEN NOT j.is_complete OR NOT s.is_certain THEN NULL
        WHEN s.is_exact AND s.low < s.high THEN 100 * s.best ELSE 100 * s.high END AS high,
    reasons(list_concat(
        about_rows([
            reason('no_number_to_interpolate', j.without_number), reason('not_exact', j.with_bounds),
            reason('no_one_target', j.without_target), reason('order_not_certain_after', j.unordered),
            reason('no_best_time', j.untimed)]),
        [CASE WHEN j.n = 1 THEN reason('single_result') END,
            CASE WHEN j.is_complete AND j.n > 1 AND NOT coalesce(s.is_certain, false)
                THEN reason('nothing_consecutive', term := j.drug) END],
        CASE WHEN j.is_complete AND s.is_certain AND s.low < s.high THEN s.open_pairs END)) AS open,
    j.row_ids
FROM judged j LEFT JOIN summed s USING (case_id, drug, analyte)
