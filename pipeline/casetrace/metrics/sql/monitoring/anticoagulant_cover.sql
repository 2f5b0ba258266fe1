-- title: Spans over which an anticoagulant counts as given
-- grain: one row per case, course and stretch of infusions that abut, and one per bolus, injection or tablet
-- reads: anticoagulant_stretches, anticoagulant_doses, doses
-- params: max_gap_h [h], open_end_d [d]
-- missing: a dose that may not have been given is not sure (is_given); an end that is not printed lies between open_end_d after
--   the last time at which the drug is printed as given and the last time possible
-- source: a single dose counts for as long as the longest gap that is interpolated, or until an infusion of its course begins;
--   one given while an infusion runs adds nothing after the end of that infusion
-- returns: view
WITH open_ends AS (
    SELECT DISTINCT case_id, row_id || '.end' AS name FROM doses
    WHERE kind <> 'bolus' AND length_min IS NULL AND end_form IN ('open', 'unknown')
        AND (end_reported IS NULL OR contains(end_reported, '..'))
), infusions AS (
    SELECT s.case_id, s.course, s.number, s.start_moment, o.name IS NULL AS end_is_stated,
        CASE WHEN o.name IS NULL THEN s.end_moment
            ELSE instant(s.end_moment.name, s.end_moment.name,
                least(s.end_moment.earliest + ($open_end_d * 1440)::BIGINT, s.end_moment.latest), s.end_moment.latest,
                0, 0, NULL::INTEGER, s.end_moment.follows) END AS end_moment
    FROM anticoagulant_stretches s LEFT JOIN open_ends o ON o.case_id = s.case_id AND o.name = s.end_moment.name
    WHERE NOT s.is_bolus
), boluses AS (
    SELECT case_id, course, position AS number, moment, is_given, ($max_gap_h * 60)::BIGINT AS tail_min
    FROM anticoagulant_doses WHERE kind = 'bolus'
), beside_infusions AS (
    SELECT b.case_id, b.course, b.number,
        bool_or((gap_low(i.start_moment, b.moment) >= 0 OR surely_before(i.start_moment, b.moment))
            AND (gap_low(b.moment, i.end_moment) >= 0 OR surely_before(b.moment, i.end_moment))) AS is_during,
        bool_or(NOT surely_before(i.end_moment, b.moment) AND NOT surely_before(b.moment, i.start_moment)) AS may_be_during,
        arg_min(i.start_moment, i.number) FILTER (surely_before(b.moment, i.start_moment)) AS next_start
    FROM boluses b JOIN infusions i USING (case_id, course) GROUP BY ALL
), tails AS (
    SELECT b.*, coalesce(i.is_during, false) AS is_during, coalesce(i.may_be_during, false) AS may_be_during, i.next_start
    FROM boluses b LEFT JOIN beside_infusions i USING (case_id, course, number)
)
SELECT case_id, course, number, false AS is_bolus, true AS is_given, end_is_stated, start_moment, end_moment FROM infusions
UNION ALL
SELECT case_id, course, number, true, is_given, false, moment,
    CASE WHEN is_during THEN moment
        WHEN may_be_during THEN instant(moment.name || '.tail', moment.name || '.tail', moment.earliest, moment.latest + tail_min,
            0, 0, NULL::INTEGER, NULL::VARCHAR[])
        WHEN gap_high(moment, next_start) <= tail_min THEN next_start
        WHEN gap_low(moment, next_start) < tail_min THEN instant(moment.name || '.tail', moment.name || '.tail',
            least(moment.earliest + tail_min, next_start.earliest), moment.latest + tail_min, 0, 0, NULL::INTEGER, NULL::VARCHAR[])
        ELSE instant(moment.name || '.tail', moment.root, moment.earliest + tail_min, moment.latest + tail_min,
            moment.from_root + tail_min, moment.to_root + tail_min, NULL::INTEGER, NULL::VARCHAR[]) END
FROM tails
