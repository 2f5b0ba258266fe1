-- Infusions of one drug and route that run at once are cut where one of them begins or ends. Where the source does not say
-- that they are separate pumps, one may be the other charted again: their sum is the upper bound, the slowest the lower.
WITH spans AS (
    SELECT *, CASE WHEN is_rate THEN size ELSE size * 3600 / (epoch(ends) - epoch(starts)) END AS speed
    FROM timed_doses WHERE kind = 'infusion' AND ends > starts AND NOT start_is_day AND NOT end_is_day AND left_out IS NULL
), conflicts AS (
    SELECT a.raw_file, a.raw_row, b.raw_file AS other_file, b.raw_row AS other_row, b.starts, b.ends, b.speed
    FROM spans a JOIN spans b ON a.subject = b.subject AND a.name = b.name AND a.route IS NOT DISTINCT FROM b.route
        AND a.starts < b.ends AND b.starts < a.ends AND (a.raw_file <> b.raw_file OR a.raw_row <> b.raw_row)
        AND coalesce(a.pump = b.pump, true)
), cuts AS (
    SELECT DISTINCT raw_file, raw_row, unnest([greatest(c.starts, s.starts), least(c.ends, s.ends), s.starts, s.ends]) AS cut
    FROM conflicts c JOIN spans s USING (raw_file, raw_row)
), pieces AS (
    SELECT raw_file, raw_row, cut AS starts, lead(cut) OVER same_row AS ends, row_number() OVER same_row AS nth
    FROM cuts WINDOW same_row AS (PARTITION BY raw_file, raw_row ORDER BY cut)
), met AS (
    SELECT p.*, c.other_row, c.other_row IS NOT NULL AND (c.speed IS NULL OR s.speed IS NULL OR c.speed < s.speed
            OR (c.speed = s.speed AND (c.other_file, c.other_row) < (s.raw_file, s.raw_row))) AS is_above
    FROM pieces p JOIN spans s USING (raw_file, raw_row)
    LEFT JOIN conflicts c ON c.raw_file = p.raw_file AND c.raw_row = p.raw_row AND c.starts < p.ends AND c.ends > p.starts
    WHERE p.ends IS NOT NULL
), ruled AS (
    SELECT raw_file, raw_row, starts, ends, nth, bool_or(is_above) AS is_above, list_sort(list(other_row) FILTER (other_row IS NOT NULL)) AS others
    FROM met GROUP BY ALL
)
SELECT t.* EXCLUDE (starts, ends, size, size_low, size_high, gap, amount_status, left_out),
    coalesce(r.starts, t.starts) AS starts, coalesce(r.ends, t.ends) AS ends, coalesce('-' || r.nth, '') AS piece,
    CASE WHEN len(r.others) > 0 THEN NULL ELSE t.size * share END AS size,
    CASE WHEN len(r.others) > 0 AND r.is_above THEN 0 ELSE t.size_low * share END AS size_low, t.size_high * share AS size_high,
    CASE WHEN len(r.others) > 0 AND t.amount_status IN ('known', 'disputed')
        THEN 'runs at the same time as row ' || array_to_string(r.others, ', ') ELSE t.gap END AS gap,
    CASE WHEN len(r.others) > 0 AND t.amount_status = 'known' THEN 'disputed' ELSE t.amount_status END AS amount_status,
    t.left_out
FROM timed_doses t LEFT JOIN ruled r USING (raw_file, raw_row)
CROSS JOIN LATERAL (SELECT CASE WHEN t.is_rate OR r.nth IS NULL THEN 1.0
    ELSE (epoch(r.ends) - epoch(r.starts)) / (epoch(t.ends) - epoch(t.starts)) END AS share) x
