-- title: Pauses of an anticoagulant that are too long to count as going on
-- grain: one row per case, course and span (anticoagulant_cover) after whose end a pause may follow
-- reads: anticoagulant_cover
-- params: longest_pause_min [min]
-- missing: is_sure only where the pause surely follows, surely is that long, and a dose of the course ends it
-- source: docs/case-folder.md, Courses of anticoagulants
-- returns: view
SELECT i.case_id, i.course, i.number, any_value(i.end_moment) AS end_moment,
    any_value(i.is_given)
        AND bool_and(j.number = i.number OR gap_low(j.end_moment, i.end_moment) >= 0
            OR gap_low(i.end_moment, j.start_moment) > $longest_pause_min)
        AND bool_or(gap_low(i.end_moment, j.start_moment) > $longest_pause_min) AS is_sure,
    -- Numbers of the spans that surely end later, and of those that surely begin after so long a pause.
    coalesce(list(j.number) FILTER (j.is_given AND surely_before(i.end_moment, j.end_moment)), []) AS outlasting,
    coalesce(list(j.number) FILTER (gap_low(i.end_moment, j.start_moment) > $longest_pause_min), []) AS resuming
FROM anticoagulant_cover i JOIN anticoagulant_cover j USING (case_id, course)
GROUP BY i.case_id, i.course, i.number
HAVING NOT coalesce(bool_or(j.is_given AND j.number <> i.number AND gap_high(i.end_moment, j.start_moment) <= $longest_pause_min
    AND surely_before(i.end_moment, j.end_moment)), false)
