-- title: The counts that a fall may be read from, with and without those before heparin
-- grain: one row per case, scope (record, since heparin) and count
-- reads: platelet_counts, heparin_exposures, adjacent_labs
-- params: first_count_d [d]
-- missing: where the first count since heparin is late, the level at its start is a possible peak: as high as the last count
--   before heparin, or of any height where none is printed
-- source: baseline of the 4Ts: the last count before heparin, or the highest since (Cuker A et al., Blood 2012;120:4160-4167)
-- returns: view
WITH scoped AS (
    SELECT *, 'record' AS scope, true AS is_sure, coalesce(is_after_heparin, true) AND is_counted AS is_sure_nadir,
        NOT coalesce(is_before_heparin, false) AND is_counted AS may_be_nadir
    FROM platelet_counts
    UNION ALL
    SELECT *, 'since heparin', is_after_heparin, is_after_heparin AND is_counted, is_counted
    FROM platelet_counts WHERE NOT is_before_heparin
), starts AS (
    SELECT case_id, min(moment.earliest) AS earliest, min(moment.latest) AS latest, min(row_id) AS row_id FROM heparin_exposures GROUP BY ALL
), late AS (
    SELECT h.case_id, h.earliest, h.latest, h.row_id, coalesce(bool_or(c.is_before_heparin), false) AS has_before,
        coalesce(bool_or(NOT c.is_before_heparin AND NOT c.is_after_heparin), false) AS may_have_before
    FROM starts h JOIN platelet_counts c USING (case_id) GROUP BY ALL
    HAVING count(*) > 1 AND NOT bool_or(c.is_after_heparin AND floor(c.latest / 1440) - floor(h.earliest / 1440) <= $first_count_d)
), unprinted AS (
    SELECT l.case_id, s.scope, l.earliest, l.latest, l.row_id,
        CASE WHEN a.is_certain_to_exist THEN coalesce(a.high, 'infinity'::DOUBLE) ELSE 'infinity'::DOUBLE END AS high
    FROM late l CROSS JOIN (SELECT unnest(['record', 'since heparin']) AS scope) s
    LEFT JOIN adjacent_labs a ON a.case_id = l.case_id AND a.starter = 'any heparin' AND a.analyte = 'platelets' AND a.side = 'before'
    WHERE s.scope = 'since heparin' OR NOT (l.has_before OR l.may_have_before)
)
SELECT case_id, scope, row_id, count_id, moment, earliest, latest, best, low, high, place_low, place_high, is_sure,
    is_sure_nadir, may_be_nadir, is_raised, may_be_raised, is_before_heparin, is_after_heparin, false AS is_unprinted
FROM scoped
UNION ALL
SELECT case_id, scope, row_id, 'at heparin', instant('at heparin', 'at heparin', earliest, latest, 0, 0, NULL::INTEGER, NULL::VARCHAR[]),
    earliest, latest, NULL, 0, high, -1, -1, false, false, false, false, true, false, false, true
FROM unprinted
