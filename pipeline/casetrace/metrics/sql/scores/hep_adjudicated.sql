-- title: HEP score, items that a person adjudicates
-- grain: one row per case and item that the source speaks of
-- reads: findings, events, labs
-- params: none
-- missing: what the source does not speak of has no row here and stays open in the score
-- source: Cuker A et al., J Thromb Haemost 2010;8:2642-2650; Hematology ASH Educ Program 2013:668-674. An intra-arterial device
--   under ECMO whose configuration is not coded may score or not; severe DIC needs a fibrinogen below 1 g/L
-- returns: view
WITH stated AS (
    -- One finding decides one item: its points when present; contradicting statements leave it open.
    SELECT f.case_id, i.item, bool_or(f.status = 'present' AND (i.grade IS NULL OR f.grade = i.grade)) AS is_present,
        bool_or(f.status = 'present' AND i.grade IS NOT NULL AND f.grade IS NULL) AS may_be_present,
        bool_or(f.status = 'absent' OR (f.status = 'present' AND i.grade IS NOT NULL AND f.grade <> i.grade)) AS is_absent,
        any_value(i.points) AS points, row_list(list(f.row_id)) AS row_ids
    FROM findings f JOIN (VALUES
        ('skin_necrosis', 'skin lesion', 'necrosis', 3), ('systemic_reaction', 'acute systemic reaction', NULL, 2),
        ('bleeding', 'bleeding', NULL, -1), ('severe_infection', 'sepsis', NULL, -2),
        ('severe_infection', 'septic shock', NULL, -2)
    ) i(item, finding, grade, points) ON i.finding = f.finding
    WHERE f.status IN ('present', 'absent') GROUP BY ALL
), other_cause AS (
    SELECT case_id,
        bool_or(status = 'absent' OR coalesce(grade, '') = 'none') AS says_none,
        bool_or(status = 'present' AND coalesce(grade, '') <> 'none') AS says_cause, row_list(list(row_id)) AS row_ids
    FROM findings WHERE finding = 'other cause of thrombocytopenia' AND status IN ('present', 'absent') GROUP BY ALL
), devices AS (
    SELECT case_id, bool_or(event LIKE 'iabp%') AS has_iabp, row_list(list(row_id)) AS row_ids
    FROM events WHERE event IN ('ecmo_start', 'iabp_start', 'iabp_end') GROUP BY ALL
), fibrinogen AS (
    SELECT case_id, min(coalesce(value_low, 0)) AS lowest, row_list(list(row_id)) AS row_ids
    FROM labs WHERE analyte = 'fibrinogen' AND value_kind NOT IN ('not_done', 'not_printed') GROUP BY ALL
)
SELECT case_id, item,
    CASE WHEN is_present AND NOT is_absent THEN points WHEN is_absent AND NOT is_present AND NOT may_be_present THEN 0 ELSE least(points, 0) END AS low,
    CASE WHEN is_present AND NOT is_absent THEN points WHEN is_absent AND NOT is_present AND NOT may_be_present THEN 0 ELSE greatest(points, 0) END
        AS high,
    CASE WHEN is_present AND is_absent THEN 'said to be present and absent' WHEN is_present THEN 'present'
        WHEN may_be_present THEN 'present; its grade is not stated' ELSE 'absent' END AS reason, row_ids
FROM stated
UNION ALL
SELECT case_id, 'no_other_cause', CASE WHEN says_none AND NOT says_cause THEN 3 ELSE 0 END, CASE WHEN says_none THEN 3 ELSE 0 END,
    CASE WHEN says_none AND says_cause THEN 'one place says none, another names a cause' WHEN says_none THEN 'none named' ELSE 'a cause is named' END, row_ids
FROM other_cause
UNION ALL
SELECT case_id, 'arterial_device', -2, CASE WHEN has_iabp THEN -2 ELSE 0 END,
    CASE WHEN has_iabp THEN 'intra-aortic balloon pump' ELSE 'ECMO: the item speaks of intra-arterial devices, a veno-venous circuit has none' END, row_ids
FROM devices
UNION ALL
SELECT case_id, 'severe_dic', CASE WHEN lowest >= 1 THEN 0 ELSE -2 END, 0,
    CASE WHEN lowest >= 1 THEN 'no fibrinogen below 1 g/L' ELSE 'a fibrinogen below 1 g/L; whether the D-dimer was above 5 ug/mL then is not decided here' END, row_ids
FROM fibrinogen
