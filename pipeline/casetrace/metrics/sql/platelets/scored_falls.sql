-- title: Size and nadir of each fall that may be the scored one
-- grain: one row per case with heparin, reading of the baseline (before_heparin, since_heparin), fall and ground on which it may
--   be the scored one
-- reads: platelet_falls, platelet_fall_pairs, platelet_scored, platelet_baselines, platelet_nadirs
-- params: none
-- missing: a bound that is not known is null; where no count surely is the
--   baseline it may be any; where no fall is sure, the fall to the lowest count since heparin stands too
-- source: since heparin a fall is measured from its own peak; before heparin from the last count before it (Cuker A et al.,
--   Blood 2012;120:4160-4167)
-- returns: view
WITH readings AS (
    SELECT f.*, coalesce(s.has_fallen, false) AS has_fallen,
        CASE f.reading WHEN 'before_heparin' THEN 'record' ELSE 'since heparin' END AS scope
    FROM platelet_falls f
    LEFT JOIN platelet_scored s ON s.case_id = f.case_id
        AND s.scope = CASE f.reading WHEN 'before_heparin' THEN 'record' ELSE 'since heparin' END
    WHERE f.reading <> 'highest_before_nadir' AND f.is_applicable
), episodes AS (
    SELECT r.case_id, r.reading, p.peak_low, CASE WHEN isfinite(p.peak_high) THEN p.peak_high END AS base_high, p.is_unprinted, p.nadir_low, p.may_be_largest, p.may_be_lowest, p.peak_high,
        least(p.nadir_high, CASE WHEN p.may_be_lowest AND NOT p.may_be_largest THEN p.lowest_by END,
            CASE WHEN p.may_be_largest AND NOT p.may_be_lowest THEN p.peak_high * (1 - p.largest_pct / 100) END) AS nadir_high,
        CASE WHEN r.reading = 'since_heparin' THEN CASE WHEN p.may_be_lowest THEN p.pct_low ELSE greatest(p.pct_low, p.largest_pct) END
            WHEN b.base_low > 0 AND isfinite(p.nadir_high) THEN fall_of(b.base_low, p.nadir_high) END AS pct_low,
        CASE WHEN r.reading = 'since_heparin' THEN p.pct_high
            WHEN b.base_high > 0 AND b.base_low IS NOT NULL THEN fall_of(b.base_high, p.nadir_low) END AS pct_high,
        row_list(list_concat(CASE WHEN p.is_unprinted THEN [] ELSE [p.peak_row] END, [p.nadir_row], b.base_rows)) AS row_ids, p.peak_row
    FROM readings r JOIN platelet_fall_pairs p ON p.case_id = r.case_id AND p.scope = r.scope
    JOIN platelet_baselines b ON b.case_id = r.case_id AND b.reading = r.reading
    WHERE p.may_be_largest OR p.may_be_lowest
)
SELECT case_id, reading, pct_low, pct_high, nadir_low, CASE WHEN isfinite(nadir_high) THEN nadir_high END AS nadir_high,
    peak_low AS base_low, base_high, peak_row, is_unprinted, row_ids
FROM episodes
UNION ALL
SELECT r.case_id, r.reading, CASE WHEN is_one_nadir THEN r.pct_low END, CASE WHEN b.base_low IS NOT NULL AND is_one_nadir THEN r.pct_high END,
    r.nadir_low, r.nadir_high, CASE WHEN is_one_nadir THEN b.base_low END, CASE WHEN is_one_nadir THEN b.base_high END, NULL, false, r.row_ids
FROM readings r JOIN platelet_baselines b ON b.case_id = r.case_id AND b.reading = r.reading
LEFT JOIN platelet_nadirs n ON n.case_id = r.case_id AND n.scope = 'since heparin'
-- Since heparin, the baseline lies before the lowest count; where that may be one of several, it is open too.
CROSS JOIN LATERAL (SELECT r.reading = 'before_heparin' OR coalesce(len(n.count_ids) < 2 OR n.low = n.high, true) AS is_one_nadir)
WHERE NOT r.has_fallen
