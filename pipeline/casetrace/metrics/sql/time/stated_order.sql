-- title: Instants that follow others because the source says so
-- grain: one row per case and name (ID, or ID.end) with at least one instant that it follows
-- reads: labs, events, findings, patient, doses
-- params: none
-- missing: times that are not typed as references follow nothing here; surely_before compares their bounds
-- source: docs/case-folder.md, Times: an interval that starts or ends at @ID, and everything that follows from chains
-- returns: view
WITH RECURSIVE timed AS (
    SELECT case_id, row_id AS name, anchor, offset_min, not_before, not_after FROM labs
    UNION ALL SELECT case_id, row_id, anchor, offset_min, not_before, not_after FROM events
    UNION ALL SELECT case_id, row_id, anchor, offset_min, not_before, not_after FROM findings
    UNION ALL SELECT case_id, row_id, anchor, offset_min, not_before, not_after FROM patient
    UNION ALL SELECT case_id, row_id, start_anchor, start_offset_min, start_not_before, start_not_after
        FROM doses WHERE occurrence = 1
    UNION ALL SELECT case_id, row_id || '.end', end_anchor, end_offset_min, row_id, NULL
        FROM doses WHERE occurrence = 1 AND kind <> 'bolus'
), edges AS (
    SELECT case_id, name AS later, not_before AS earlier, name <> earlier || '.end' AS is_strict
    FROM timed WHERE not_before IS NOT NULL
    UNION ALL SELECT case_id, not_after, name, true FROM timed WHERE not_after IS NOT NULL
    UNION ALL SELECT case_id, name, anchor, false FROM timed WHERE offset_min = 0
    UNION ALL SELECT case_id, anchor, name, false FROM timed WHERE offset_min = 0
), linked AS (
    -- Only names in a chain that holds a stated order can follow anything.
    SELECT * FROM edges WHERE case_id IN (SELECT case_id FROM edges WHERE is_strict)
), chains AS (
    SELECT case_id, later, earlier, is_strict FROM linked
    UNION
    SELECT c.case_id, c.later, e.earlier, c.is_strict OR e.is_strict
    FROM chains c JOIN linked e ON e.case_id = c.case_id AND e.later = c.earlier
)
SELECT case_id, later AS name, list(DISTINCT earlier ORDER BY earlier) AS earlier
FROM chains WHERE is_strict AND later <> earlier GROUP BY ALL
