-- title: First and last heparin
-- grain: one row per case and metric
-- reads: cases, exposure_doses, heparin_exposures
-- params: none
-- missing: a dose of unknown route or purpose, or of unknown time, takes the best value away where it may be the first
--   (or the last); an end that is not stated leaves the last end open
-- source: starts and ends as printed
-- returns: metrics
-- metric: iv_ufh_first_start | min | First therapeutic intravenous heparin, after time zero | stratum: none
-- metric: iv_ufh_last_end | min | End of the last therapeutic intravenous heparin, after time zero | stratum: none
-- metric: any_heparin_first_exposure | min | First exposure to any heparin by any route, after time zero | stratum: none
WITH starts AS (
    SELECT case_id, 'iv_ufh_first_start' AS metric, row_id, is_sure AND is_given AS is_sure, start_low AS earliest, start_best AS best, start_high AS latest
    FROM exposure_doses WHERE substance = 'iv_ufh'
    UNION ALL
    SELECT case_id, 'any_heparin_first_exposure', row_id, true, moment.earliest, best_min, moment.latest
    FROM heparin_exposures
), firsts AS (
    SELECT case_id, metric, min(best) FILTER (is_sure) AS best, min(earliest) AS low,
        min(latest) FILTER (is_sure) AS high
    FROM starts GROUP BY ALL
), first_rows AS (
    -- A row matters when it may be the first; it takes the best value away when it may come before that value.
    SELECT f.case_id, f.metric, any_value(f.best) AS best, any_value(f.low) AS low, any_value(f.high) AS high,
        bool_or((NOT s.is_sure OR s.best IS NULL) AND s.earliest < f.best) AS is_open,
        row_list(list(s.row_id)) AS row_ids,
        row_list(list(s.row_id) FILTER ((NOT s.is_sure OR s.best IS NULL) AND (f.best IS NULL OR s.earliest < f.best)))
            AS open_rows
    FROM firsts f JOIN starts s ON s.case_id = f.case_id AND s.metric = f.metric
        AND (f.high IS NULL OR s.earliest <= f.high)
    GROUP BY f.case_id, f.metric
), ends AS (
    SELECT case_id, row_id, is_sure AND is_given AS is_sure, end_low, end_best, end_high FROM exposure_doses WHERE substance = 'iv_ufh'
), lasts AS (
    SELECT case_id, max(end_best) FILTER (is_sure) AS best, max(end_low) FILTER (is_sure) AS low, max(end_high) AS high
    FROM ends GROUP BY ALL
), last_rows AS (
    SELECT l.case_id, 'iv_ufh_last_end' AS metric, any_value(l.best) AS best, any_value(l.low) AS low,
        any_value(l.high) AS high,
        bool_or((NOT e.is_sure OR e.end_best IS NULL) AND e.end_high > l.best) AS is_open,
        row_list(list(e.row_id)) AS row_ids,
        row_list(list(e.row_id) FILTER ((NOT e.is_sure OR e.end_best IS NULL) AND (l.best IS NULL OR e.end_high > l.best)))
            AS open_rows
    FROM lasts l JOIN ends e ON e.case_id = l.case_id AND (l.low IS NULL OR e.end_high >= l.low)
    GROUP BY l.case_id
), found AS (
    SELECT *, coalesce(CASE WHEN NOT coalesce(is_open, false) THEN best END, CASE WHEN low = high THEN low END) AS value
    FROM (FROM first_rows UNION ALL BY NAME FROM last_rows)
), named_metrics AS (
    SELECT unnest(['iv_ufh_first_start', 'iv_ufh_last_end', 'any_heparin_first_exposure']) AS metric,
        unnest(['therapeutic intravenous heparin', 'therapeutic intravenous heparin', 'heparin']) AS searched
)
SELECT c.case_id, m.metric, '' AS stratum, f.value, f.low, f.high,
    'min' AS unit, status_of(len(f.row_ids), f.value) AS status,
    reasons([CASE WHEN f.case_id IS NULL THEN reason('not_in_record', term := m.searched)
        WHEN f.value IS NULL THEN reason('time_route_or_purpose_unknown', f.open_rows) END]) AS reasons,
    row_list(f.row_ids) AS row_ids
FROM cases c CROSS JOIN named_metrics m
LEFT JOIN found f ON f.case_id = c.case_id AND f.metric = m.metric
