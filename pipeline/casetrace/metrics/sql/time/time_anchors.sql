-- title: Every instant that another time may rest on
-- grain: one row per case and name (ID for a time or start, ID.end for the end of a dose)
-- reads: labs, events, findings, patient, doses
-- params: none
-- missing: an instant without bounds anchors nothing
-- source: docs/case-folder.md, Times (@ID, @ID.end)
-- returns: view
SELECT case_id, row_id AS name, time_earliest_min AS earliest, time_latest_min AS latest, "order" AS step FROM labs
UNION ALL
SELECT case_id, row_id, time_earliest_min, time_latest_min, "order" FROM events
UNION ALL
SELECT case_id, row_id, time_earliest_min, time_latest_min, "order" FROM findings
UNION ALL
SELECT case_id, row_id, time_earliest_min, time_latest_min, "order" FROM patient
UNION ALL
SELECT case_id, row_id, start_earliest_min, start_latest_min, "order" FROM doses WHERE occurrence = 1
UNION ALL
SELECT case_id, row_id || '.end', end_earliest_min, end_latest_min, NULL FROM doses WHERE occurrence = 1
