-- title: Doses of anticoagulants, numbered by course
-- grain: one row per case, dose row and occurrence
-- reads: doses, cases, anchors, follows
-- params: none
-- missing: heparin of unknown route or purpose is taken along; a time without bounds is closed by the span of the source
-- source: drugs of the vocabulary classes anticoagulant, LMWH, direct thrombin inhibitor and oral anticoagulant; a course
--   ends where another anticoagulant starts
-- returns: view
WITH given AS (
    SELECT d.case_id, d.drug, d.row_id, d.occurrence, d.kind, d.start_min,
        d.occurrence = 1 OR coalesce(d.amount_low, 0) > 0 AS is_given, c.observed_end_min,
        coalesce(d.start_earliest_min, c.observed_start_min) AS s1,
        coalesce(d.start_latest_min, c.observed_end_min) AS s2,
        CASE WHEN d.kind <> 'bolus' THEN coalesce(d.end_earliest_min, d.start_earliest_min) END AS e1,
        CASE WHEN d.kind <> 'bolus' THEN coalesce(d.end_latest_min, c.observed_end_min) END AS e2,
        d.kind <> 'bolus' AND d.end_form IN ('open', 'unknown')
            AND coalesce(d.end_latest_min, c.observed_end_min) >= c.observed_end_min AS is_open,
        d."order" AS step, a.name AS anchor, a.earliest AS anchor_earliest, a.latest AS anchor_latest,
        d.start_offset_min, coalesce(d."order", CASE WHEN d.start_offset_min = 0 THEN a.step END) AS own_step,
        f.earlier AS follows
    FROM doses d
    JOIN cases c USING (case_id)
    LEFT JOIN follows f ON f.case_id = d.case_id AND f.name = d.row_id AND d.occurrence = 1
    LEFT JOIN anchors a ON a.case_id = d.case_id AND a.name = d.start_anchor AND d.start_offset_min IS NOT NULL
    WHERE d.is_coded AND d.kind <> 'transfusion'
        AND (d.drug_class LIKE '%anticoagulant%' OR d.drug_class = 'direct thrombin inhibitor')
        AND (d.drug <> 'unfractionated heparin'
            OR (coalesce(d.route, 'iv') = 'iv' AND coalesce(d.purpose, 'therapeutic') = 'therapeutic'))
), changes AS (
    SELECT *, CASE WHEN lag(drug) OVER by_start IS DISTINCT FROM drug THEN 1 ELSE 0 END AS is_new
    FROM given
    WINDOW by_start AS (PARTITION BY case_id ORDER BY coalesce(start_min, s1), step NULLS LAST, row_id, occurrence)
)
SELECT case_id, drug, row_id, occurrence, kind, is_given, start_min, s1, s2, e1, e2, is_open, observed_end_min,
    sum(is_new) OVER (
        PARTITION BY case_id ORDER BY coalesce(start_min, s1), step NULLS LAST, row_id, occurrence
    ) AS course,
    instant(
        row_id,
        CASE WHEN anchor IS NOT NULL THEN anchor ELSE row_id || CASE WHEN occurrence > 1 THEN '#' || occurrence
            ELSE '' END END,
        s1, s2,
        CASE WHEN anchor IS NOT NULL THEN least(start_offset_min, s1 - anchor_earliest) ELSE 0 END,
        CASE WHEN anchor IS NOT NULL THEN greatest(start_offset_min, s2 - anchor_latest) ELSE 0 END,
        own_step, follows
    ) AS moment
FROM changes
