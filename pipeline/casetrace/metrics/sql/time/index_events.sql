-- title: Starts that results are held against
-- grain: one row per case, starter and dose row that may be its first
-- reads: heparin_exposures, anticoagulant_doses, given_doses, cases, stated_order
-- params: none
-- missing: a time without bounds is closed by the span that the source covers
-- source: any heparin; each anticoagulant by name; antithrombin concentrate; platelet transfusion
-- returns: view
WITH given AS (
    SELECT case_id, 'any heparin' AS starter, row_id, moment FROM heparin_exposures
    UNION ALL
    SELECT case_id, drug, row_id, moment FROM anticoagulant_doses
    UNION ALL
    SELECT d.case_id,
        CASE WHEN d.drug = 'platelet concentrate' THEN 'platelet transfusion' ELSE 'antithrombin concentrate' END,
        d.row_id,
        instant(d.row_id, d.row_id || '#' || d.occurrence, coalesce(d.start_earliest_min, c.observed_start_min),
            coalesce(d.start_latest_min, c.observed_end_min), 0, 0, d."order", f.earlier)
    FROM given_doses d JOIN cases c USING (case_id)
    LEFT JOIN stated_order f ON f.case_id = d.case_id AND f.name = d.row_id AND d.occurrence = 1
    WHERE d.is_coded AND (d.drug = 'platelet concentrate' OR d.drug LIKE 'antithrombin%')
)
SELECT * FROM given
QUALIFY moment.earliest <= min(moment.latest) OVER (PARTITION BY case_id, starter)
