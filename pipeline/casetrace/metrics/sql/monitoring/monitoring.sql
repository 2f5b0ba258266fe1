-- title: aPTT, anti-Xa and ACT under each anticoagulant
-- grain: one row per case, metric and anticoagulant under which a result may have been drawn or for which a target is given
-- reads: target_verdicts, lab_summary, targets, anticoagulant_courses, time_to_target, time_in_range
-- params: none
-- missing: results count when they surely lie within a course and under no other anticoagulant that replaces the drug; a vitamin
--   K antagonist may be given as well. One drawn in a pause too long to count as going on is in the number of results alone. A
--   mean, a median, a lowest, a highest or a span stands for several results: the number is then a lower bound, and no share
--   counts them. Without a printed target nothing is in or out of it
-- source: results and targets as printed; time in range by Rosendaal FR et al., Thromb Haemost 1993;69:236-239
-- returns: metrics
-- metric: aptt_first | s | First aPTT under the anticoagulant | stratum: anticoagulant
-- metric: aptt_last | s | Last aPTT under the anticoagulant | stratum: anticoagulant
-- metric: aptt_max | s | Highest aPTT under the anticoagulant | stratum: anticoagulant
-- metric: aptt_mean | s | Mean or median aPTT under the anticoagulant, as printed | stratum: anticoagulant
-- metric: aptt_n | {count} | aPTT results under the anticoagulant | stratum: anticoagulant
-- metric: aptt_time_to_target | min | From the first dose to the first aPTT in target | stratum: anticoagulant
-- metric: aptt_share_in_target | % | Share of aPTT results in target | stratum: anticoagulant
-- metric: aptt_time_in_range | % | Share of time with the aPTT in target, interpolated | stratum: anticoagulant
-- metric: anti_xa_ufh_first | [iU]/mL | First anti-Xa under the anticoagulant | stratum: anticoagulant
-- metric: anti_xa_ufh_last | [iU]/mL | Last anti-Xa under the anticoagulant | stratum: anticoagulant
-- metric: anti_xa_ufh_max | [iU]/mL | Highest anti-Xa under the anticoagulant | stratum: anticoagulant
-- metric: anti_xa_ufh_mean | [iU]/mL | Mean or median anti-Xa under the anticoagulant, as printed | stratum: anticoagulant
-- metric: anti_xa_ufh_n | {count} | Anti-Xa results under the anticoagulant | stratum: anticoagulant
-- metric: anti_xa_ufh_time_to_target | min | From the first dose to the first anti-Xa in target | stratum: anticoagulant
-- metric: anti_xa_ufh_share_in_target | % | Share of anti-Xa results in target | stratum: anticoagulant
-- metric: anti_xa_ufh_time_in_range | % | Share of time with the anti-Xa in target, interpolated | stratum: anticoagulant
-- metric: act_first | s | First ACT under the anticoagulant | stratum: anticoagulant
-- metric: act_last | s | Last ACT under the anticoagulant | stratum: anticoagulant
-- metric: act_max | s | Highest ACT under the anticoagulant | stratum: anticoagulant
-- metric: act_mean | s | Mean or median ACT under the anticoagulant, as printed | stratum: anticoagulant
-- metric: act_n | {count} | ACT results under the anticoagulant | stratum: anticoagulant
-- metric: act_time_to_target | min | From the first dose to the first ACT in target | stratum: anticoagulant
-- metric: act_share_in_target | % | Share of ACT results in target | stratum: anticoagulant
-- metric: act_time_in_range | % | Share of time with the ACT in target, interpolated | stratum: anticoagulant
WITH monitored AS (
    SELECT DISTINCT case_id, drug, analyte FROM target_verdicts
    UNION
    SELECT DISTINCT c.case_id, c.drug, t.analyte FROM anticoagulant_courses c
    JOIN targets t ON t.case_id = c.case_id AND t.anticoagulant = c.drug AND t.role = 'aim' AND t.analyte IN ('aptt', 'anti_xa_ufh', 'act')
), tallied AS (
    SELECT case_id, drug, analyte, count(*) FILTER (is_single AND (is_on OR NOT is_sure)) AS n_singles_possible,
        -- A span prints two results, its ends.
        sum(CASE WHEN stat = 'range' THEN 2 ELSE 1 END) FILTER (is_sure) AS n,
        sum(CASE WHEN stat = 'range' THEN 2 ELSE 1 END) AS n_possible, coalesce(bool_or(is_of_several), false) AS is_at_least,
        count(*) FILTER (is_on) AS n_on,
        count(*) FILTER (is_on AND NOT is_of_several) AS n_one, count(*) FILTER (is_on AND NOT is_of_several AND is_in) AS n_in,
        count(*) FILTER (is_on AND NOT is_of_several AND is_out) AS n_out,
        bool_or(has_target OR is_in OR is_out) FILTER (NOT is_mean) AS has_target,
        CASE WHEN count(DISTINCT best) FILTER (is_mean AND is_on) = 1 AND bool_and(best IS NOT NULL) FILTER (is_mean AND is_on)
            THEN min(best) FILTER (is_mean AND is_on) END AS mean_best,
        min(low) FILTER (is_mean AND is_on) AS mean_low,
        CASE WHEN bool_and(high IS NOT NULL) FILTER (is_mean AND is_on) THEN max(high) FILTER (is_mean AND is_on) END AS mean_high,
        max(low) FILTER (is_mean AND is_on) AS highest_mean,
        row_list(list(row_id) FILTER (is_mean AND is_on)) AS mean_rows, row_list(list(row_id) FILTER (is_mean)) AS all_mean_rows,
        row_list(list(row_id) FILTER (is_of_several)) AS several_rows,
        row_list(list(row_id) FILTER (NOT is_sure AND beside IS NULL)) AS possible_rows,
        row_list(list(row_id) FILTER (is_sure AND is_held)) AS held_rows,
        row_list(list(row_id) FILTER (is_sure AND NOT is_held AND NOT is_on)) AS may_be_held_rows,
        flatten(list(list_transform(beside, lambda other: reason('counted_under_neither', [row_id], term := other)))) AS with_others,
        flatten(list(list_transform(bridging, lambda other: reason('given_as_well', [row_id], term := other))) FILTER (is_sure)) AS bridged,
        row_list(list(row_id) FILTER (NOT is_on)) AS possible_list,
        row_list(list_concat(list(row_id) FILTER (is_sure), flatten(list(coalesce(target_row_ids, [])) FILTER (is_sure)))) AS row_ids,
        row_list(list_concat(list(row_id) FILTER (is_on AND NOT is_of_several),
            flatten(list(coalesce(target_row_ids, [])) FILTER (is_on AND NOT is_of_several)))) AS share_rows
    FROM target_verdicts GROUP BY ALL
), units AS (
    SELECT unnest(['aptt', 'anti_xa_ufh', 'act']) AS analyte, unnest(['s', '[iU]/mL', 's']) AS unit
), gathered AS (
    SELECT m.case_id, m.drug, m.analyte, u.unit, coalesce(t.n, 0) AS n, coalesce(t.n_possible, 0) AS n_possible,
        coalesce(t.n_on, 0) AS n_on, coalesce(t.n_one, 0) AS n_one, coalesce(t.n_singles_possible, 0) AS n_singles_possible,
        t.n_in, t.n_out, coalesce(t.is_at_least, false) AS is_at_least, t.mean_best, t.mean_low, t.mean_high, t.highest_mean,
        t.mean_rows, t.all_mean_rows, coalesce(t.has_target, false) AS has_target, t.row_ids, t.share_rows, t.possible_list,
        EXISTS (FROM targets g WHERE g.case_id = m.case_id AND g.analyte = m.analyte AND g.role = 'aim'
            AND (g.anticoagulant = m.drug OR g.anticoagulant IS NULL)) OR coalesce(t.has_target, false) AS target_is_printed,
        list_concat(t.with_others, t.bridged, about_rows([
            reason('may_be_drawn_under', t.possible_rows, term := m.drug), reason('drawn_while_held', t.held_rows, term := m.drug),
            reason('may_be_drawn_while_held', t.may_be_held_rows, term := m.drug)])) AS possible,
        about_rows([reason('several_not_counted', t.several_rows)]) AS several,
        about_rows([reason('at_least_so_many', t.several_rows)]) AS at_least,
        [reason('no_' || m.analyte || '_surely_under', term := m.drug)] AS none_sure,
        CASE WHEN coalesce(t.n_on, 0) = 0 THEN none_sure
            WHEN t.n_singles_possible = 0 THEN [reason('no_single_' || m.analyte, term := m.drug)] END AS no_single,
        list_concat([reason('no_target_printed', term := CASE m.drug WHEN 'unfractionated heparin' THEN 'heparin' ELSE m.drug END)],
            about_rows([reason('target_only_cited', (
                SELECT list(g.row_id) FROM targets g WHERE g.case_id = m.case_id AND g.analyte = m.analyte AND g.role = 'cited'
                    AND (g.anticoagulant = m.drug OR g.anticoagulant IS NULL)))])) AS no_target,
        s.* EXCLUDE (case_id, analyte, stratum, unit, n, row_ids),
        x.value AS to_target, x.low AS to_target_low, x.high AS to_target_high, x.is_certain AS to_target_is_certain,
        x.row_ids AS to_target_rows, x.after_pause_rows, r.value AS in_range, r.low AS in_range_low, r.high AS in_range_high,
        r.open AS in_range_open, r.row_ids AS in_range_rows
    FROM monitored m
    JOIN units u USING (analyte)
    LEFT JOIN tallied t USING (case_id, drug, analyte)
    LEFT JOIN lab_summary s ON s.case_id = m.case_id AND s.analyte = m.analyte AND s.stratum = m.drug
    LEFT JOIN time_to_target x ON x.case_id = m.case_id AND x.drug = m.drug AND x.analyte = m.analyte
    LEFT JOIN time_in_range r ON r.case_id = m.case_id AND r.drug = m.drug AND r.analyte = m.analyte
), listed AS (
    SELECT case_id, drug, unnest([
        {'metric': analyte || '_first', 'value': first_best, 'low': first_low, 'high': first_high, 'unit': unit,
            'has_data': n_singles_possible > 0, 'open': list_concat(no_single, first_reasons, possible),
            'row_ids': coalesce(first_rows, possible_list)},
        {'metric': analyte || '_last', 'value': last_best, 'low': last_low, 'high': last_high, 'unit': unit,
            'has_data': n_singles_possible > 0, 'open': list_concat(no_single, last_reasons, possible),
            'row_ids': coalesce(last_rows, possible_list)},
        -- A mean above every printed result shows that a higher one is not printed.
        {'metric': analyte || '_max', 'value': CASE WHEN highest_mean IS NULL OR highest_mean <= highest_best THEN highest_best END,
            'low': greatest(highest_low, highest_mean),
            'high': CASE WHEN highest_mean IS NULL OR highest_mean <= highest_best THEN highest_high END, 'unit': unit,
            'has_data': n_singles_possible > 0 OR highest_low IS NOT NULL OR highest_mean IS NOT NULL,
            'open': list_concat(CASE WHEN n_on = 0 THEN none_sure END, highest_reasons,
                CASE WHEN highest_mean > coalesce(highest_low, -1) THEN [reason('none_as_high_as_mean', mean_rows)] END, possible),
            'row_ids': CASE WHEN highest_low IS NULL THEN coalesce(nullif(mean_rows, []), possible_list)
                WHEN highest_mean > highest_low THEN list_concat(highest_rows, mean_rows) ELSE highest_rows END},
        {'metric': analyte || '_mean', 'value': mean_best, 'low': mean_low, 'high': mean_high, 'unit': unit,
            'has_data': coalesce(len(all_mean_rows), 0) > 0,
            'open': CASE WHEN coalesce(len(all_mean_rows), 0) = 0 THEN [reason('no_mean_' || analyte, term := drug)]
                WHEN len(mean_rows) = 0 THEN none_sure WHEN mean_best IS NULL THEN [reason('several_means', mean_rows)] END,
            'row_ids': CASE WHEN len(mean_rows) > 0 THEN mean_rows ELSE all_mean_rows END},
        {'metric': analyte || '_n', 'value': n::DOUBLE, 'low': n::DOUBLE,
            'high': CASE WHEN NOT is_at_least THEN n_possible END::DOUBLE, 'unit': '{count}',
            'has_data': true, 'open': list_concat(possible, at_least), 'row_ids': row_ids},
        {'metric': analyte || '_time_to_target', 'value': CASE WHEN target_is_printed THEN to_target END::DOUBLE,
            'low': CASE WHEN target_is_printed THEN to_target_low END::DOUBLE,
            'high': CASE WHEN target_is_printed THEN to_target_high END::DOUBLE, 'unit': 'min',
            'has_data': n_possible > 0 AND (NOT target_is_printed OR to_target_rows IS NOT NULL OR after_pause_rows IS NOT NULL),
            'open': CASE WHEN NOT target_is_printed THEN no_target
                WHEN after_pause_rows IS NOT NULL AND NOT coalesce(to_target_is_certain, false)
                    THEN [reason('in_target_after_pause', after_pause_rows, term := drug)]
                WHEN to_target_rows IS NULL THEN [reason('no_' || analyte || '_in_target', term := drug)]
                WHEN NOT to_target_is_certain THEN [reason('no_' || analyte || '_surely_in_target', term := drug)]
                WHEN to_target IS NULL THEN [reason('earlier_may_be_in_target')] END,
            'row_ids': coalesce(to_target_rows, after_pause_rows)},
        {'metric': analyte || '_share_in_target',
            'value': CASE WHEN n_one > 0 AND has_target AND n_in + n_out = n_one THEN 100.0 * n_in / n_one END::DOUBLE,
            'low': CASE WHEN n_one > 0 AND target_is_printed THEN 100.0 * n_in / n_one END::DOUBLE,
            'high': CASE WHEN n_one > 0 AND target_is_printed THEN 100.0 * (n_one - n_out) / n_one END::DOUBLE,
            'unit': '%', 'has_data': n_possible > 0,
            'open': CASE WHEN NOT target_is_printed THEN no_target
                WHEN n_one = 0 THEN list_concat(CASE WHEN n_on = 0 THEN none_sure END, possible, several)
                ELSE list_concat([reason('results_counted', number := n_one), reason('results_in_target', number := n_in),
                    CASE WHEN n_in + n_out < n_one THEN reason('results_undecided', number := n_one - n_in - n_out) END],
                    possible, several) END,
            'row_ids': share_rows},
        {'metric': analyte || '_time_in_range', 'value': in_range, 'low': in_range_low, 'high': in_range_high, 'unit': '%',
            'has_data': n_possible > 0,
            'open': CASE WHEN NOT target_is_printed THEN no_target WHEN n_on = 0 THEN none_sure
                ELSE in_range_open END, 'row_ids': coalesce(in_range_rows, possible_list)}
    ], recursive := true)
    FROM gathered
), known AS (
    -- What is equal at both bounds is known.
    SELECT * EXCLUDE (value), coalesce(value, CASE WHEN low = high THEN low END) AS value FROM listed
)
SELECT case_id, metric, drug AS stratum, value,
    CASE WHEN has_data THEN low END AS low, CASE WHEN has_data THEN high END AS high, unit,
    CASE WHEN NOT has_data THEN 'no_data' WHEN value IS NULL THEN 'not_computable' ELSE 'ok' END AS status,
    reasons(open) AS reasons, row_list(row_ids) AS row_ids
FROM known
