-- title: HEP score, the points of each item under each way in which the items can hold together
-- grain: one row per case with heparin, box and item
-- reads: hep_windows, cases, scored_falls, platelet_counts, hep_timing, hep_thrombosis, hep_stated, hep_devices, hep_dic, score_rows, hep_item_list
-- params: none
-- missing: what the source does not speak of may have any points of its item
-- source: Cuker A et al., J Thromb Haemost 2010;8:2642-2650. Items that exclude each other are parted into boxes, in which they can be
--   added: a cause counts, or no other cause does, which sets every cause to 0; the nadir is at most 20, or above it
-- returns: view
WITH counted AS (
    SELECT case_id, count(*) AS n FROM platelet_counts GROUP BY ALL HAVING count(*) FILTER (NOT is_before_heparin) > 0
), falls AS (
    -- A single count is no nadir: the lowest may be any lower one.
    SELECT f.*, CASE WHEN c.n > 1 THEN f.nadir_low ELSE 0 END AS from_nadir, f.nadir_high AS to_nadir
    FROM scored_falls f JOIN counted c USING (case_id) WHERE f.reading = 'since_heparin'
), parted AS (
    SELECT f.*, n.nadir,
        -- A fall to the highest nadir of the box from the lowest peak is the smallest.
        CASE WHEN base_low > 0 THEN greatest(pct_low, fall_of(base_low, CASE n.nadir WHEN 'low' THEN least(to_nadir, 20) ELSE to_nadir END))
            ELSE pct_low END AS fall_low,
        CASE WHEN base_high > 0 THEN least(pct_high, fall_of(base_high, CASE n.nadir WHEN 'high' THEN greatest(from_nadir, 20) ELSE from_nadir END))
            ELSE pct_high END AS fall_high
    FROM falls f JOIN (VALUES ('low'), ('high')) n(nadir)
        ON CASE n.nadir WHEN 'low' THEN coalesce(from_nadir, 0) <= 20 ELSE coalesce(to_nadir, 'infinity'::DOUBLE) > 20 END
), by_box AS (
    SELECT case_id, nadir, min(coalesce(fall_low, '-infinity'::DOUBLE)) AS fall_low, max(coalesce(fall_high, 100)) AS fall_high,
        min(coalesce(pct_low, '-infinity'::DOUBLE)) AS pct_low, max(coalesce(pct_high, 100)) AS pct_high,
        min(from_nadir) AS nadir_low, CASE WHEN bool_and(to_nadir IS NOT NULL) THEN max(to_nadir) END AS nadir_high,
        count(DISTINCT peak_row) > 1 AS is_several, bool_or(is_unprinted) AS is_unprinted, row_list(flatten(list(row_ids))) AS row_ids
    FROM parted GROUP BY ALL
), nadirs AS (
    -- The points are those of the box, the words those of the case.
    SELECT case_id, nadir, fall_low, fall_high, row_ids, min(pct_low) OVER per_case AS pct_low, max(pct_high) OVER per_case AS pct_high,
        min(nadir_low) OVER per_case AS nadir_low, CASE WHEN bool_and(nadir_high IS NOT NULL) OVER per_case
            THEN max(nadir_high) OVER per_case END AS nadir_high,
        bool_or(is_several) OVER per_case AS is_several, bool_or(is_unprinted) OVER per_case AS is_unprinted
    FROM by_box WINDOW per_case AS (PARTITION BY case_id)
), counts AS (
    SELECT case_id, nadir, 'magnitude' AS item, CASE WHEN fall_low > 50 THEN 3 WHEN fall_low >= 30 THEN 1 ELSE -1 END AS low,
        CASE WHEN fall_high > 50 THEN 3 WHEN fall_high >= 30 THEN 1 ELSE -1 END AS high,
        reasons([CASE WHEN pct_low = pct_high THEN reason('fall_since_heparin', number := round(pct_low, 1)) END,
            CASE WHEN pct_low < pct_high AND NOT isinf(pct_low) THEN reason('fall_since_heparin_from', number := round(pct_low, 1)) END,
            CASE WHEN pct_low < pct_high THEN reason('fall_since_heparin_to', number := round(pct_high, 1)) END,
            CASE WHEN is_several THEN reason('scored_fall_open') END,
            CASE WHEN is_unprinted THEN reason('fall_may_be_larger') END]) AS reasons, row_ids
    FROM nadirs
    UNION ALL
    SELECT case_id, nadir, 'nadir', CASE nadir WHEN 'low' THEN -2 ELSE 2 END, CASE nadir WHEN 'low' THEN -2 ELSE 2 END,
        CASE WHEN n = 1 THEN [reason('single_count')] ELSE nadir_between(nadir_low, nadir_high) END, row_ids
    FROM nadirs JOIN counted USING (case_id)
), other_cause AS (
    SELECT case_id, bool_or(is_denial OR coalesce(grade, '') = 'none') AS says_none, bool_or(answer IS NOT NULL AND coalesce(grade, '') <> 'none') AS says_cause,
        row_list(flatten(list(row_ids))) AS row_ids
    FROM score_rows WHERE score = 'hep' AND item = 'no_other_cause' GROUP BY ALL
), spoken AS (
    SELECT case_id, 'timing' AS item, low, high, reasons, row_ids FROM hep_timing
    UNION ALL SELECT case_id, item, low, high, reasons, row_ids FROM hep_thrombosis
    UNION ALL SELECT case_id, item, low, high, reasons, row_ids FROM hep_stated
    UNION ALL SELECT case_id, item, low, high, reasons, row_ids FROM hep_devices
    UNION ALL SELECT case_id, item, low, high, reasons, row_ids FROM hep_dic
    UNION ALL SELECT case_id, 'no_other_cause', 0, CASE WHEN says_none THEN 3 ELSE 0 END,
        [CASE WHEN says_none AND says_cause THEN reason('none_and_cause_named') WHEN says_none THEN reason('none_named') ELSE reason('cause_named') END], row_ids
    FROM other_cause
), causes AS (
    SELECT w.case_id, coalesce(any_value(o.says_none), false) AS says_none, coalesce(any_value(o.says_cause), false) AS says_cause,
        coalesce(bool_or(s.high < 0), false) AS counts_surely, coalesce(bool_or(s.low < 0), false) AS may_count
    FROM hep_windows w LEFT JOIN other_cause o USING (case_id)
    LEFT JOIN spoken s ON s.case_id = w.case_id AND s.item IN (SELECT item FROM hep_item_list WHERE position BETWEEN 8 AND 13)
    GROUP BY w.case_id
), readings AS (
    SELECT c.*, r.causes, says_none AND (may_count OR says_cause) AS is_both_stated
    FROM causes c JOIN (VALUES ('cause_counts'), ('no_other_cause')) r(causes)
        ON CASE r.causes WHEN 'cause_counts' THEN may_count OR says_cause OR NOT says_none ELSE says_none OR NOT counts_surely END
), boxes AS (
    SELECT r.*, coalesce(n.nadir, 'not known') AS nadir FROM readings r LEFT JOIN (SELECT DISTINCT case_id, nadir FROM nadirs) n USING (case_id)
)
SELECT b.case_id, b.causes, b.nadir, b.is_both_stated, i.item, i.position, i.basis,
    CASE WHEN i.position BETWEEN 8 AND 13 AND b.causes = 'no_other_cause' THEN 0
        WHEN i.item = 'no_other_cause' THEN CASE WHEN b.causes = 'no_other_cause' AND says_none THEN 3 ELSE 0 END
        ELSE coalesce(c.low, s.low, i.fewest) END::DOUBLE AS low,
    CASE WHEN i.position BETWEEN 8 AND 13 AND b.causes = 'no_other_cause' THEN 0
        WHEN i.item = 'no_other_cause' THEN CASE WHEN b.causes = 'no_other_cause' AND (says_none OR NOT says_cause) THEN 3 ELSE 0 END
        ELSE coalesce(c.high, s.high, i.most) END::DOUBLE AS high,
    reasons(list_concat(coalesce(c.reasons, s.reasons,
            [CASE i.position WHEN 1 THEN reason('fall_not_computable') WHEN 2 THEN reason('no_timed_fall')
                WHEN 3 THEN reason('no_count_since_heparin') ELSE not_reported(i.subject, k.read) END]),
        -- What the authors say of other causes, and what the rows show, cannot both hold.
        [CASE WHEN i.position BETWEEN 8 AND 13 AND says_none AND NOT is_both_stated THEN reason('no_other_cause_stated')
            WHEN i.item = 'no_other_cause' AND counts_surely AND NOT says_cause THEN reason('cause_counts')
            WHEN i.position BETWEEN 8 AND 13 AND is_both_stated AND s.low < 0 THEN reason('no_other_cause_stated_too') END])) AS reasons,
    row_list(coalesce(c.row_ids, s.row_ids, [])) AS row_ids
FROM boxes b JOIN cases k USING (case_id) CROSS JOIN hep_item_list i
LEFT JOIN counts c ON c.case_id = b.case_id AND c.nadir = b.nadir AND c.item = i.item
LEFT JOIN spoken s ON s.case_id = b.case_id AND s.item = i.item
