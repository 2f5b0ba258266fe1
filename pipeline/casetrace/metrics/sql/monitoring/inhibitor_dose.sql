-- title: Dose of a direct thrombin inhibitor at its first aPTT in target
-- grain: one row per case and direct thrombin inhibitor with a course
-- reads: anticoagulant_doses, doses, time_to_target, target_verdicts, targets, lab_levels
-- params: none
-- missing: not computable where which result was the first in target, or which infusion ran then, is not certain; the rates that
--   may have run then are its bounds
-- source: rates as printed, per kg where the source or a weight allows it
-- returns: metrics
-- metric: inhibitor_rate_at_target | varies | Infusion rate at the first aPTT in target under the anticoagulant | stratum: anticoagulant
WITH inhibitors AS (
    SELECT DISTINCT case_id, drug FROM anticoagulant_doses
    SEMI JOIN (SELECT DISTINCT drug FROM doses WHERE drug_class = 'direct thrombin inhibitor') USING (drug)
), aimed AS (
    SELECT v.case_id, v.drug, coalesce(bool_or(v.has_target OR v.is_in OR v.is_out OR t.row_id IS NOT NULL), false) AS has_target
    FROM target_verdicts v LEFT JOIN targets t ON t.case_id = v.case_id AND t.analyte = 'aptt' AND t.role = 'aim'
        AND (t.anticoagulant = v.drug OR t.anticoagulant IS NULL)
    WHERE v.analyte = 'aptt' GROUP BY v.case_id, v.drug
), firsts AS (
    SELECT i.case_id, i.drug, a.case_id IS NOT NULL AS has_result, coalesce(a.has_target, false) AS has_target, t.case_id IS NOT NULL AND t.row_ids IS NOT NULL AS may_be_reached, t.first_row, l.moment, t.row_ids
    FROM inhibitors i
    LEFT JOIN aimed a ON a.case_id = i.case_id AND a.drug = i.drug
    LEFT JOIN time_to_target t ON t.case_id = i.case_id AND t.drug = i.drug AND t.analyte = 'aptt'
    LEFT JOIN lab_levels l ON l.case_id = t.case_id AND l.row_id = t.first_row
), beside_rates AS (
    SELECT f.case_id, f.drug, d.row_id, coalesce(d.unit_per_kg, d.unit) AS unit, d.stat,
        CASE WHEN d.unit_per_kg IS NULL THEN d.amount ELSE d.amount_per_kg END::DOUBLE AS best,
        CASE WHEN d.unit_per_kg IS NULL THEN d.amount_low ELSE d.amount_per_kg_low END::DOUBLE AS low,
        CASE WHEN d.unit_per_kg IS NULL THEN d.amount_high ELSE d.amount_per_kg_high END::DOUBLE AS high,
        surely_before(a.moment, f.moment)
            AND (surely_before(f.moment, a.end_moment) OR coalesce(gap_low(f.moment, a.end_moment) >= 0, false)) AS is_running
    FROM firsts f
    JOIN anticoagulant_doses a ON a.case_id = f.case_id AND a.drug = f.drug AND a.kind = 'infusion'
    JOIN doses d ON d.case_id = a.case_id AND d.row_id = a.row_id AND d.occurrence = a.occurrence
    WHERE f.first_row IS NOT NULL AND NOT surely_before(f.moment, a.moment) AND NOT surely_before(a.end_moment, f.moment)
        -- Drawn at the very minute of a change, it is a result of the rate before.
        AND NOT coalesce(gap_low(f.moment, a.moment) >= 0, false)
), rates AS (
    SELECT case_id, drug, min(unit) AS unit, count(*) AS n, count(DISTINCT unit) = 1 AS is_one_unit,
        bool_and(is_running AND stat IS NULL) AS is_certain, min(best) AS best,
        min(CASE WHEN stat IS NULL OR stat IN ('mean', 'min', 'range') THEN low ELSE 0 END) AS low,
        CASE WHEN bool_and(high IS NOT NULL AND coalesce(stat, '') IN ('', 'max', 'range')) THEN max(high) END AS high,
        row_list(list(row_id)) AS rate_rows
    FROM beside_rates GROUP BY ALL
), judged AS (
    SELECT f.case_id, f.drug, f.has_result, f.has_target, f.may_be_reached, f.first_row, f.row_ids, r.unit, r.n, r.low, r.high, r.rate_rows, r.is_one_unit,
        CASE WHEN f.has_target AND r.n = 1 AND r.is_certain THEN r.best END AS best
    FROM firsts f LEFT JOIN rates r USING (case_id, drug)
)
SELECT case_id, 'inhibitor_rate_at_target' AS metric, drug AS stratum, best AS value,
    CASE WHEN is_one_unit AND has_target THEN least(low, best) END AS low,
    CASE WHEN is_one_unit AND has_target THEN greatest(high, best) END AS high,
    coalesce(unit, 'mg/h') AS unit,
    CASE WHEN NOT has_result OR (has_target AND NOT may_be_reached) THEN 'no_data' WHEN best IS NULL THEN 'not_computable' ELSE 'ok' END AS status,
    reasons([CASE WHEN NOT has_result THEN reason('no_aptt_under', term := drug)
        WHEN NOT has_target THEN reason('no_target_printed', term := drug)
        WHEN NOT may_be_reached THEN reason('no_aptt_may_be_in_target', term := drug)
        WHEN first_row IS NULL THEN reason('first_in_target_not_certain', row_ids)
        WHEN n IS NULL THEN reason('no_infusion_at_target', term := drug)
        WHEN n > 1 OR best IS NULL THEN reason('rate_at_target_not_certain', rate_rows) END]) AS reasons,
    row_list(list_concat(CASE WHEN first_row IS NULL THEN row_ids ELSE [first_row] END, rate_rows)) AS row_ids
FROM judged
