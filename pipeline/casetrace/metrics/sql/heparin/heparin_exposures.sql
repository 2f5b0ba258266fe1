-- title: Doses that may be the first exposure to any heparin
-- grain: one row per case and dose row that no other exposure surely precedes by its times
-- reads: doses, time_anchors, stated_order, cases
-- params: none
-- missing: a time without bounds is closed by the span that the source covers; a rate or an amount of 0 is no exposure
-- source: unfractionated heparin and low-molecular-weight heparins by any route and for any purpose, circuits and flushes
--   included
-- returns: view
WITH exposures AS (
    SELECT d.case_id, d.row_id, d.start_min AS best_min,
        instant(
            d.row_id,
            CASE WHEN a.name IS NOT NULL THEN a.name ELSE d.row_id || CASE WHEN d.occurrence > 1
                THEN '#' || d.occurrence ELSE '' END END,
            coalesce(d.start_earliest_min, c.observed_start_min), coalesce(d.start_latest_min, c.observed_end_min),
            CASE WHEN a.name IS NOT NULL THEN least(d.start_offset_min, d.start_earliest_min - a.earliest) ELSE 0 END,
            CASE WHEN a.name IS NOT NULL THEN greatest(d.start_offset_min, d.start_latest_min - a.latest) ELSE 0 END,
            coalesce(d."order", CASE WHEN d.start_offset_min = 0 THEN a.step END),
            f.earlier
        ) AS moment
    FROM doses d
    JOIN cases c USING (case_id)
    LEFT JOIN stated_order f ON f.case_id = d.case_id AND f.name = d.row_id AND d.occurrence = 1
    LEFT JOIN time_anchors a ON a.case_id = d.case_id AND a.name = d.start_anchor AND d.start_offset_min IS NOT NULL
    WHERE d.is_coded AND (d.drug = 'unfractionated heparin' OR d.drug_class LIKE '%LMWH%')
        AND coalesce(greatest(d.amount_high, d.amount_per_kg_high) > 0, true)
)
-- An exposure that starts after another has surely begun is never the first and decides nothing about the first.
SELECT * FROM exposures
QUALIFY moment.earliest <= min(moment.latest) OVER (PARTITION BY case_id)
