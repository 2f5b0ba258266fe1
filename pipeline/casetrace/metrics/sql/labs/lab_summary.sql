-- title: First, last, lowest and highest result of each group
-- grain: one row per case, analyte and stratum with at least one result
-- reads: lab_groups
-- params: none
-- missing: a result without a number takes the best value away where it may be the one that is asked for; results of one
--   day without an order give an interval. Behind a lowest (stat = min) others may be higher, behind a highest (max) lower
-- source: docs/case-folder.md
-- returns: view
WITH spans AS (
    SELECT *,
        min(latest) FILTER (is_single) OVER per_group AS first_by,
        max(earliest) FILTER (is_single) OVER per_group AS last_from
    FROM lab_groups WINDOW per_group AS (PARTITION BY case_id, analyte, stratum)
), may_be_first AS (
    SELECT g.* FROM spans g
    WHERE is_single AND earliest <= first_by AND NOT EXISTS (
        FROM lab_groups o WHERE o.case_id = g.case_id AND o.analyte = g.analyte AND o.stratum = g.stratum
            AND o.is_single AND o.earliest <= g.first_by AND o.row_id <> g.row_id AND surely_before(o.moment, g.moment))
), may_be_last AS (
    SELECT g.* FROM spans g
    WHERE is_single AND latest >= last_from AND NOT EXISTS (
        FROM lab_groups o WHERE o.case_id = g.case_id AND o.analyte = g.analyte AND o.stratum = g.stratum
            AND o.is_single AND o.latest >= g.last_from AND o.row_id <> g.row_id AND surely_before(g.moment, o.moment))
), ends AS (
    SELECT case_id, analyte, stratum, which,
        CASE WHEN count(*) = count(best) AND min(best) = max(best) AND NOT bool_or(has_higher OR has_lower) THEN min(best) END AS best,
        min(CASE WHEN has_lower THEN 0 ELSE low END) AS low,
        CASE WHEN bool_and(high IS NOT NULL AND NOT has_higher) THEN max(high) END AS high, row_list(list(row_id)) AS row_ids,
        reasons([CASE WHEN count(*) > 1 THEN reason('not_ordered', list(row_id))
            WHEN bool_or(has_higher) THEN reason('lowest_of_several', list(row_id))
            WHEN bool_or(has_lower) THEN reason('highest_of_several', list(row_id))
            WHEN count(best) = 0 THEN reason('without_number', list(row_id)) END]) AS open
    FROM (
        -- The lowest and the highest of one span bound every result of that span.
        SELECT *, coalesce(stat = 'min' AND NOT list_contains(list(stat) OVER of_span, 'max'), false) AS has_higher,
            coalesce(stat = 'max' AND NOT list_contains(list(stat) OVER of_span, 'min'), false) AS has_lower
        FROM (SELECT 'first' AS which, * FROM may_be_first UNION ALL SELECT 'last', * FROM may_be_last)
        WINDOW of_span AS (PARTITION BY case_id, analyte, stratum, which, earliest, latest)
    ) GROUP BY ALL
), extremes AS (
    SELECT case_id, analyte, stratum, min(unit) AS unit,
        count(*) FILTER (is_single) AS n,
        row_list(list(row_id) FILTER (is_single)) AS row_ids,
        min(coalesce(best, span_low)) AS lowest_printed,
        -- What is printed as the highest of several hides lower ones, unless a lower one is printed too.
        coalesce(min(best) FILTER (stat = 'max') < min(coalesce(best, span_low)) FILTER (stat IS DISTINCT FROM 'max'),
            bool_and(stat IS NOT DISTINCT FROM 'max')) AS hides_lower,
        CASE WHEN hides_lower THEN 0 ELSE min(low) END AS lowest_low, min(coalesce(span_low, high)) AS lowest_high,
        max(coalesce(best, span_high)) AS highest_printed,
        coalesce(max(best) FILTER (stat = 'min') > max(coalesce(best, span_high)) FILTER (stat IS DISTINCT FROM 'min'),
            bool_and(stat IS NOT DISTINCT FROM 'min')) AS hides_higher,
        max(coalesce(span_high, low)) AS highest_low,
        CASE WHEN bool_and(high IS NOT NULL) AND NOT hides_higher THEN max(high) END AS highest_high
    FROM lab_groups GROUP BY ALL
), deciding AS (
    SELECT g.case_id, g.analyte, g.stratum,
        row_list(list(g.row_id) FILTER (x.lowest_high IS NULL OR g.low <= x.lowest_high)) AS lowest_rows,
        row_list(list(g.row_id) FILTER (g.high IS NULL OR g.high >= x.highest_low)) AS highest_rows,
        about_rows([reason('may_be_lower', list(g.row_id) FILTER (coalesce(g.best, g.span_low) IS NULL
            AND (x.lowest_printed IS NULL OR g.low < x.lowest_printed)))]) AS lower,
        about_rows([reason('may_be_higher', list(g.row_id) FILTER (coalesce(g.best, g.span_high) IS NULL
            AND (x.highest_printed IS NULL OR g.high IS NULL OR g.high > x.highest_printed)))]) AS higher,
        about_rows([reason('implausible', list(g.row_id) FILTER (g.is_implausible))]) AS beyond
    FROM lab_groups g JOIN extremes x USING (case_id, analyte, stratum) GROUP BY ALL
)
SELECT x.case_id, x.analyte, x.stratum, x.unit, x.n, x.row_ids,
    f.best AS first_best, f.low AS first_low, f.high AS first_high, f.row_ids AS first_rows, f.open AS first_reasons,
    l.best AS last_best, l.low AS last_low, l.high AS last_high, l.row_ids AS last_rows, l.open AS last_reasons,
    CASE WHEN len(d.lower) = 0 AND NOT x.hides_lower THEN x.lowest_printed END AS lowest_best, x.lowest_low, x.lowest_high, d.lowest_rows,
    about_rows(d.lower || d.beyond || [CASE WHEN x.hides_lower THEN reason('highest_of_several', d.lowest_rows) END]) AS lowest_reasons,
    CASE WHEN len(d.higher) = 0 AND NOT x.hides_higher THEN x.highest_printed END AS highest_best, x.highest_low, x.highest_high,
    d.highest_rows,
    about_rows(d.higher || d.beyond || [CASE WHEN x.hides_higher THEN reason('lowest_of_several', d.highest_rows) END]) AS highest_reasons
FROM extremes x
JOIN deciding d USING (case_id, analyte, stratum)
LEFT JOIN ends f ON f.case_id = x.case_id AND f.analyte = x.analyte AND f.stratum = x.stratum AND f.which = 'first'
LEFT JOIN ends l ON l.case_id = x.case_id AND l.analyte = x.analyte AND l.stratum = x.stratum AND l.which = 'last'
