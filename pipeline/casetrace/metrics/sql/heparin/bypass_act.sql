-- title: ACT on cardiopulmonary bypass
-- grain: one row per case; 1 when no ACT reached the threshold after the dose of heparin that should reach it
-- reads: cases, events, doses, anticoagulant_doses, lab_levels, patient_groups
-- params: bypass_act_s [s], bypass_dose_u_kg [[iU]/kg]
-- missing: not applicable without a bypass in the record; open where the heparin given before an ACT, its dose per kg, or whether an
--   ACT was drawn with the bypass is not known
-- source: ISTH SSC, Finding a common definition of heparin resistance in adult cardiac surgery: no ACT of 480 s after 500 U/kg
-- returns: metrics
-- metric: resistance_bypass_act | {yes_no} | No ACT at the threshold after the dose of heparin for bypass | stratum: none
WITH bypass AS (
    SELECT case_id, row_list(list(row_id)) AS event_rows, max(time_latest_min) FILTER (event = 'bypass_end') AS end_high,
        min(time_earliest_min) AS start_low
    FROM events WHERE event IN ('bypass_start', 'bypass_end') GROUP BY ALL
), boluses AS (
    -- Heparin of the day of the bypass: boluses, and totals, which may hold boluses.
    SELECT a.case_id, a.row_id, a.occurrence, a.moment, CASE WHEN a.kind = 'bolus' THEN a.moment ELSE a.end_moment END AS end_moment,
        CASE WHEN d.route IS NOT NULL AND d.purpose IS NOT NULL AND d.stat IS NULL THEN coalesce(d.amount_per_kg_low, 0) ELSE 0 END AS low,
        d.amount_per_kg_high AS high
    FROM anticoagulant_doses a JOIN doses d USING (case_id, row_id, occurrence) JOIN bypass b USING (case_id)
    WHERE a.drug = 'unfractionated heparin' AND a.kind <> 'infusion' AND a.moment.latest >= b.start_low - 1440
        AND (b.end_high IS NULL OR a.moment.earliest <= b.end_high)
), acts AS (
    SELECT l.case_id, l.row_id, l.moment, l.best, l.low, l.high, l.high_is_strict,
        -- Before the first heparin an ACT is a baseline.
        l.moment.earliest >= b.start_low - 1440 AND (b.end_high IS NULL OR l.moment.latest <= b.end_high) AS is_sure
    FROM lab_levels l JOIN bypass b USING (case_id)
    WHERE l.analyte = 'act' AND l.is_counted AND NOT l.is_mean AND l.moment.latest >= b.start_low - 1440
        AND (b.end_high IS NULL OR l.moment.earliest <= b.end_high)
), summed AS (
    SELECT t.case_id, t.row_id, any_value(t.low) AS act_low, any_value(t.high) AS act_high,
        any_value(t.high_is_strict) AS high_is_strict, any_value(t.is_sure) AS is_sure,
        coalesce(sum(b.low) FILTER (surely_before(b.end_moment, t.moment)), 0) AS dose_low,
        CASE WHEN coalesce(bool_and(b.high IS NOT NULL) FILTER (NOT surely_before(t.moment, b.moment)), true)
            THEN coalesce(sum(b.high) FILTER (NOT surely_before(t.moment, b.moment)), 0) END AS dose_high,
        list(b.row_id) FILTER (NOT surely_before(t.moment, b.moment)) AS dose_rows
    FROM acts t LEFT JOIN boluses b USING (case_id) GROUP BY t.case_id, t.row_id
), judged AS (
    SELECT case_id, count(*) AS n,
        bool_or(is_sure AND act_low >= $bypass_act_s AND dose_high <= $bypass_dose_u_kg) AS is_reached,
        bool_or(is_sure AND (act_high < $bypass_act_s OR (act_high = $bypass_act_s AND high_is_strict))
            AND dose_low >= $bypass_dose_u_kg) AS is_low_after,
        -- A result that may have reached it with no more than that dose.
        bool_or(coalesce(act_high >= $bypass_act_s, true) AND dose_low <= $bypass_dose_u_kg) AS may_be_reached,
        bool_and(coalesce(dose_high < $bypass_dose_u_kg, false)) AS is_never_given,
        row_list(list_concat(list(row_id), flatten(list(coalesce(dose_rows, []))))) AS row_ids
    FROM summed GROUP BY ALL
), verdicts AS (
    SELECT c.case_id, b.case_id IS NOT NULL AS has_bypass, b.event_rows, j.n, j.row_ids, g.is_in_group, g.group_reasons, g.group_rows,
        yes_no(j.is_low_after AND NOT j.may_be_reached, j.is_reached OR j.is_never_given) AS found
    FROM cases c JOIN patient_groups g USING (case_id) LEFT JOIN bypass b USING (case_id) LEFT JOIN judged j USING (case_id)
), decided AS (
    SELECT *, NOT has_bypass OR NOT coalesce(is_in_group, true) AS is_outside,
        CASE WHEN NOT (found = 1 AND is_in_group IS NULL) THEN found END AS verdict
    FROM verdicts
)
SELECT case_id, 'resistance_bypass_act' AS metric, '' AS stratum, CASE WHEN NOT is_outside AND n > 0 THEN verdict END AS value,
    CASE WHEN NOT is_outside AND n > 0 THEN coalesce(verdict, 0) END AS low,
    CASE WHEN NOT is_outside AND n > 0 THEN coalesce(verdict, 1) END AS high, '{yes_no}' AS unit,
    CASE WHEN is_outside THEN 'not_applicable' ELSE status_of(n, verdict) END AS status,
    CASE WHEN NOT has_bypass THEN [reason('not_in_record', term := 'cardiopulmonary bypass')] WHEN is_outside THEN group_reasons
        WHEN n IS NULL THEN [reason('no_act_of_bypass')]
        WHEN found = 1 AND verdict IS NULL THEN group_reasons
        WHEN verdict IS NULL THEN [reason('heparin_before_act_open')] END AS reasons,
    row_list(list_concat(event_rows, row_ids, CASE WHEN NOT is_in_group THEN group_rows END)) AS row_ids
FROM decided
