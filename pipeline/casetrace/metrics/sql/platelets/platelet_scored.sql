-- title: Whether a scored fall exists, and when it began
-- grain: one row per case and scope with at least one platelet count
-- reads: platelet_scopes, platelet_onsets, platelet_fall_pairs
-- params: none
-- missing: as platelet_onsets; over every fall that may be the scored one
-- source: as platelet_onsets
-- returns: view
SELECT s.case_id, s.scope, any_value(s.n_counts) AS n_counts,
    coalesce(bool_or(o.has_fallen), false) AS has_fallen,
    coalesce(bool_or(o.has_episode), false) AND count(o.peak_id) = any_value(coalesce(e.n, 0)) AS has_only_these, count(o.peak_id) > 0 AS may_have_fallen, count(o.peak_id) AS n_falls,
    min(o.onset_low) AS onset_low, max(o.onset_high) AS onset_high,
    coalesce(bool_and(o.began_before), false) AS began_before, coalesce(bool_and(o.began_after), false) AS began_after,
    coalesce(bool_or(o.is_unprinted), false) AS is_unprinted,
    row_list(flatten(list(o.below_rows))) AS below_rows, row_list(flatten(list(o.row_ids))) AS row_ids
FROM (SELECT case_id, scope, count(DISTINCT count_id) FILTER (is_sure) AS n_counts FROM platelet_scopes GROUP BY ALL) s
LEFT JOIN platelet_onsets o ON o.case_id = s.case_id AND o.scope = s.scope
LEFT JOIN (SELECT case_id, scope, count(DISTINCT peak_id) AS n FROM platelet_fall_pairs GROUP BY ALL) e
    ON e.case_id = s.case_id AND e.scope = s.scope
GROUP BY s.case_id, s.scope
