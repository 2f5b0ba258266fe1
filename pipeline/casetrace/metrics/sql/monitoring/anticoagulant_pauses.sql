-- title: Pauses of an anticoagulant that are too long to count as going on
-- grain: one row per case, course and span (anticoagulant_cover) after whose end a pause may follow
-- reads: anticoagulant_cover
-- params: longest_pause_min [min]
-- missing: is_sure only where the pause surely follows, surely is that long, and a dose of the course ends it
-- source: docs/case-folder.md, Courses of anticoagulants
-- returns: view
WITH pairs AS (
    -- A start typed as so long after this very end lies just that long after it, whatever the end itself hangs on.
    SELECT i.case_id, i.course, i.number, i.is_given, i.end_moment, j.number AS other, j.is_given AS other_is_given,
        j.start_moment AS other_start, j.end_moment AS other_end,
        greatest(gap_low(i.end_moment, j.start_moment),
            CASE WHEN j.start_moment.root = i.end_moment.name THEN j.start_moment.from_root END) AS pause_low
    FROM anticoagulant_cover i JOIN anticoagulant_cover j USING (case_id, course)
)
SELECT case_id, course, number, any_value(end_moment) AS end_moment,
    any_value(is_given)
        AND bool_and(other = number OR gap_low(other_end, end_moment) >= 0 OR pause_low > $longest_pause_min
            OR surely_before(other_end, end_moment))
        AND bool_or(pause_low > $longest_pause_min) AS is_sure,
    -- Numbers of the spans that surely end later, and of those that surely begin after so long a pause.
    coalesce(list(other) FILTER (other_is_given AND surely_before(end_moment, other_end)), []) AS outlasting,
    coalesce(list(other) FILTER (pause_low > $longest_pause_min), []) AS resuming
FROM pairs
GROUP BY case_id, course, number
HAVING NOT coalesce(bool_or(other_is_given AND other <> number AND gap_high(end_moment, other_start) <= $longest_pause_min
    AND surely_before(end_moment, other_end)), false)
