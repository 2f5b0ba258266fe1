-- title: aPTT and anti-Xa drawn together under heparin
-- grain: one row per case and metric
-- reads: cases, target_verdicts
-- params: pair_within_min [min]
-- missing: a pair whose times leave open that it was drawn together, or whose sides of the targets are not known, is in the upper
--   bound only; a mean or another row that stands for several results is in no pair
-- source: pairs that are drawn simultaneously, Price EA et al., Ann Pharmacother 2013;47:151-158; discordant where one lies below,
--   in or above its target and the other on another side of its own
-- returns: metrics
-- metric: aptt_anti_xa_pairs | {count} | Pairs of aPTT and anti-Xa drawn together under heparin | stratum: none
-- metric: aptt_anti_xa_discordant | {count} | Pairs of aPTT and anti-Xa on different sides of their targets | stratum: none
WITH sided AS (
    SELECT case_id, course, row_id, analyte, moment, is_on, time_min, earliest,
        CASE WHEN is_in THEN 0 WHEN is_below THEN -1 WHEN is_out AND best >= target_low THEN 1
            WHEN is_out AND value_word = 'above target' THEN 1 END AS side
    FROM target_verdicts
    WHERE drug = 'unfractionated heparin' AND analyte IN ('aptt', 'anti_xa_ufh') AND NOT is_of_several AND NOT is_held
), pairs AS (
    SELECT a.case_id, a.row_id, x.row_id AS other_id, a.side <> x.side AS is_discordant,
        a.is_on AND x.is_on AND gap_high(a.moment, x.moment) <= $pair_within_min AND gap_high(x.moment, a.moment) <= $pair_within_min AS is_sure
    FROM sided a JOIN sided x USING (case_id, course)
    WHERE a.analyte = 'aptt' AND x.analyte = 'anti_xa_ufh'
        AND gap_low(a.moment, x.moment) <= $pair_within_min AND gap_low(x.moment, a.moment) <= $pair_within_min
    -- Each aPTT with the anti-Xa that is surely, and then most closely, drawn with it.
    QUALIFY row_number() OVER (PARTITION BY a.case_id, a.row_id
        ORDER BY is_sure DESC, abs(coalesce(a.time_min, a.earliest) - coalesce(x.time_min, x.earliest)), x.row_id) = 1
), tallied AS (
    SELECT case_id, count(*) FILTER (is_sure) AS n, count(*) AS n_possible,
        count(*) FILTER (is_sure AND is_discordant) AS n_discordant,
        count(*) FILTER (coalesce(is_discordant, true)) AS n_discordant_possible,
        row_list(flatten(list([row_id, other_id]))) AS row_ids,
        row_list(flatten(list([row_id, other_id]) FILTER (coalesce(is_discordant, true)))) AS discordant_rows,
        reasons(list(reason('may_be_drawn_together', [row_id, other_id])) FILTER (NOT is_sure)) AS open_pairs,
        reasons(list(reason('no_side_of_target', [row_id, other_id])) FILTER (is_discordant IS NULL)) AS unsided
    FROM pairs GROUP BY ALL
)
SELECT c.case_id, m.metric, '' AS stratum, CASE WHEN m.low = m.high THEN m.low END::DOUBLE AS value, m.low::DOUBLE AS low,
    m.high::DOUBLE AS high, '{count}' AS unit, status_of(t.n_possible, CASE WHEN m.low = m.high THEN m.low END) AS status,
    reasons(CASE WHEN t.case_id IS NULL THEN [reason('none_drawn_together')]
        ELSE list_concat(t.open_pairs, CASE WHEN m.metric = 'aptt_anti_xa_discordant' THEN t.unsided END) END) AS reasons,
    row_list(m.row_ids) AS row_ids
FROM cases c LEFT JOIN tallied t USING (case_id)
CROSS JOIN LATERAL (
    SELECT 'aptt_anti_xa_pairs' AS metric, t.n AS low, t.n_possible AS high, t.row_ids AS row_ids
    UNION ALL
    SELECT 'aptt_anti_xa_discordant', t.n_discordant, t.n_discordant_possible, t.discordant_rows
) m
