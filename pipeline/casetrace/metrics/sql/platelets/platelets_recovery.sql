-- title: Recovery of the platelet count
-- grain: one row per case and metric
-- reads: cases, platelet_counts, lab_values, lab_levels, platelet_nadirs
-- params: recovery_10e9_l [10*9/L]
-- missing: a count that may lie before the nadir, or on either side of the limit, widens the interval; a count within the time
--   after a platelet transfusion is no recovery; a count without a printed lower limit has that of the other counts where they
--   all print one and the same
-- source: counts, times and reference ranges as printed
-- returns: metrics
-- metric: platelets_recovery_first | min | First count of at least 150 after the nadir | stratum: none
-- metric: platelets_recovery_sustained | min | First such count with no later count below 150 | stratum: none
-- metric: platelets_recovery_reference_first | min | First count at or above its printed lower limit after the nadir | stratum: none
-- metric: platelets_recovery_reference_sustained | min | First such count with no later count below its printed lower limit | stratum: none
WITH printed AS (
    SELECT case_id, CASE WHEN min(ref_low) = max(ref_low) THEN min(ref_low) END AS ref_low, min(ref_low) AS lowest_limit, count(ref_low) > 0 AS has_reference
    FROM lab_values WHERE analyte = 'platelets' GROUP BY ALL
), counts AS (
    SELECT c.case_id, c.row_id, c.count_id, CASE WHEN NOT l.is_mean THEN l.time_min END AS time_min, c.earliest, c.latest, c.moment, c.place_low, c.place_high, c.low, c.high,
        c.is_raised, c.may_be_raised, c.transfusions, k.kind,
        CASE k.kind WHEN 'reference' THEN coalesce(l.ref_low, p.ref_low) ELSE $recovery_10e9_l END::DOUBLE AS lower_limit,
        CASE k.kind WHEN 'reference' THEN coalesce(l.ref_low, p.lowest_limit) ELSE $recovery_10e9_l END::DOUBLE AS least_limit
    FROM platelet_counts c JOIN lab_levels l ON l.case_id = c.case_id AND l.row_id = c.row_id
    JOIN printed p ON p.case_id = c.case_id CROSS JOIN (SELECT unnest(['150', 'reference']) AS kind) k
), nadirs AS (
    SELECT c.case_id, c.kind, c.count_id, c.moment, c.place_low, c.place_high, c.lower_limit, c.least_limit, n.low AS nadir_low, n.high AS nadir_high
    FROM counts c JOIN platelet_nadirs n ON n.case_id = c.case_id AND n.scope = 'record' AND list_contains(n.count_ids, c.count_id)
), lowest AS (
    SELECT case_id, kind, any_value(nadir_low) AS low, any_value(nadir_high) AS high, min(least_limit) AS limit_low,
        CASE WHEN count(lower_limit) = count(*) THEN max(lower_limit) END AS limit_high
    FROM nadirs GROUP BY ALL
), after_nadir AS (
    SELECT c.case_id, c.kind, c.count_id,
        bool_and(n.place_high <= c.place_low OR surely_before(n.moment, c.moment)) AS is_sure,
        bool_or(c.place_high <= n.place_low OR surely_before(c.moment, n.moment)) AS is_out
    FROM counts c JOIN nadirs n ON n.case_id = c.case_id AND n.kind = c.kind AND n.count_id <> c.count_id
    GROUP BY ALL
), placed AS (
    SELECT c.*, a.is_sure,
        -- A later count below its limit ends a recovery: the latest sure one, and the latest possible one.
        max(c.place_low) FILTER (c.high < lower_limit) OVER per_case AS below_from,
        max(c.place_high) FILTER (coalesce(c.low < lower_limit, true)) OVER per_case AS below_by,
        NOT a.is_out AND NOT c.is_raised AND coalesce(c.high >= c.lower_limit, true) AS may_be_recovered,
        a.is_sure AND NOT c.may_be_raised AND coalesce(c.low >= c.lower_limit, false) AS is_recovered
    FROM counts c JOIN after_nadir a USING (case_id, kind, count_id) WINDOW per_case AS (PARTITION BY c.case_id, c.kind)
), recovering AS (
    SELECT *, is_recovered AND coalesce(below_by <= place_low, true) AS is_lasting,
        may_be_recovered AND coalesce(below_from < place_high, true) AS may_be_lasting
    FROM placed
), recoveries AS (
    SELECT case_id, kind, which,
        min(time_min) FILTER (is_so) AS found, min(earliest) FILTER (may_be_so) AS low, min(latest) FILTER (is_so) AS high,
        row_list(list(row_id) FILTER (may_be_so AND NOT is_so)) AS open_rows, row_list(list(row_id) FILTER (may_be_so)) AS row_ids,
        bool_or(is_so) AS is_certain, bool_or(may_be_so) AS is_possible,
        min(earliest) FILTER (may_be_so AND NOT is_so) AS open_from, count(*) FILTER (is_so AND time_min IS NULL) AS n_untimed
    FROM (
        SELECT case_id, kind, row_id, time_min, earliest, latest, unnest([
            {'which': 'first', 'is_so': is_recovered, 'may_be_so': may_be_recovered},
            {'which': 'sustained', 'is_so': is_lasting, 'may_be_so': may_be_lasting}
        ], recursive := true) FROM recovering
    ) GROUP BY ALL
), transfused AS (
    SELECT case_id, kind, row_list(list(row_id)) AS raised_rows, row_list(flatten(list(transfusions))) AS transfusions
    FROM counts WHERE may_be_raised AND coalesce(high >= lower_limit, true) GROUP BY ALL
), judged AS (
    SELECT c.case_id, m.*, l.low AS nadir_low, r.* EXCLUDE (case_id, kind, which), t.raised_rows, t.transfusions,
        coalesce(p.has_reference, false) AS has_reference,
        CASE m.kind WHEN 'reference' THEN '_reference' ELSE '' END AS of_limit, CASE m.kind WHEN '150' THEN $recovery_10e9_l END AS fixed_limit,
        l.high < l.limit_low AS was_low, coalesce(l.low >= l.limit_high, false) AS was_never_low,
        CASE WHEN n_untimed = 0 AND (open_from IS NULL OR open_from > found) THEN found WHEN r.low = r.high THEN r.low END AS value
    FROM cases c CROSS JOIN (VALUES ('platelets_recovery_first', '150', 'first'), ('platelets_recovery_sustained', '150', 'sustained'),
        ('platelets_recovery_reference_first', 'reference', 'first'),
        ('platelets_recovery_reference_sustained', 'reference', 'sustained')) m(metric, kind, which)
    LEFT JOIN printed p USING (case_id)
    LEFT JOIN lowest l ON l.case_id = c.case_id AND l.kind = m.kind
    LEFT JOIN recoveries r ON r.case_id = c.case_id AND r.kind = m.kind AND r.which = m.which
    LEFT JOIN transfused t ON t.case_id = c.case_id AND t.kind = m.kind
), known AS (
    SELECT *, CASE WHEN nadir_low IS NULL OR (kind = 'reference' AND NOT has_reference) THEN 'no_data'
        WHEN was_never_low THEN 'not_applicable' WHEN NOT coalesce(is_possible, false) THEN 'no_data' END AS absent
    FROM judged
)
SELECT case_id, metric, '' AS stratum, CASE WHEN absent IS NULL AND was_low THEN value END::DOUBLE AS value,
    CASE WHEN absent IS NULL THEN low END::DOUBLE AS low, CASE WHEN absent IS NULL AND was_low THEN high END::DOUBLE AS high, 'min' AS unit,
    coalesce(absent, status_of(1, CASE WHEN was_low THEN value END)) AS status,
    reasons(list_concat([CASE WHEN nadir_low IS NULL THEN reason('not_in_record', term := 'platelet count')
            WHEN kind = 'reference' AND NOT has_reference THEN reason('no_lower_limit_printed')
            WHEN was_never_low THEN reason('never_below' || of_limit, number := fixed_limit)
            WHEN absent = 'no_data' THEN reason('never_recovered' || of_limit, number := fixed_limit)
            WHEN NOT coalesce(was_low, false) THEN reason('ever_below_open' || of_limit, number := fixed_limit)
            WHEN len(open_rows) > 0 THEN reason('may_be_recovered', open_rows)
            WHEN value IS NULL THEN reason('recovery_time_unknown') END],
        CASE WHEN len(raised_rows) > 0 AND (absent IS NULL OR absent = 'no_data')
            THEN [reason('raised_by_transfusion', raised_rows), reason('transfused_before', transfusions)] ELSE [] END)) AS reasons,
    CASE WHEN absent IS NULL THEN row_list(row_ids) ELSE [] END AS row_ids
FROM known
