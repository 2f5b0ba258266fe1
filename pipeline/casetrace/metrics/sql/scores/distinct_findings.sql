-- title: Findings, each once, in however many places it is told
-- grain: one row per case and finding
-- reads: findings
-- params: none
-- missing: a time or grade that only one place tells is taken from it; where the places contradict each other the finding lies at
--   one of their times, and its grade is open
-- source: column same_as of findings.csv (docs/case-folder.md)
-- returns: view
WITH told AS (
    SELECT *, coalesce(same_as, row_id) AS first_row FROM findings
), joined AS (
    SELECT case_id, first_row, any_value(finding) AS finding, any_value(status) AS status,
        CASE WHEN count(DISTINCT grade) = 1 THEN any_value(grade) END AS grade,
        CASE WHEN count(DISTINCT site) = 1 THEN any_value(site) END AS site,
        max(time_earliest_min) AS last_start, min(time_latest_min) AS first_end,
        min(time_earliest_min) AS first_start, max(time_latest_min) AS last_end, row_list(list(row_id)) AS row_ids
    FROM told GROUP BY ALL
)
SELECT case_id, first_row AS row_id, finding, status, grade, site, row_ids,
    -- Where both can be true the finding lies in what they have in common.
    CASE WHEN last_start <= first_end THEN last_start ELSE first_start END AS time_earliest_min,
    CASE WHEN last_start <= first_end THEN first_end ELSE last_end END AS time_latest_min
FROM joined
