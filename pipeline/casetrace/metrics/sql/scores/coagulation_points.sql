-- title: Points of single results in the scores of consumptive coagulopathy
-- grain: one row per case, score, item and laboratory row that tells something of the item
-- reads: labs, given_doses, cases
-- params: d_dimer_moderate_x [{ratio}], d_dimer_strong_x [{ratio}]
-- missing: a bound that is unknown gives the fewest, or the most, points of the item; a result under a drug that itself
--   prolongs the clotting time never surely gives points
-- source: Taylor FB et al., Thromb Haemost 2001;86:1327-1330 (ISTH overt DIC; the fibrin item has 0, 2 or 3 points and no
--   general threshold between 2 and 3); Iba T et al., J Thromb Haemost 2025;23:2356-2362 (revision: D-dimer above 3 and 7 times the upper
--   reference limit; the cut-offs of its other items could not be confirmed, so those of 2001 stand in it); Iba T et al., BMJ Open 2017;7:e017046 (SIC); at exactly 1 g/L, 3 s and 6 s sources differ
-- returns: view
WITH results AS (
    SELECT l.case_id, l.row_id, l.analyte, l.anchor, l.offset_min, l.time_form, l.time_earliest_min AS earliest, l.time_latest_min AS latest,
        CASE WHEN l.analyte = 'platelets' AND l.value_word IN ('normal', 'high') THEN coalesce(l.value_low, 150)
            ELSE coalesce(l.value_low, 0) END AS low,
        coalesce(l.value_high, 'infinity'::DOUBLE) AS high,
        l.high_is_strict, l.low_is_strict, l.ref_high, l.value_word,
        -- Decimals, so that a value at a threshold is at it.
        round(coalesce(l.value_low, 0)::DECIMAL(24, 8) / nullif(l.ref_high, 0)::DECIMAL(24, 8), 9) AS times_low,
        round(l.value_high::DECIMAL(24, 8) / nullif(l.ref_high, 0)::DECIMAL(24, 8), 9) AS times_high,
        round(coalesce(l.value_low, 0) - l.ref_high, 6) AS longer_low, round(coalesce(l.value_high, 'infinity'::DOUBLE) - l.ref_high, 6) AS longer_high
    FROM labs l JOIN cases c USING (case_id)
    WHERE coalesce(l.time_latest_min >= c.span_start_min, true) AND l.value_kind NOT IN ('not_done', 'not_printed')
        AND (l.stat IS NULL OR l.stat IN ('initial', 'min', 'max', 'range'))
        AND l.analyte IN ('platelets', 'inr', 'pt', 'fibrinogen', 'd_dimer', 'd_dimer_feu', 'fdp')
), prolonging AS (
    -- Direct thrombin inhibitors and oral anticoagulants prolong PT and INR by themselves.
    SELECT r.case_id, r.row_id, row_list(list(d.row_id)) AS drug_rows
    FROM results r JOIN given_doses d ON d.case_id = r.case_id
    WHERE (d.drug_class = 'direct thrombin inhibitor' OR d.drug_class LIKE 'oral anticoagulant%')
        AND r.analyte IN ('inr', 'pt') AND coalesce(d.start_earliest_min <= r.latest, true)
    GROUP BY ALL
), isth AS (
    SELECT case_id, row_id, 'platelets' AS item, CASE WHEN high < 50 THEN 2 WHEN high < 100 THEN 1 ELSE 0 END AS low,
        CASE WHEN low < 50 THEN 2 WHEN low < 100 THEN 1 ELSE 0 END AS high, NULL AS note
    FROM results WHERE analyte = 'platelets'
    UNION ALL
    SELECT case_id, row_id, 'fibrinogen', CASE WHEN high < 1 THEN 1 ELSE 0 END, CASE WHEN low <= 1 THEN 1 ELSE 0 END, NULL
    FROM results WHERE analyte = 'fibrinogen'
    UNION ALL
    SELECT case_id, row_id, 'pt',
        CASE WHEN d.drug_rows IS NOT NULL OR ref_high IS NULL THEN 0 WHEN longer_low > 6 THEN 2 WHEN longer_low > 3 THEN 1 ELSE 0 END,
        CASE WHEN ref_high IS NULL THEN 2 WHEN longer_high >= 6 THEN 2 WHEN longer_high >= 3 THEN 1 ELSE 0 END,
        CASE WHEN ref_high IS NULL THEN reason('no_reference_range') END
    FROM results LEFT JOIN prolonging d USING (case_id, row_id) WHERE analyte = 'pt'
), points AS (
    SELECT case_id, row_id, s.score, item, low, high, note
    FROM isth CROSS JOIN (SELECT unnest(['isth_dic_2001', 'isth_dic_2025']) AS score) s
    UNION ALL
    SELECT case_id, row_id, 'isth_dic_2001', 'fibrin_marker',
        CASE WHEN low > ref_high OR (low = ref_high AND low_is_strict) OR value_word IN ('high', 'positive', 'strongly positive') THEN 2 ELSE 0 END,
        CASE WHEN high <= ref_high OR value_word IN ('normal', 'negative') THEN 0 ELSE 3 END,
        CASE WHEN ref_high IS NULL AND value_word IS NULL THEN reason('no_reference_range')
            WHEN low > ref_high THEN reason('raised_by_no_threshold') END
    FROM results WHERE analyte IN ('d_dimer', 'd_dimer_feu', 'fdp')
    UNION ALL
    SELECT case_id, row_id, 'isth_dic_2025', 'fibrin_marker',
        CASE WHEN analyte = 'fdp' THEN 0 WHEN times_low > $d_dimer_strong_x OR (times_low = $d_dimer_strong_x AND low_is_strict) THEN 3
            WHEN times_low > $d_dimer_moderate_x OR (times_low = $d_dimer_moderate_x AND low_is_strict) THEN 2 ELSE 0 END,
        CASE WHEN value_word IN ('normal', 'negative') OR high <= ref_high THEN 0 WHEN analyte = 'fdp' OR times_high IS NULL OR times_high > $d_dimer_strong_x THEN 3
            WHEN times_high > $d_dimer_moderate_x THEN 2 ELSE 0 END,
        CASE WHEN analyte = 'fdp' THEN reason('d_dimer_thresholds_only') WHEN ref_high IS NULL AND value_word IS NULL THEN reason('no_reference_range')
            WHEN value_word IS NOT NULL THEN reason('raised_without_number')
            WHEN times_low = times_high THEN reason('times_upper_limit', number := round(times_low::DOUBLE, 2)) END
    FROM results WHERE analyte IN ('d_dimer', 'd_dimer_feu', 'fdp')
    UNION ALL
    -- The INR stands in for the PT at the cut-offs of SIC, as an approximation that the readings name.
    SELECT case_id, row_id, s.score, s.item,
        CASE WHEN d.drug_rows IS NOT NULL THEN 0 WHEN low > 1.4 THEN 2 WHEN low > 1.2 THEN 1 ELSE 0 END,
        CASE WHEN high > 1.4 THEN 2 WHEN high > 1.2 THEN 1 ELSE 0 END,
        CASE WHEN s.score <> 'sic' THEN reason('inr_for_pt') END
    FROM results LEFT JOIN prolonging d USING (case_id, row_id)
    CROSS JOIN (SELECT unnest(['isth_dic_2001', 'isth_dic_2025', 'sic']) AS score, unnest(['inr_for_pt', 'inr_for_pt', 'inr']) AS item) s
    WHERE analyte = 'inr'
    UNION ALL
    SELECT case_id, row_id, 'sic', 'platelets', CASE WHEN high < 100 THEN 2 WHEN high < 150 THEN 1 ELSE 0 END,
        CASE WHEN low < 100 THEN 2 WHEN low < 150 THEN 1 ELSE 0 END, NULL
    FROM results WHERE analyte = 'platelets'
)
SELECT p.case_id, p.row_id, p.score, p.item, p.low::DOUBLE AS low, p.high::DOUBLE AS high,
    p.note, CASE WHEN p.high > 0 THEN d.drug_rows END AS drug_rows, r.earliest, r.latest, r.anchor, r.offset_min, r.time_form
FROM points p JOIN results r USING (case_id, row_id) LEFT JOIN prolonging d USING (case_id, row_id)
