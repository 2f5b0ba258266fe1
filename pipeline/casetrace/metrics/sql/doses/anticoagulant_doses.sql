-- title: Doses of anticoagulants, numbered by course
-- grain: one row per case, dose row and occurrence
-- reads: given_doses, cases, time_anchors, stated_order
-- params: none
-- missing: heparin of unknown route or purpose is taken along; a time without bounds is closed by the span of the source
-- source: drugs of the vocabulary classes anticoagulant, LMWH, direct thrombin inhibitor and oral anticoagulant. A dose after
--   one of another drug begins a new course, unless an infusion of its own drug was still running when it began. Vitamin K
--   antagonists (class oral anticoagulant VKA) are given beside other anticoagulants until the INR is in range: they end no
--   course, and no other drug ends theirs
-- returns: view
WITH given AS (
    SELECT d.case_id, d.drug, d.row_id, d.occurrence, d.kind, d.start_min, d.drug_class NOT LIKE '%VKA' AS replaces,
        d.occurrence = 1 OR coalesce(d.amount_low, 0) > 0 AS is_given, c.observed_end_min,
        coalesce(d.start_earliest_min, c.observed_start_min) AS start_low,
        coalesce(d.start_latest_min, c.observed_end_min) AS start_high,
        CASE WHEN d.kind <> 'bolus' THEN coalesce(d.end_earliest_min, d.start_earliest_min) END AS end_low,
        CASE WHEN d.kind <> 'bolus' THEN coalesce(d.end_latest_min, c.observed_end_min) END AS end_high,
        d.kind <> 'bolus' AND d.end_form IN ('open', 'unknown')
            AND coalesce(d.end_latest_min, c.observed_end_min) >= c.observed_end_min AS is_open,
        d.start_boundary, CASE WHEN d.kind <> 'bolus' THEN d.end_boundary END AS end_boundary,
        d."order" AS step, a.name AS anchor, a.earliest AS anchor_earliest, a.latest AS anchor_latest,
        d.start_offset_min, coalesce(d."order", CASE WHEN d.start_offset_min = 0 THEN a.step END) AS own_step,
        f.earlier AS follows, d.end_offset_min, z.name AS end_anchor, z.earliest AS end_anchor_earliest, z.latest AS end_anchor_latest,
        g.earlier AS end_follows, CASE WHEN d.end_offset_min = 0 THEN z.step END AS end_step
    FROM given_doses d
    JOIN cases c USING (case_id)
    LEFT JOIN stated_order f ON f.case_id = d.case_id AND f.name = d.row_id AND d.occurrence = 1
    LEFT JOIN stated_order g ON g.case_id = d.case_id AND g.name = d.row_id || '.end' AND d.occurrence = 1
    LEFT JOIN time_anchors a ON a.case_id = d.case_id AND a.name = d.start_anchor AND d.start_offset_min IS NOT NULL
    LEFT JOIN time_anchors z ON z.case_id = d.case_id AND z.name = d.end_anchor AND d.end_offset_min IS NOT NULL
    WHERE d.is_coded AND d.kind <> 'transfusion'
        AND (d.drug_class LIKE '%anticoagulant%' OR d.drug_class = 'direct thrombin inhibitor')
        AND (d.drug <> 'unfractionated heparin'
            OR (coalesce(d.route, 'iv') = 'iv' AND coalesce(d.purpose, 'therapeutic') = 'therapeutic'))
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY case_id ORDER BY coalesce(start_min, start_low), step NULLS LAST, row_id, occurrence)
        AS position
    FROM given
), compared AS (
    SELECT *,
        lag(drug) OVER (PARTITION BY case_id, replaces ORDER BY position) AS previous_drug,
        coalesce(start_high <= max(end_low) OVER own_before, false) OR coalesce(list_contains(list(end_boundary) OVER own_before, start_boundary), false)
            AS runs_on,
        row_number() OVER (PARTITION BY case_id, drug ORDER BY position) = 1 AS is_first
    FROM placed
    WINDOW own_before AS (PARTITION BY case_id, drug ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), parted AS (
    SELECT *, count(*) FILTER (is_first OR (replaces AND previous_drug <> drug AND NOT runs_on))
        OVER (PARTITION BY case_id, drug ORDER BY position) AS stretch
    FROM compared
), opened AS (
    SELECT *, min(position) OVER (PARTITION BY case_id, drug, stretch) AS first_position FROM parted
)
SELECT case_id, drug, row_id, occurrence, kind, replaces, is_given, position, start_min, start_low, start_high, end_low, end_high, is_open, observed_end_min,
    start_boundary, end_boundary, dense_rank() OVER (PARTITION BY case_id ORDER BY first_position) AS course,
    instant(
        row_id,
        CASE WHEN anchor IS NOT NULL THEN anchor ELSE row_id || CASE WHEN occurrence > 1 THEN '#' || occurrence
            ELSE '' END END,
        start_low, start_high,
        CASE WHEN anchor IS NOT NULL THEN least(start_offset_min, start_low - anchor_earliest) ELSE 0 END,
        CASE WHEN anchor IS NOT NULL THEN greatest(start_offset_min, start_high - anchor_latest) ELSE 0 END,
        own_step, follows
    ) AS moment,
    instant(
        row_id || '.end', coalesce(end_anchor, row_id || '.end'), end_low, end_high,
        CASE WHEN end_anchor IS NOT NULL THEN least(end_offset_min, end_low - end_anchor_earliest) ELSE 0 END,
        CASE WHEN end_anchor IS NOT NULL THEN greatest(end_offset_min, end_high - end_anchor_latest) ELSE 0 END,
        end_step, end_follows
    ) AS end_moment
FROM opened
