-- title: Words of the metric language
-- grain: none (scalar macros)
-- reads: none
-- params: none
-- missing: a bound that is unknown never makes an order or a distance sure
-- source: docs/case-folder.md, Times
-- returns: macros

-- An instant: its name, the row it rests on (itself when on none), bounds in min, bounds of its distance from that row,
-- the step that the source states, and the names of the instants that it is said to follow.
CREATE MACRO instant(name, root, earliest, latest, from_root, to_root, step, follows) AS {
    'name': name, 'root': root, 'earliest': earliest, 'latest': latest,
    'from_root': from_root, 'to_root': to_root, 'step': step, 'follows': follows
};

-- True when a lies before b whatever the true times are: by the times, by the distance from one anchor, by a stated
-- order among spans that overlap, or because b is said to follow a.
CREATE MACRO surely_before(a, b) AS
    coalesce(a.latest < b.earliest, false)
    OR coalesce(a.root = b.root AND a.to_root < b.from_root, false)
    OR coalesce(a.step < b.step AND a.earliest <= b.latest AND b.earliest <= a.latest, false)
    OR coalesce(list_contains(b.follows, a.name), false);

-- Shortest and longest time in min from a to b. Two instants on one anchor have the distance of their offsets.
CREATE MACRO gap_low(a, b) AS greatest(
    b.earliest - a.latest, CASE WHEN a.root = b.root THEN b.from_root - a.to_root END
);
CREATE MACRO gap_high(a, b) AS least(
    b.latest - a.earliest, CASE WHEN a.root = b.root THEN b.to_root - a.from_root END
);

-- Row ids, each once, in order.
CREATE MACRO row_list(ids) AS coalesce(list_sort(list_distinct(ids)), []::VARCHAR[]);

-- Why a number is open: a code of vocabulary/reasons.csv, the rows that it speaks of, the number and the term in its sentence.
CREATE MACRO reason(code, row_ids := []::VARCHAR[], number := NULL, term := NULL) AS {
    'code': code, 'rows': row_list(row_ids), 'number': number::DOUBLE, 'term': term::VARCHAR,
    'part': NULL::VARCHAR
};

-- Reasons of one part of a whole (an item of a score, a baseline of a fall), under the name of that part.
CREATE MACRO of_part(name, parts) AS list_transform(parts, lambda p: {
    'code': p.code, 'rows': p.rows, 'number': p.number, 'term': p.term,
    'part': (name || coalesce(', ' || p.part, ''))::VARCHAR
});

-- The reasons that hold, each once.
CREATE MACRO reasons(parts) AS list_sort(list_distinct(list_filter(parts, lambda p: p IS NOT NULL)));

-- The reasons that speak of a row: one whose rows turn out to be none holds of nothing.
CREATE MACRO about_rows(parts) AS reasons(list_filter(parts, lambda p: len(p.rows) > 0));

-- What the source does not speak of, of as much as was read of it.
CREATE MACRO not_reported(subject, how_much) AS reason(CASE how_much WHEN 'full' THEN 'not_reported'
    WHEN 'abstract' THEN 'not_reported_in_abstract' ELSE 'not_reported_in_part' END, term := subject);

-- The points that a score, or an item of it, may have; a lower bound of 0 says nothing.
CREATE MACRO points_between(low, high) AS list_filter([CASE WHEN low = high THEN reason('points', number := low) END,
    CASE WHEN low <> high AND low <> 0 THEN reason('points_at_least', number := low) END,
    CASE WHEN low <> high THEN reason('points_up_to', number := high) END], lambda p: p IS NOT NULL);

-- The day of heparin on which a fall began, or the days between which.
CREATE MACRO onset_days(from_day, to_day) AS list_filter([CASE WHEN from_day = to_day THEN reason('onset_on_day', number := to_day) END,
    CASE WHEN from_day <> to_day THEN reason('onset_from_day', number := from_day) END,
    CASE WHEN from_day <> to_day THEN reason('onset_to_day', number := to_day) END], lambda p: p IS NOT NULL);

-- The nadir, or what it lies between.
CREATE MACRO nadir_between(low, high) AS list_filter([CASE WHEN low = high THEN reason('nadir', number := low) END,
    CASE WHEN low > 0 AND low IS DISTINCT FROM high THEN reason('nadir_from', number := low) END,
    CASE WHEN high IS DISTINCT FROM low THEN CASE WHEN isfinite(high) THEN reason('nadir_to', number := high)
        WHEN coalesce(low, 0) = 0 THEN reason('nadir_unknown') END END], lambda p: p IS NOT NULL);

-- A number with as many decimals as tell it from the limit that it is held against: never 25 for 24.97 beside 25. From
-- 10 000 on whole, else one decimal; where that is the limit, up to six, those in which amounts are kept.
CREATE MACRO briefly(x) AS CASE WHEN abs(x) >= 9999.5 THEN round(x::DOUBLE) ELSE round(x::DOUBLE, 1) END;
CREATE MACRO rounded_beside(x, threshold) AS CASE
    WHEN briefly(x) = threshold::DOUBLE THEN round(x::DOUBLE, 6) ELSE briefly(x) END;

-- A whole number where nothing but floating point parts it from one.
CREATE MACRO settled(x) AS CASE WHEN abs(x - round(x)) < 1e-9 THEN round(x) ELSE x END;

-- A fall in per cent of the peak: one of exactly 30 % is 30.
CREATE MACRO fall_of(peak, level) AS settled(100 * (peak - level) / peak);

-- Whether a level has fallen to a limit or below it; equal to eight decimals is equal.
CREATE MACRO is_down_to(level, threshold) AS round(level, 8) <= round(threshold, 8);

-- no_data without rows, not_computable without a value, ok otherwise.
CREATE MACRO status_of(n_rows, best) AS
    CASE WHEN coalesce(n_rows, 0) = 0 THEN 'no_data' WHEN best IS NULL THEN 'not_computable' ELSE 'ok' END;

-- 1 when the low bound meets the criterion, 0 when even the high bound does not, null when it stays open.
CREATE MACRO yes_no(surely, surely_not) AS
    CASE WHEN coalesce(surely, false) THEN 1.0 WHEN coalesce(surely_not, false) THEN 0.0 END::DOUBLE;

-- What a rate per hour gives in so many minutes.
CREATE MACRO over_minutes(rate, minutes) AS ((rate::DECIMAL(38, 12) * minutes)::DOUBLE / 60)::DECIMAL(38, 12);

-- A sum of doses as it counts, in millionths of its unit. A rate per hour that does not end (17 500 U a day, 1 000 U in 7 min)
-- is cut at 12 decimals, which in a million hours is less than half a millionth: what is printed comes back exactly.
CREATE MACRO whole_sum(x) AS round(x, 6)::DECIMAL(38, 6);

-- The mean per hour of what 24 hours hold, to nine decimals.
CREATE MACRO over_24h(x) AS (x::DOUBLE / 24)::DECIMAL(38, 9);
