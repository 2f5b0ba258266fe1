-- title: Each result before or after each start
-- grain: one row per case, starter and platelet or antithrombin result
-- reads: lab_levels, index_events
-- params: none
-- missing: neither before nor after where the times leave it open
-- source: docs/case-folder.md
-- returns: view
SELECT l.case_id, s.starter, l.analyte, l.row_id, any_value(l.moment) AS moment,
    any_value(l.best) AS best, any_value(l.low) AS low, any_value(l.high) AS high, any_value(l.unit) AS unit,
    any_value(l.is_single) AS is_single, any_value(l.is_counted) AS is_counted,
    bool_and(surely_before(l.moment, s.moment)) AS is_before,
    bool_or(surely_before(s.moment, l.moment)) AS is_after
FROM lab_levels l JOIN index_events s USING (case_id)
WHERE l.analyte IN ('platelets', 'antithrombin_activity')
GROUP BY l.case_id, s.starter, l.analyte, l.row_id
