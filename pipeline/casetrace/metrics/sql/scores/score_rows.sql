-- title: Rows that answer an item of a score
-- grain: one row per case, row of findings, events or doses, score and item
-- reads: distinct_findings, events, doses, score_answers
-- params: none
-- missing: a term that the vocabulary does not know answers no item; a finding without a grade answers where the table has a line for that
-- source: pipeline/casetrace/vocabulary/score_answers.csv, a source with each line
-- returns: view
WITH rows AS (
    SELECT case_id, row_id, row_ids, 'finding' AS kind, finding AS term, status, grade, site,
        time_earliest_min AS earliest, time_latest_min AS latest
    FROM distinct_findings WHERE status IN ('present', 'absent')
    UNION ALL
    SELECT case_id, row_id, [row_id], 'event', event, 'present', NULL, NULL, time_earliest_min, time_latest_min FROM events
    UNION ALL
    SELECT case_id, row_id, [row_id], 'drug', drug, 'present', NULL, NULL, min(start_earliest_min), min(start_latest_min)
    FROM doses WHERE is_coded GROUP BY case_id, row_id, drug
)
SELECT r.case_id, r.row_id, r.row_ids, r.kind, r.term, r.status, r.grade, r.site, r.earliest, r.latest, a.score, a.item,
    CASE WHEN r.status = 'present' THEN a.answer END AS answer,
    -- An absence at one site is not the absence at all.
    r.status = 'absent' AND a.absence IS NOT NULL AND r.site IS NULL AS is_denial
FROM rows r JOIN score_answers a ON a.kind = r.kind AND a.term = r.term AND a.answer <> 'none'
    AND (a.grade IS NULL OR a.grade = coalesce(r.grade, '-')) AND (a.site IS NULL OR contains(lower(r.site), a.site))
