-- title: 4Ts, thrombocytopenia
-- grain: one row per case and reading of the baseline (before_heparin, since_heparin)
-- reads: platelet_falls
-- params: none
-- missing: an unknown fall or nadir may have any value; the points are the interval over everything that is possible
-- source: Lo GK et al., J Thromb Haemost 2006;4:759-765; a fall below 30 % with a nadir of 10 to 19 meets one clause for
--   0 points and one for 1
-- returns: view
WITH falls AS (
    SELECT *, coalesce(pct_low, '-infinity'::DOUBLE) AS fall_from, coalesce(pct_high, 'infinity'::DOUBLE) AS fall_to,
        coalesce(nadir_low, 0) AS nadir_from, coalesce(nadir_high, 'infinity'::DOUBLE) AS nadir_to
    FROM platelet_falls WHERE reading <> 'highest_before_nadir' AND is_applicable
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
)
SELECT f.case_id, f.reading, coalesce(p.low, 0)::DOUBLE AS low, coalesce(p.high, 2)::DOUBLE AS high, f.has_rows,
    sentence([
        CASE WHEN f.pct_low IS NULL AND f.pct_high IS NULL THEN 'the fall is not known'
            WHEN f.pct_low = f.pct_high THEN 'fall of ' || plain(round(f.pct_low, 1)) || ' %'
            ELSE 'fall between ' || coalesce(plain(round(f.pct_low, 1)) || ' %', 'none') || ' and '
                || coalesce(plain(round(f.pct_high, 1)) || ' %', 'any') END,
        CASE WHEN f.nadir_low IS NULL AND f.nadir_high IS NULL THEN 'the nadir is not known'
            WHEN f.nadir_low = f.nadir_high THEN 'nadir ' || plain(f.nadir_low)
            ELSE 'nadir between ' || plain(coalesce(f.nadir_low, 0)) || ' and ' || coalesce(plain(f.nadir_high), 'any') END,
        CASE WHEN p.has_gap THEN 'the table gives both 0 and 1 for a fall below 30 % with a nadir of 10 to 19' END,
        f.gap
    ]) AS reason,
    f.row_ids
FROM falls f LEFT JOIN points p USING (case_id, reading)
