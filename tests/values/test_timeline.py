"""Cells resolved together: tables of cells in, minutes out; a slow twin; circles and unknown rows."""

import re

import pytest
from casetrace.values.instants import Instant, Observed, Tolerance
from casetrace.values.timeline import Clock, Node, NotStated, Place, SameAsStart, Timeline
from casetrace.values.times import Day, Distance, Interval, Point, Reference, parse_end, parse_time
from hypothesis import given
from hypothesis import strategies as st

OBSERVED = Observed(0, 37439)
TOLERANCE = Tolerance(minutes=30, days=1)


def timeline(cells, clocks=None):
    """Cells by `ID` or `ID.end`."""
    places = {name: Place("source.yaml", None, f"clocks.{name}") for name in clocks or {}}
    line = Timeline(
        OBSERVED, TOLERANCE, {n: Clock(k, parse_time(t), places[n]) for n, (k, t) in (clocks or {}).items()}
    )
    for row, (name, text) in enumerate(cells.items(), start=2):
        row_id, _, end = name.partition(".")
        special = {"same": SameAsStart(), "open": NotStated()}
        expression = special.get(text) or (parse_end(text) if end else parse_time(text))
        line.add(Node(row_id, "end" if end else "start"), expression, Place("t.csv", row, "end" if end else "when"))
    return line


def resolve(cells, clocks=None):
    found, problems = timeline(cells, clocks).resolve()
    assert [str(p) for p in problems] == []
    return {node.name: instant for node, instant in found.items()}


ANCHORS = {
    "MIN": "D4T03:15",
    "DAY": "D5",
    "SPAN": "D6T03:05/D6T03:57",
    "ABOUT": "D6T05:57~",
    "OPEN": "D6T05:57/..",
    "BEFORE": "../D4T03:15",
    "NONE": "",
    "INF": "D4T12:29",
    "INF.end": "+12h",
}


@pytest.mark.parametrize(
    ("text", "form", "best", "earliest", "latest", "day", "anchor", "offset"),
    [
        # text           form           best   earliest latest  day   anchor     offset
        ("D4T03:15", "minute", 5955, 5955, 5955, 4, None, None),
        ("D5", "day", 7919, 7200, 8639, 5, None, None),
        ("D-3", "day", -3601, -4320, -2881, -3, None, None),
        ("D6T05:57~", "approximate", 8997, 8967, 9027, 6, None, None),
        ("D5~", "approximate", 7919, 5760, 10079, None, None, None),
        ("D6T03:05/D6T03:57", "interval", 8851, 8825, 8877, 6, None, None),
        ("D4/D6", "interval", 7919, 5760, 10079, None, None, None),
        ("../D4T03:15", "open", None, 0, 5955, None, None, None),
        ("../D0", "open", None, 0, 1439, 0, None, None),
        ("D6T05:57/..", "open", None, 8997, 37439, None, None, None),
        ("", "unknown", None, 0, 37439, None, None, None),
        ("@MIN", "minute", 5955, 5955, 5955, 4, "MIN", 0),
        ("@DAY", "day", 7919, 7200, 8639, 5, "DAY", 0),
        ("@SPAN", "interval", 8851, 8825, 8877, 6, "SPAN", 0),
        ("@ABOUT", "approximate", 8997, 8967, 9027, 6, "ABOUT", 0),
        ("@OPEN", "open", None, 8997, 37439, None, "OPEN", 0),
        ("@NONE", "unknown", None, 0, 37439, None, "NONE", 0),
        ("@INF.end", "minute", 7229, 7229, 7229, 5, "INF.end", 0),
        ("@MIN+2h", "minute", 6075, 6075, 6075, 4, "MIN", 120),
        ("@MIN-24h", "minute", 4515, 4515, 4515, 3, "MIN", -1440),
        ("@MIN+2h~", "approximate", 6075, 6045, 6105, 4, "MIN", 120),
        ("@DAY+2h", "interval", 8039, 7320, 8759, None, "DAY", 120),
        ("@DAY+24h", "day", 9359, 8640, 10079, 6, "DAY", 1440),
        ("@MIN+4d", "day", 12239, 11520, 12959, 8, "MIN", None),
        ("@SPAN-1d", "day", 7919, 7200, 8639, 5, "SPAN", None),
        ("@MIN+4d~", "approximate", 12239, 10080, 14399, None, "MIN", None),
        ("@MIN+1mo", "interval", 48959, 46080, 51839, None, "MIN", None),
        ("@MIN-1mo", "interval", -36001, -38880, -33121, None, "MIN", None),
        ("@OPEN+1d", "open", None, 10080, 38879, None, "OPEN", None),
        ("@MIN/D11", "interval", 11617, 5955, 17279, None, None, None),
        ("@OPEN/D27", "interval", 24658, 8997, 40319, None, None, None),
        ("D5/@OPEN", "open", None, 7200, 37439, None, None, None),
        ("POD3", "day", 9359, 8640, 10079, 6, None, None),
        ("POD3T08:00", "minute", 9120, 9120, 9120, 6, None, None),
        ("POD3T08:00~", "approximate", 9120, 9090, 9150, 6, None, None),
        ("HEP1", "day", 6479, 5760, 7199, 4, None, None),
        ("HD3", "interval", 4319, 2880, 5759, None, None, None),
        ("HD3T08:00", "interval", 4080, 3360, 4800, None, None, None),
    ],
)
def test_each_form_in_minutes(text, form, best, earliest, latest, day, anchor, offset):
    cells = {**ANCHORS, "OP": "D3T14:00", "X": text}
    clocks = {"POD": (0, "@OP"), "HEP": (1, "D4"), "HD": (1, "D0/D1")}
    found = resolve(cells, clocks)["X"]
    got = (found.form, found.best, found.earliest, found.latest, found.day, found.anchor, found.offset)
    assert got == (form, best, earliest, latest, day, anchor, offset)


@pytest.mark.parametrize(
    ("start", "end", "form", "best", "earliest", "latest"),
    [
        ("D4T12:00", "+12h", "minute", 7200, 7200, 7200),
        ("D4", "+5d", "day", 13679, 12960, 14399),
        ("D4", "+12h", "interval", 7199, 6480, 7919),
        ("D4T12:00", "+2h~", "approximate", 6600, 6570, 6630),
        ("D4/..", "+1h", "open", None, 5820, 37499),
        ("D4T12:00", "same", "minute", 6480, 6480, 6480),
        ("D4T12:00", "open", "open", None, 6480, 37439),
        ("D4", "open", "open", None, 7199, 37439),
    ],
)
def test_ends(start, end, form, best, earliest, latest):
    found = resolve({"X": start, "X.end": end})["X.end"]
    assert (found.form, found.best, found.earliest, found.latest) == (form, best, earliest, latest)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("@X", "@X", True),
        ("@X", "@Y", False),  # X and Y are the same day and need not be one instant
        ("D5", "D5", False),
        ("D5T10:00", "@MIN", True),
        ("@X+2h", "@X+120min", True),
        ("@X+2h", "@X+3h", False),
        ("@X~", "@X", False),
        ("@X+1d", "@X+1d", False),
        ("@VIA", "@X", True),
    ],
)
def test_equal_boundaries_are_provably_one_instant(a, b, same):
    found = resolve({"X": "D5", "Y": "D5", "MIN": "D5T10:00", "VIA": "@X", "A": a, "B": b})
    assert (found["A"].boundary == found["B"].boundary) is same


@pytest.mark.parametrize(
    ("text", "not_before", "not_after"),
    [
        ("@X/..", "X", None),
        ("../@X", None, "X"),
        ("@X/@Y.end", "X", "Y.end"),
        ("@X+2h/..", "X", None),
        ("@X-2h/..", None, None),
        ("../@X-2h", None, "X"),
        ("../@X+2h", None, None),
        ("@X~/..", None, None),
        ("D4/D6", None, None),
    ],
)
def test_rows_that_an_interval_does_not_precede_or_follow(text, not_before, not_after):
    found = resolve({"X": "D5", "Y": "D5", "Y.end": "+1d", "A": text, "B": "@A", "C": "@A+1h"})
    assert (found["A"].not_before, found["A"].not_after) == (not_before, not_after)
    assert (found["B"].not_before, found["B"].not_after) == (not_before, not_after)
    assert (found["C"].not_before, found["C"].not_after) == (not_before, None)


def problems_of(cells, clocks=None):
    return [str(p) for p in timeline(cells, clocks).resolve()[1]]


def test_circle_names_its_rows_and_leaves_the_rest():
    found, problems = timeline({"A": "@B+1h", "B": "@C", "C": "@A", "D": "@A", "OK": "D1"}).resolve()
    assert [str(p) for p in problems] == [
        "t.csv, row 2, column when: the time rests on itself: A -> B -> C -> A (t.csv row 2, t.csv row 3, t.csv row 4)"
        " (allowed: at least one time that is not a reference)"
    ]
    assert [node.name for node in found] == ["OK"]


def test_two_circles_are_two_problems():
    assert len(problems_of({"A": "@B", "B": "@A", "X": "@X"})) == 2


def test_a_circle_is_judged_per_instant():
    """A ends where B starts and B's end rests on A's start: no circle."""
    found = resolve({"A": "D1T10:00", "A.end": "@B", "B": "D2T10:00", "B.end": "@A+48h"})
    assert found["A.end"].best == 3480
    assert found["B.end"].best == 4920


def test_unknown_row_names_the_nearest():
    assert problems_of({"PLT13": "D5", "X": "@PLT31"}) == [
        "t.csv, row 3, column when: no row of this case has the id 'PLT31' (did you mean 'PLT13'?)"
    ]


def test_row_without_an_end():
    assert problems_of({"PLT": "D5", "X": "@PLT.end"}) == [
        "t.csv, row 3, column when: the row 'PLT' has no end (allowed: @PLT, or the id of a dose)"
    ]


def test_unknown_clock():
    assert problems_of({"X": "POD3"}, {"HD": (0, "D0")}) == [
        "t.csv, row 2, column when: no clock 'POD' is named in source.yaml (allowed: D, HD, a new key clocks.POD, or "
        "the id of a row behind an @)"
    ]


def test_clock_that_rests_on_itself():
    [problem] = problems_of({"OP": "POD1"}, {"POD": (0, "@OP")})
    assert "rests on itself" in problem


@pytest.mark.parametrize("text", ["../D-3", "D27/.."])
def test_open_side_that_observed_cannot_close(text):
    [problem] = problems_of({"X": text})
    assert "is open, and `observed` in source.yaml" in problem


def test_interval_that_ends_before_it_starts():
    assert "ends before it starts" in problems_of({"X": "D6/D4"})[0]


def test_long_chains_are_followed():
    cells = {"R0": "D0T00:00"} | {f"R{i}": f"@R{i - 1}+1min" for i in range(1, 3000)}
    assert resolve(cells)["R2999"].best == 2999


# --- a slow twin: which true minutes are possible -------------------------------------------------------------------


def possible(expression, true):
    """Every minute that a cell allows when the rows it rests on are at their true minutes; by enumeration."""
    if isinstance(expression, Interval):
        sides = [None if s is None else possible(s, true) for s in (expression.start, expression.end)]
        low = OBSERVED.start if sides[0] is None else min(sides[0])
        high = OBSERVED.end if sides[1] is None else max(sides[1])
        return range(low, high + 1)
    if isinstance(expression.base, Day):
        start = expression.base.number * 1440
        minute = expression.base.minute
        allowed = range(start, start + 1440) if minute is None else range(start + minute, start + minute + 1)
        widen = 1440 if minute is None else 30
    else:
        at = true[expression.base.row]
        distance = expression.distance or Distance(0, "min")
        if distance.unit == "min":
            allowed, widen = range(at + distance.amount, at + distance.amount + 1), 30
        else:
            day = (at // 1440 + distance.amount) * 1440
            allowed, widen = range(day, day + 1440), 1440
    return range(allowed.start - widen, allowed.stop + widen) if expression.approximate else allowed


MINUTES = st.builds(lambda d, m: f"D{d}T{m // 60:02d}:{m % 60:02d}", st.integers(0, 20), st.integers(0, 1439))
PLAIN = MINUTES | st.builds("D{}".format, st.integers(0, 20))
OFFSETS = st.sampled_from(["", "+2h", "-90min", "+1d", "-2d", "+2h~", "+1d~"])


@st.composite
def chains(draw):
    """Rows of which each may rest on earlier ones."""
    cells = {}
    for index in range(draw(st.integers(1, 6))):
        options = [PLAIN, st.builds("{}~".format, PLAIN)]
        if cells:
            options += [st.builds("@{}{}".format, st.sampled_from(sorted(cells)), OFFSETS)]
        text = draw(st.one_of(options))
        if draw(st.booleans()):
            other = draw(st.one_of(options))
            text = draw(st.sampled_from([text, f"{text}/..", f"../{text}", f"{text}/{other}"]))
        cells[f"R{index}"] = text
    return cells


@given(cells=chains(), data=st.data())
def test_bounds_hold_for_every_possible_truth(cells, data):
    found, problems = timeline(cells).resolve()
    if problems:  # an interval the wrong way round, or an open side that cannot be closed
        assert all("interval" in p.what or "open" in p.what for p in problems)
        return
    true = {}
    for name, text in cells.items():
        minutes = possible(parse_time(text), true)
        if len(minutes) == 0:
            return  # this truth of the earlier rows contradicts the interval
        true[name] = data.draw(st.integers(minutes.start, minutes.stop - 1))
        instant = found[Node(name, "start")]
        assert instant.earliest <= true[name] <= instant.latest


@given(cells=chains())
def test_bounds_are_ordered_and_forms_fit_them(cells):
    for instant in timeline(cells).resolve()[0].values():
        assert instant.earliest <= instant.latest
        if instant.best is not None:
            assert instant.earliest <= instant.best <= instant.latest
        assert (instant.best is None) == (instant.form in ("open", "unknown"))
        assert (instant.form == "minute") == (instant.earliest == instant.latest and instant.best is not None)


@given(cells=chains(), by=st.integers(-5, 5))
def test_moving_every_plain_day_moves_every_instant(cells, by):
    """The whole case later by days, its observed span too: all bounds move alike."""
    moved_cells = {n: re.sub(r"D(\d+)", lambda m: f"D{int(m[1]) + by}", t) for n, t in cells.items()}
    here = timeline(cells)
    there = Timeline(Observed(OBSERVED.start + by * 1440, OBSERVED.end + by * 1440), TOLERANCE, {})
    for row, (name, text) in enumerate(moved_cells.items(), start=2):
        there.add(Node(name, "start"), parse_time(text), Place("t.csv", row, "when"))
    before, after = here.resolve()[0], there.resolve()[0]
    assert before.keys() == after.keys()
    for node, instant in before.items():
        moved: Instant = after[node]
        assert (moved.earliest, moved.latest) == (instant.earliest + by * 1440, instant.latest + by * 1440)
        assert moved.form == instant.form


def test_the_twin_itself():
    assert possible(Point(Day(1)), {}) == range(1440, 2880)
    assert possible(Point(Reference("A"), Distance(60, "min")), {"A": 5}) == range(65, 66)
