-- title: HEP score, the points of each item under each way in which the items can hold together
-- grain: one row per case with heparin, box and item
-- reads: hep_windows, cases, platelet_falls, platelet_baselines, hep_timing, hep_thrombosis, hep_stated, hep_devices, hep_dic, score_rows, hep_item_list
-- params: none
-- missing: what the source does not speak of may have any points of its item
-- source: Cuker A et al., J Thromb Haemost 2010;8:2642-2650. Items that exclude each other are parted into boxes, in which they can be
--   added: a cause counts, or no other cause does, which sets every cause to 0; the nadir is at most 20, or above it
-- returns: view
WITH nadirs AS (
    SELECT f.case_id, n.nadir, f.row_ids, f.has_rows, b.nadir_rows, f.nadir_best, f.nadir_low, f.pct_low, f.pct_high,
        -- A fall to the highest nadir of the box from the lowest baseline is the smallest.
        CASE WHEN b.base_low > 0 THEN greatest(f.pct_low, 100 * (b.base_low - CASE n.nadir WHEN 'low' THEN least(f.nadir_high, 20) ELSE f.nadir_high END) / b.base_low)
            ELSE f.pct_low END AS fall_low,
        CASE WHEN b.base_high > 0 THEN least(f.pct_high, 100 * (b.base_high - CASE n.nadir WHEN 'high' THEN greatest(f.nadir_low, 20) ELSE f.nadir_low END) / b.base_high)
            ELSE f.pct_high END AS fall_high
    FROM platelet_falls f JOIN platelet_baselines b USING (case_id, reading)
    JOIN (VALUES ('low'), ('high')) n(nadir)
        ON CASE n.nadir WHEN 'low' THEN coalesce(f.nadir_low, 0) <= 20 ELSE coalesce(f.nadir_high, 'infinity'::DOUBLE) > 20 END
    WHERE reading = 'since_heparin'
), counts AS (
    SELECT case_id, nadir, 'magnitude' AS item, CASE WHEN fall_low > 50 THEN 3 WHEN fall_low >= 30 THEN 1 ELSE -1 END AS low,
        CASE WHEN coalesce(fall_high, 100) > 50 THEN 3 WHEN fall_high >= 30 THEN 1 ELSE -1 END AS high,
        CASE WHEN pct_low = pct_high THEN 'fall of ' || plain(round(pct_low, 1)) || ' % since heparin'
            ELSE 'fall between ' || coalesce(plain(round(pct_low, 1)), 'no') || ' and ' || coalesce(plain(round(pct_high, 1)), '100') || ' % since heparin' END AS reason, row_ids
    FROM nadirs WHERE has_rows
    UNION ALL
    SELECT case_id, nadir, 'nadir', CASE nadir WHEN 'low' THEN -2 ELSE 2 END, CASE nadir WHEN 'low' THEN -2 ELSE 2 END,
        'nadir ' || coalesce(plain(nadir_best), plain(nadir_low) || ' or more'), nadir_rows
    FROM nadirs WHERE nadir_rows IS NOT NULL
), other_cause AS (
    SELECT case_id, bool_or(is_denial OR coalesce(grade, '') = 'none') AS says_none, bool_or(answer IS NOT NULL AND coalesce(grade, '') <> 'none') AS says_cause,
        row_list(flatten(list(row_ids))) AS row_ids
    FROM score_rows WHERE score = 'hep' AND item = 'no_other_cause' GROUP BY ALL
), spoken AS (
    SELECT case_id, 'timing' AS item, low, high, reason, row_ids FROM hep_timing
    UNION ALL SELECT case_id, item, low, high, reason, row_ids FROM hep_thrombosis
    UNION ALL SELECT case_id, item, low, high, reason, row_ids FROM hep_stated
    UNION ALL SELECT case_id, item, low, high, reason, row_ids FROM hep_devices
    UNION ALL SELECT case_id, item, low, high, reason, row_ids FROM hep_dic
    UNION ALL SELECT case_id, 'no_other_cause', 0, CASE WHEN says_none THEN 3 ELSE 0 END,
        CASE WHEN says_none AND says_cause THEN 'one place says none, another names a cause' WHEN says_none THEN 'none named' ELSE 'a cause is named' END, row_ids
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
    sentence([coalesce(c.reason, s.reason,
            CASE i.position WHEN 1 THEN 'the fall since heparin cannot be computed' WHEN 2 THEN 'no fall that could be timed'
                WHEN 3 THEN 'no platelet count since heparin' ELSE silence(i.subject, k.read) END),
        -- What the authors say of other causes, and what the rows show, cannot both hold.
        CASE WHEN i.position BETWEEN 8 AND 13 AND says_none AND NOT is_both_stated THEN 'no other cause is stated'
            WHEN i.item = 'no_other_cause' AND counts_surely AND NOT says_cause THEN 'a cause counts'
            WHEN i.position BETWEEN 8 AND 13 AND is_both_stated AND s.low < 0 THEN 'no other cause is stated too' END]) AS reason,
    row_list(coalesce(c.row_ids, s.row_ids, [])) AS row_ids
FROM boxes b JOIN cases k USING (case_id) CROSS JOIN hep_item_list i
LEFT JOIN counts c ON c.case_id = b.case_id AND c.nadir = b.nadir AND c.item = i.item
LEFT JOIN spoken s ON s.case_id = b.case_id AND s.item = i.item
