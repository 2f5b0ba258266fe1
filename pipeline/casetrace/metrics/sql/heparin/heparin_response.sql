-- title: Response to a bolus of heparin
-- grain: one row per case, analyte and heparin bolus with a result before it and one after it
-- reads: doses, anticoagulant_doses, lab_levels
-- params: response_within_h [h]
-- missing: the results are the last that is surely before and the first that is surely after the bolus, and no other heparin bolus
--   may lie between them; not computable where that, a number, or the dose per kg is not known
-- source: heparin sensitivity index, (ACT after heparin - ACT before) / dose per kg, doi 10.1186/s40981-023-00642-8; the same for
--   the aPTT
-- returns: metrics
-- metric: heparin_response_act | s.kg/[iU] | Rise of the ACT for each U/kg of the bolus | stratum: heparin bolus
-- metric: heparin_response_aptt | s.kg/[iU] | Rise of the aPTT for each U/kg of the bolus | stratum: heparin bolus
WITH boluses AS (
    SELECT a.case_id, a.row_id, a.moment, a.is_given, d.amount_per_kg, d.amount_per_kg_low, d.amount_per_kg_high, d.weight_row_ids
    FROM anticoagulant_doses a JOIN doses d USING (case_id, row_id, occurrence)
    WHERE a.drug = 'unfractionated heparin' AND a.kind = 'bolus' AND a.occurrence = 1
        AND (SELECT count(*) FROM doses o WHERE o.case_id = a.case_id AND o.row_id = a.row_id) = 1
), levels AS (
    SELECT * FROM lab_levels WHERE analyte IN ('act', 'aptt') AND is_counted AND is_single AND coalesce(stat, '') <> 'initial'
), sided AS (
    SELECT b.case_id, b.row_id AS bolus, l.analyte, l.row_id, l.moment, l.best, l.low, l.high, b.moment AS given,
        surely_before(l.moment, b.moment) AS is_before, surely_before(b.moment, l.moment) AS is_after
    FROM boluses b JOIN levels l USING (case_id)
    WHERE gap_low(b.moment, l.moment) <= $response_within_h * 60 AND gap_low(l.moment, b.moment) <= 1440
), chosen AS (
    -- The neighbours of the bolus: no other result surely lies between.
    SELECT s.*, NOT s.is_before AND NOT s.is_after AS is_open,
        EXISTS (FROM sided o WHERE o.case_id = s.case_id AND o.bolus = s.bolus AND o.analyte = s.analyte AND o.row_id <> s.row_id
            AND ((s.is_before AND o.is_before AND surely_before(s.moment, o.moment))
                OR (s.is_after AND o.is_after AND surely_before(o.moment, s.moment)))) AS is_farther
    FROM sided s
), framed AS (
    SELECT case_id, bolus, analyte, bool_or(is_open) AS is_open, any_value(given) AS given,
        count(*) FILTER (is_before) AS n_before, count(*) FILTER (is_after) AS n_after,
        any_value(row_id) FILTER (is_before) AS before_row, any_value(moment) FILTER (is_before) AS before_moment,
        any_value(best) FILTER (is_before) AS best_before, any_value(low) FILTER (is_before) AS low_before,
        any_value(high) FILTER (is_before) AS high_before,
        any_value(row_id) FILTER (is_after) AS after_row, any_value(moment) FILTER (is_after) AS after_moment,
        any_value(best) FILTER (is_after) AS best_after, any_value(low) FILTER (is_after) AS low_after,
        any_value(high) FILTER (is_after) AS high_after, row_list(list(row_id)) AS lab_rows
    FROM chosen WHERE NOT is_farther GROUP BY ALL HAVING count(*) FILTER (is_before) > 0 AND count(*) FILTER (is_after) > 0
), others AS (
    SELECT f.case_id, f.bolus, f.analyte, row_list(list(o.row_id)) AS other_rows
    FROM framed f JOIN anticoagulant_doses o ON o.case_id = f.case_id AND o.drug = 'unfractionated heparin' AND o.row_id <> f.bolus
    WHERE o.kind <> 'infusion' AND NOT surely_before(f.after_moment, o.moment)
        AND NOT surely_before(CASE WHEN o.kind = 'bolus' THEN o.moment ELSE o.end_moment END, f.before_moment)
        AND NOT coalesce(gap_low(o.end_moment, f.before_moment) >= 0, false)
    GROUP BY ALL
), running AS (
    SELECT f.case_id, f.bolus, f.analyte, row_list(list(o.row_id)) AS running_rows
    FROM framed f JOIN anticoagulant_doses o ON o.case_id = f.case_id AND o.drug = 'unfractionated heparin' AND o.kind = 'infusion'
    WHERE NOT surely_before(f.after_moment, o.moment) AND NOT surely_before(o.end_moment, f.before_moment)
    GROUP BY ALL
), judged AS (
    SELECT f.*, b.weight_row_ids, b.amount_per_kg, o.other_rows, r.running_rows,
        f.n_before = 1 AND f.n_after = 1 AND NOT f.is_open AND o.other_rows IS NULL AND b.is_given AND b.amount_per_kg_low > 0 AS is_framed,
        f.best_after - f.best_before AS rise, f.low_after - f.high_before AS rise_low, f.high_after - f.low_before AS rise_high,
        b.amount_per_kg_low::DOUBLE AS dose_low, b.amount_per_kg_high::DOUBLE AS dose_high
    FROM framed f JOIN boluses b ON b.case_id = f.case_id AND b.row_id = f.bolus
    LEFT JOIN others o ON o.case_id = f.case_id AND o.bolus = f.bolus AND o.analyte = f.analyte
    LEFT JOIN running r ON r.case_id = f.case_id AND r.bolus = f.bolus AND r.analyte = f.analyte
), bounded AS (
    SELECT *, CASE WHEN is_framed THEN rise / amount_per_kg::DOUBLE END AS best,
        CASE WHEN is_framed THEN rise_low / CASE WHEN rise_low < 0 THEN dose_low ELSE dose_high END END AS low,
        CASE WHEN is_framed THEN rise_high / CASE WHEN rise_high < 0 THEN dose_high ELSE dose_low END END AS high
    FROM judged
)
SELECT case_id, 'heparin_response_' || analyte AS metric, bolus AS stratum, best AS value, least(low, best) AS low,
    greatest(high, best) AS high, 's.kg/[iU]' AS unit, CASE WHEN best IS NULL THEN 'not_computable' ELSE 'ok' END AS status,
    reasons([
        CASE WHEN amount_per_kg IS NULL THEN reason('bolus_per_kg_unknown') END,
        CASE WHEN other_rows IS NOT NULL THEN reason('other_heparin_between', other_rows) END,
        CASE WHEN n_before > 1 OR n_after > 1 OR is_open THEN reason('next_to_bolus_not_certain', lab_rows) END,
        CASE WHEN running_rows IS NOT NULL THEN reason('infusion_as_well', running_rows) END
    ]) AS reasons,
    row_list(list_concat([bolus, before_row, after_row], weight_row_ids)) AS row_ids
FROM bounded
