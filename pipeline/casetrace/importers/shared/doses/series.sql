-- Rows that are changes of a running infusion hold until the next row of their series. At one time stops come before starts.
-- Several rates of one order at one time are bounds of one rate; of rows without an order each may be a pump of its own.
WITH marked AS (
    SELECT *, is_stop OR coalesce(n = 0, false) AS ends_it FROM sized_doses
), moments AS (
    SELECT series, starts, lead(starts) OVER (PARTITION BY series ORDER BY starts) AS next_at
    FROM (SELECT DISTINCT series, starts FROM marked WHERE series IS NOT NULL AND starts IS NOT NULL)
), held AS (
    SELECT m.* EXCLUDE (ends), coalesce(m.ends, CASE WHEN NOT m.has_own_end THEN t.next_at END) AS ends,
        m.ends IS NULL AND NOT m.has_own_end AND t.next_at IS NOT NULL AS ends_at_next_row
    FROM marked m LEFT JOIN moments t ON t.series = m.series AND t.starts = m.starts
), tied AS (
    SELECT *, series IS NOT NULL AND pump IS NOT NULL AND starts IS NOT NULL AND NOT ends_it AND NOT has_own_end AS is_one_pump,
        row_number() OVER (PARTITION BY series, pump, starts, ends_it, has_own_end ORDER BY size IS NOT NULL, size, raw_file, raw_row) AS place,
        min(size_low) OVER same_time AS lowest, max(size_high) OVER same_time AS highest,
        bool_and(size IS NOT NULL) OVER same_time AS all_known
    FROM held WINDOW same_time AS (PARTITION BY series, pump, starts, ends_it, has_own_end)
), bounded AS (
    -- One push told in two rows that differ in another column may have been two: the second counts in the upper bound only.
    SELECT *, kind = 'bolus' AND size IS NOT NULL AND row_number() OVER (
            PARTITION BY subject, name, route, starts, size, pump, kind ORDER BY raw_file, raw_row) > 1 AS is_twin,
        is_one_pump AND place = 1 AND (lowest <> highest OR (NOT all_known AND highest IS NOT NULL)) AS differs FROM tied
)
SELECT * EXCLUDE (size, size_low, size_high, gap, amount_status, is_one_pump, place, lowest, highest, all_known, differs, is_twin, ends_it),
    CASE WHEN NOT differs AND NOT is_twin THEN size END AS size,
    CASE WHEN is_twin THEN 0 WHEN NOT differs THEN size_low WHEN all_known THEN lowest END AS size_low,
    CASE WHEN NOT differs THEN size_high WHEN all_known THEN highest END AS size_high,
    CASE WHEN differs AND all_known THEN 'several rates of one order at one time'
        WHEN is_twin THEN 'equal to another row of its time in drug, route and amount' ELSE gap END AS gap,
    CASE WHEN (differs AND all_known) OR is_twin THEN 'disputed' ELSE amount_status END AS amount_status,
    CASE WHEN ends_it AND kind = 'infusion' AND (is_rate OR series IS NOT NULL) THEN 'the end of an infusion, not a dose'
        WHEN ends_it THEN 'the amount is 0: nothing was given'
        WHEN is_one_pump AND place > 1 AND lowest = highest AND all_known THEN 'says the same as another row of its time'
        WHEN is_one_pump AND place > 1 THEN 'a bound of another row of its time' END AS left_out
FROM bounded
