-- title: Results drawn while an infusion was held
-- grain: one row per case, metric and anticoagulant under which a result may have been drawn
-- reads: monitored_labs, anticoagulant_stretches
-- params: none
-- missing: these results count under the anticoagulant too; one that may have been drawn in a hold, because an end, a start or
--   its own time is not certain, is in the upper bound only
-- source: a hold lies between the end of an infusion and the next dose of the same course; a bolus given within it ends it. Starts
--   and ends as printed: how long the drug acts on after its end is not taken into account
-- returns: metrics
-- metric: aptt_n_while_held | {count} | aPTT results drawn while the infusion was held | stratum: anticoagulant
-- metric: anti_xa_ufh_n_while_held | {count} | Anti-Xa results drawn while the infusion was held | stratum: anticoagulant
-- metric: act_n_while_held | {count} | ACT results drawn while the infusion was held | stratum: anticoagulant
WITH compared AS (
    SELECT m.case_id, m.analyte, m.drug, m.course, m.row_id, m.is_sure, g.number, g.is_bolus, g.end_moment,
        surely_before(g.start_moment, m.moment) AS has_begun, surely_before(m.moment, g.start_moment) AS is_later,
        surely_before(g.end_moment, m.moment) AS has_ended,
        surely_before(m.moment, g.end_moment) OR coalesce(gap_low(m.moment, g.end_moment) >= 0, false) AS is_not_ended
    FROM monitored_labs m JOIN anticoagulant_stretches g USING (case_id, course) WHERE m.is_single
), boluses AS (
    -- Whether a bolus surely lies, or may lie, between the end of an infusion and the result.
    SELECT b.case_id, b.course, b.row_id, b.number,
        b.has_begun AND bool_and(s.is_not_ended OR s.is_later OR surely_before(s.end_moment, b.end_moment)) AS is_since,
        NOT bool_or(s.has_ended AND surely_before(b.end_moment, s.end_moment)) AS may_be_since
    FROM compared b JOIN compared s USING (case_id, course, row_id)
    WHERE b.is_bolus AND NOT s.is_bolus AND NOT b.is_later GROUP BY b.case_id, b.course, b.row_id, b.number, b.has_begun
), since AS (
    SELECT case_id, course, row_id, bool_or(is_since) AS is_since, bool_or(may_be_since) AS may_be_since FROM boluses GROUP BY ALL
), around AS (
    SELECT case_id, analyte, drug, course, row_id, is_sure,
        bool_or(NOT is_bolus AND has_ended) AND bool_and(is_bolus OR has_ended OR is_later) AND bool_or(is_later) AS is_between,
        -- It may lie after the end of one infusion and before the start of another dose.
        bool_or(NOT is_bolus AND NOT is_later AND NOT is_not_ended) AND NOT bool_or(NOT is_bolus AND has_begun AND is_not_ended)
            AND min(number) FILTER (NOT is_bolus AND NOT is_later AND NOT is_not_ended) < max(number) FILTER (NOT has_begun)
            AS may_be_between
    FROM compared GROUP BY ALL
), judged AS (
    SELECT a.* EXCLUDE (may_be_between), is_sure AND is_between AND NOT coalesce(b.may_be_since, false) AS is_held,
        may_be_between AND NOT coalesce(b.is_since, false) AS may_be_held
    FROM around a LEFT JOIN since b USING (case_id, course, row_id)
), tallied AS (
    SELECT case_id, analyte, drug, count(*) FILTER (is_held) AS n, count(*) FILTER (may_be_held) AS n_possible,
        row_list(list(row_id) FILTER (may_be_held)) AS row_ids, row_list(list(row_id) FILTER (may_be_held AND NOT is_held)) AS open_rows
    FROM judged GROUP BY ALL
)
SELECT case_id, analyte || '_n_while_held' AS metric, drug AS stratum, CASE WHEN n = n_possible THEN n END::DOUBLE AS value,
    n::DOUBLE AS low, n_possible::DOUBLE AS high, '{count}' AS unit,
    CASE WHEN n = n_possible THEN 'ok' ELSE 'not_computable' END AS status,
    about_rows([reason('may_be_drawn_while_held', open_rows, term := drug)]) AS reasons, row_ids
FROM tallied
