-- title: 4Ts, thrombocytopenia
-- grain: one row per case with heparin and reading of the baseline (before_heparin, since_heparin)
-- reads: platelet_falls, scored_falls
-- params: none
-- missing: an unknown fall or nadir may have any value; the points are the interval over everything that is possible; where it
--   is open which fall is the scored one, over each
-- source: Lo GK et al., J Thromb Haemost 2006;4:759-765; a fall below 30 % with a nadir of 10 to 19 meets one clause for
--   0 points and one for 1
-- returns: view
WITH falls AS (
    SELECT *, coalesce(pct_low, '-infinity'::DOUBLE) AS fall_from, coalesce(pct_high, 'infinity'::DOUBLE) AS fall_to,
        coalesce(nadir_low, 0) AS nadir_from, coalesce(nadir_high, 'infinity'::DOUBLE) AS nadir_to
    FROM scored_falls
), possible AS (
    -- Which cells of the score's table the fall and the nadir may lie in.
    SELECT f.case_id, f.reading, p.points_low, p.points_high, p.is_gap
    FROM falls f JOIN (VALUES
        ('under 10', 'under 30', 0, 0, false), ('under 10', '30 to 50', 0, 0, false), ('under 10', 'over 50', 0, 0, false),
        ('10 to 19', 'under 30', 0, 1, true), ('10 to 19', '30 to 50', 1, 1, false), ('10 to 19', 'over 50', 1, 1, false),
        ('from 20', 'under 30', 0, 0, false), ('from 20', '30 to 50', 1, 1, false), ('from 20', 'over 50', 2, 2, false)
    ) p(nadir, fall, points_low, points_high, is_gap) ON
        CASE p.nadir WHEN 'under 10' THEN f.nadir_from < 10
            WHEN '10 to 19' THEN f.nadir_from < 20 AND f.nadir_to >= 10 ELSE f.nadir_to >= 20 END
        AND CASE p.fall WHEN 'under 30' THEN f.fall_from < 30
            WHEN '30 to 50' THEN f.fall_from <= 50 AND f.fall_to >= 30 ELSE f.fall_to > 50 END
), points AS (
    SELECT case_id, reading, min(points_low) AS low, max(points_high) AS high, bool_and(is_gap) AS has_gap
    FROM possible GROUP BY ALL
), spans AS (
    SELECT case_id, reading, min(fall_from) AS fall_from, max(fall_to) AS fall_to, min(nadir_from) AS nadir_from,
        max(nadir_to) AS nadir_to, count(DISTINCT peak_row) > 1 AS is_several, bool_or(is_unprinted) AS is_unprinted,
        row_list(flatten(list(row_ids))) AS row_ids
    FROM falls GROUP BY ALL
)
SELECT f.case_id, f.reading, coalesce(p.low, 0)::DOUBLE AS low, coalesce(p.high, 2)::DOUBLE AS high,
    reasons(list_concat(nadir_between(s.nadir_from, s.nadir_to), f.reasons, [
        CASE WHEN isinf(s.fall_from) AND isinf(s.fall_to) THEN reason('fall_unknown')
            WHEN s.fall_from = s.fall_to THEN reason('fall', number := round(s.fall_from, 1)) END,
        CASE WHEN s.fall_from < s.fall_to AND NOT isinf(s.fall_from) THEN reason('fall_from', number := round(s.fall_from, 1)) END,
        CASE WHEN s.fall_from < s.fall_to AND NOT isinf(s.fall_to) THEN reason('fall_to', number := round(s.fall_to, 1)) END,
        CASE WHEN s.is_several THEN reason('scored_fall_open') END,
        CASE WHEN s.is_unprinted THEN reason('fall_may_be_larger') END,
        CASE WHEN p.has_gap THEN reason('table_gives_0_and_1') END])) AS reasons,
    row_list(list_concat(f.row_ids, s.row_ids)) AS row_ids
FROM platelet_falls f JOIN spans s USING (case_id, reading) LEFT JOIN points p USING (case_id, reading)
