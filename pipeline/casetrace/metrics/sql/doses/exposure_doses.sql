-- title: Doses as the exposure metrics read them
-- grain: one row per case, substance, dose row and occurrence
-- reads: doses, cases
-- params: none
-- missing: an unknown route or purpose of heparin makes the row possible, not sure; an amount that is not printed has low
--   0 and no high; an end that is not stated leaves nothing sure after the start; a time without bounds is closed by the
--   span that the source covers
-- source: pipeline/schemas/canonical.py; a mean rate counts, a range gives bounds, a maximum gives 0 to the maximum, an
--   initial or median amount says nothing of the total
-- returns: view
WITH of_substance AS (
    SELECT d.*, c.observed_start_min, c.observed_end_min, c.span_start_min,
        CASE WHEN drug = 'unfractionated heparin' THEN 'iv_ufh' ELSE drug END AS substance,
        drug <> 'unfractionated heparin' OR (route IS NOT NULL AND purpose IS NOT NULL) AS is_sure
    FROM doses d JOIN cases c USING (case_id)
    WHERE is_coded AND kind <> 'transfusion' AND coalesce(drug_class, '') <> 'blood product'
        AND (drug <> 'unfractionated heparin'
            OR (coalesce(route, 'iv') = 'iv' AND coalesce(purpose, 'therapeutic') = 'therapeutic'))
), bounded AS (
    SELECT *,
        coalesce(start_earliest_min, observed_start_min) AS start_low,
        coalesce(start_latest_min, observed_end_min) AS start_high_typed,
        end_reported IS NOT NULL OR end_form NOT IN ('open', 'unknown') OR length_min IS NOT NULL AS end_is_stated,
        CASE WHEN stat IS NULL OR stat = 'mean' THEN amount END AS best,
        CASE WHEN stat IS NULL OR stat IN ('mean', 'range', 'min') THEN coalesce(amount_low, 0) ELSE 0 END AS low,
        CASE WHEN stat IS NULL OR stat IN ('mean', 'range', 'max') THEN amount_high END AS high
    FROM of_substance
), ended AS (
    SELECT *,
        CASE WHEN kind = 'bolus' THEN start_low WHEN NOT end_is_stated THEN start_low
            ELSE greatest(coalesce(end_earliest_min, start_low), start_low) END AS end_low,
        CASE WHEN kind = 'bolus' THEN start_high_typed ELSE greatest(coalesce(end_latest_min, observed_end_min), start_low) END AS end_high
    FROM bounded
), placed AS (
    -- A start never lies after the last possible end; midpoints in the wrong order tell nothing of the length.
    SELECT *, least(start_high_typed, end_high) AS start_high, start_min AS start_best,
        CASE WHEN kind = 'bolus' THEN start_min WHEN end_min >= start_min THEN end_min END AS end_best
    FROM ended
)
SELECT
    case_id, substance, row_id, occurrence, kind, drug, is_sure,
    -- The row of the weight that the amount rests on: only where it is printed per kg.
    CASE WHEN contains(coalesce(read_as, unit_reported), '/kg') THEN weight_row_id END AS weight_row_id,
    stat, amount_status, end_is_stated,
    regexp_replace(unit, '/h$', '') AS unit, best, low, high,
    amount, amount_low, amount_high, amount_per_kg, amount_per_kg_low, amount_per_kg_high,
    start_low, start_high, start_best, end_low, end_high, end_best, length_min, start_boundary, end_boundary,
    -- Before the case within a longer record: seen by trailing windows, not counted in its sums.
    coalesce(start_low >= span_start_min, true) AS is_counted,
    -- A later occurrence of a repeated dose with a low amount of 0, or no amount, may not have been given at all.
    occurrence = 1 OR coalesce(amount_low, 0) > 0 AS is_given,
    kind = 'infusion' AND length_min IS NOT NULL AND start_low < start_high AS is_rigid,
    is_sure AND best IS NOT NULL
        AND (kind <> 'infusion' OR length_min IS NOT NULL OR (start_best IS NOT NULL AND end_best IS NOT NULL)) AS sum_is_known,
    is_sure AND best IS NOT NULL AND start_best IS NOT NULL AND end_best IS NOT NULL AS place_is_known,
    high IS NOT NULL AS high_is_known,
    CASE WHEN amount_status = 'not_printed' THEN 'the amount of ' || row_id || ' is not printed'
        WHEN amount_status = 'needs_weight' THEN row_id || ' is per kg and no weight is printed'
        WHEN amount_status = 'needs_unit' THEN 'the unit of ' || row_id || ' is not printed'
        WHEN best IS NULL AND NOT is_given THEN 'how often ' || row_id || ' was given is not sure'
        WHEN best IS NULL AND stat IS NOT NULL THEN row_id || ' is printed as ' || stat || ' only'
        WHEN best IS NULL THEN row_id || ' is printed as a bound only' END AS amount_gap,
    sentence([
        amount_gap,
        CASE WHEN NOT is_sure THEN 'the route or purpose of ' || row_id || ' is not stated' END,
        CASE WHEN kind = 'infusion' AND length_min IS NULL AND (start_best IS NULL OR end_best IS NULL)
            THEN CASE WHEN end_min < start_min THEN 'the times of ' || row_id || ' leave open how long it ran'
                ELSE 'how long ' || row_id || ' ran is not stated' END END
    ]) AS sum_gap,
    CASE WHEN (start_best IS NULL OR end_best IS NULL) AND (kind <> 'infusion' OR length_min IS NOT NULL)
        THEN 'the time of ' || row_id || ' is not known' END AS place_gap
FROM placed
