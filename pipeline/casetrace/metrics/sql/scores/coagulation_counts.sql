-- title: Platelet counts on which a score of coagulopathy can rest
-- grain: one row per case, kind of score (isth_dic, sic) and platelet count that does not surely precede its condition
-- reads: labs, cases, score_rows
-- params: coagulation_day_h [h]
-- missing: a condition that is not dated, or a finding that may not be one (an infection of which no severity is stated), makes the
--   score possible and not sure; a condition that is not reported makes no score apply
-- source: Taylor FB et al., Thromb Haemost 2001;86:1327-1330: only with a condition known to be associated with DIC; SIC needs
--   sepsis (Iba T et al., BMJ Open 2017;7:e017046); which terms are one: score_rows
-- returns: view
WITH conditions AS (
    SELECT case_id, CASE item WHEN 'sepsis' THEN 'sic' ELSE 'isth_dic' END AS kind, row_id, row_ids, answer, earliest, latest
    FROM score_rows WHERE answer IN ('yes', 'possible') AND (score, item) IN (('isth_dic', 'condition'), ('sic', 'sepsis'))
), counts AS (
    SELECT l.case_id, l.row_id, l.day, l.time_earliest_min AS earliest, l.time_latest_min AS latest, l.anchor, l.offset_min, l.time_form
    FROM labs l JOIN cases c USING (case_id)
    WHERE l.analyte = 'platelets' AND l.value_kind NOT IN ('not_done', 'not_printed') AND coalesce(l.time_latest_min >= c.span_start_min, true)
        AND (l.stat IS NULL OR l.stat IN ('initial', 'min', 'max', 'range')) AND l.case_id IN (SELECT case_id FROM conditions)
)
SELECT n.case_id, c.kind, n.row_id AS count_row, any_value(n.day) AS day, any_value(n.earliest) AS earliest, any_value(n.latest) AS latest,
    any_value(n.anchor) AS anchor, any_value(n.offset_min) AS offset_min, any_value(n.time_form) AS time_form,
    bool_or(c.answer = 'yes' AND coalesce(c.latest <= n.earliest + 60 * $coagulation_day_h, false)) AS is_sure,
    row_list(list(c.row_id) FILTER (c.answer = 'possible' OR NOT coalesce(c.latest <= n.earliest + 60 * $coagulation_day_h, false))) AS doubtful,
    row_list(flatten(list(c.row_ids))) AS row_ids
FROM counts n JOIN conditions c ON c.case_id = n.case_id AND coalesce(c.earliest <= n.latest + 60 * $coagulation_day_h, true)
GROUP BY n.case_id, c.kind, n.row_id
