-- title: Platelet counts with their place in the order of all counts
-- grain: one row per case and count; the two ends of a printed range are two counts of one row
-- reads: lab_values, lab_levels, labs_vs_index, doses, cases
-- params: after_transfusion_h [h]
-- missing: a place between others that is not certain is a span of places; a count that may lie within the time after a
--   platelet transfusion is no certain recovery and no certain peak; a mean or a median is no count,
--   but where it lies below (above) every printed count a lower (higher) one was in its span
-- source: the lowest, the highest and the ends of a range are counts of the span over which they are printed
-- returns: view
WITH counts AS (
    SELECT case_id, row_id, row_id AS count_id, moment, is_counted, best, low, coalesce(high, 'infinity'::DOUBLE) AS high
    FROM lab_values WHERE analyte = 'platelets' AND is_single
    UNION ALL
    SELECT case_id, row_id, row_id || end_of.name, moment, is_counted, end_of.level, end_of.level, end_of.level
    FROM lab_values, (SELECT unnest([{'name': ' lowest', 'level': span_low}, {'name': ' highest', 'level': span_high}]) AS end_of)
    WHERE analyte = 'platelets' AND NOT is_single AND end_of.level IS NOT NULL
), hidden AS (
    -- Some count was at most the mean, and some at least.
    SELECT m.case_id, m.row_id, m.row_id || end_of.name AS count_id, m.moment, m.is_counted, NULL::DOUBLE AS best, end_of.low, end_of.high
    FROM lab_levels m
    JOIN (SELECT case_id, min(low) AS lowest, max(high) AS highest FROM counts GROUP BY case_id) c USING (case_id),
        (SELECT unnest([{'name': ' below', 'low': 0, 'high': m.high, 'is_so': m.high < c.lowest},
            {'name': ' above', 'low': m.low, 'high': 'infinity'::DOUBLE, 'is_so': m.low > c.highest}], recursive := true)) AS end_of
    WHERE m.analyte = 'platelets' AND m.is_mean AND m.best IS NOT NULL AND end_of.is_so
), timed AS (
    SELECT *, coalesce(moment.earliest, -1e15)::BIGINT AS earliest, coalesce(moment.latest, 1e15)::BIGINT AS latest
    FROM (FROM counts UNION ALL BY NAME FROM hidden)
), marks AS (
    SELECT case_id, count_id, 'after' AS side, latest AS minute, 0 AS ended, 0 AS begun FROM timed
    UNION ALL SELECT case_id, count_id, 'before', earliest, 0, 0 FROM timed
    UNION ALL SELECT case_id, NULL, 'end', latest, 1, 0 FROM timed
    UNION ALL SELECT case_id, NULL, 'start', earliest, 0, 1 FROM timed
), by_time AS (
    SELECT case_id, count_id, side,
        coalesce(sum(ended) OVER (PARTITION BY case_id ORDER BY minute RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS n_ended,
        sum(begun) OVER (PARTITION BY case_id) - sum(begun) OVER (PARTITION BY case_id ORDER BY minute) AS n_to_come
    FROM marks
), by_order AS (
    -- Times that overlap, ordered by what the source says.
    SELECT c.case_id, c.count_id, count(*) FILTER (surely_before(o.moment, c.moment)) AS n_before,
        count(*) FILTER (surely_before(c.moment, o.moment)) AS n_after
    FROM timed c JOIN timed o ON o.case_id = c.case_id AND o.earliest <= c.latest AND o.latest >= c.earliest
        AND o.count_id <> c.count_id
    GROUP BY ALL
), transfusions AS (
    SELECT d.case_id, d.row_id, coalesce(d.start_earliest_min, c.observed_start_min) AS from_min,
        coalesce(greatest(d.start_latest_min, d.end_latest_min), c.observed_end_min) AS to_min,
        instant(d.row_id, d.row_id || '#' || d.occurrence, coalesce(d.start_earliest_min, c.observed_start_min),
            coalesce(d.start_latest_min, c.observed_end_min), 0, 0, d."order", NULL::VARCHAR[]) AS moment
    FROM doses d JOIN cases c USING (case_id)
    WHERE d.is_coded AND d.drug = 'platelet concentrate' AND coalesce(d.amount_high > 0, true)
), raised AS (
    SELECT c.case_id, c.count_id,
        bool_or(surely_before(t.moment, c.moment) AND c.latest <= t.from_min + 60 * $after_transfusion_h) AS is_raised,
        row_list(list(t.row_id)) AS transfusions
    FROM timed c JOIN transfusions t ON t.case_id = c.case_id AND c.latest >= t.from_min
        AND c.earliest <= t.to_min + 60 * $after_transfusion_h AND NOT surely_before(c.moment, t.moment)
    GROUP BY ALL
)
SELECT c.case_id, c.row_id, c.count_id, c.moment, c.earliest, c.latest, c.best, c.low, c.high, c.is_counted,
    (1 + b.n_ended + coalesce(o.n_before, 0))::BIGINT AS place_low,
    (count(*) OVER (PARTITION BY c.case_id) - a.n_to_come - coalesce(o.n_after, 0))::BIGINT AS place_high,
    h.is_before AS is_before_heparin, h.is_after AS is_after_heparin,
    coalesce(r.is_raised, false) AS is_raised, r.case_id IS NOT NULL AS may_be_raised, row_list(r.transfusions) AS transfusions
FROM timed c
JOIN by_time b ON b.case_id = c.case_id AND b.count_id = c.count_id AND b.side = 'before'
JOIN by_time a ON a.case_id = c.case_id AND a.count_id = c.count_id AND a.side = 'after'
LEFT JOIN by_order o ON o.case_id = c.case_id AND o.count_id = c.count_id
LEFT JOIN raised r ON r.case_id = c.case_id AND r.count_id = c.count_id
LEFT JOIN labs_vs_index h ON h.case_id = c.case_id AND h.row_id = c.row_id AND h.starter = 'any heparin'
    AND h.analyte = 'platelets'
