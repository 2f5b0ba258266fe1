"""Doses: amounts in the unit of the drug, weights, ends that are not stated, repeated doses, boundaries."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.case_builder import read, rows, sheet, tables

HEPARIN = "unfractionated heparin"


def doses(tmp_path, text, **files):
    quiet = {"labs.csv": None, "claims.csv": None, "targets.csv": None}
    return tables(tmp_path, {**quiet, "doses.csv": sheet(text), **files})["doses"]


def numbers(frame, *columns):
    """Rows with amounts as floats."""
    return [tuple(float(v) if isinstance(v, Decimal) else v for v in row) for row in rows(frame, *columns)]


def test_amounts_in_the_unit_of_the_drug_and_per_kg(tmp_path):
    """Weight 80 kg."""
    found = doses(
        tmp_path,
        """
        id | drug       | kind        | amount | unit      | stat    | start | end
        A  | heparin    | bolus       | 4000   | units     |         | D1    |
        B  | heparin    | infusion    | 10     | U/kg/h    |         | D1    | D2
        C  | heparin    | infusion    | 800    | U/h       |         | D3    | D4
        D  | heparin    | infusion    | 24000  | U/24 h    |         | D5    | D6
        E  | argatroban | infusion    | 1      | mcg/kg/min|         | D1    | D2
        F  | argatroban | infusion    | 0.2    | ug/kg/min | mean    | D3    | D4
        G  | FFP        | transfusion | 4      | units     |         | D1    |
        H  | albumin    | total       | 500    | mg        |         | D1    | D2
        I  | heparin    | bolus       |        |           |         | D7    |
        J  | heparin    | bolus       | 100    | U/kg      |         | D7    |
        """,
    )
    columns = (
        "row_id",
        "amount",
        "unit",
        "amount_per_kg",
        "unit_per_kg",
        "weight_row_ids",
        "amount_status",
        "conversion",
    )
    assert numbers(found, *columns) == [
        ("A", 4000.0, "[iU]", 50.0, "[iU]/kg", ["WT"], "known", None),
        ("B", 800.0, "[iU]/h", 10.0, "[iU]/kg/h", ["WT"], "known", "x 80 kg (WT)"),
        ("C", 800.0, "[iU]/h", 10.0, "[iU]/kg/h", ["WT"], "known", None),
        ("D", 1000.0, "[iU]/h", 12.5, "[iU]/kg/h", ["WT"], "known", "[iU]/d to [iU]/h: x 1/24"),
        ("E", 4.8, "mg/h", 0.06, "mg/kg/h", ["WT"], "known", "ug/kg/min to mg/kg/h: x 0.06; x 80 kg (WT)"),
        ("F", 0.96, "mg/h", 0.012, "mg/kg/h", ["WT"], "known", "ug/kg/min to mg/kg/h: x 0.06; x 80 kg (WT)"),
        ("G", 4.0, "{unit}", None, None, [], "known", None),
        ("H", 0.5, "g", 0.00625, "g/kg", ["WT"], "known", "mg to g: x 0.001"),
        ("I", None, "[iU]", None, None, [], "not_printed", None),
        ("J", 8000.0, "[iU]", 100.0, "[iU]/kg", ["WT"], "known", "x 80 kg (WT)"),
    ]


@pytest.mark.parametrize(
    ("amount", "stat", "best", "low", "high"),
    [
        ("5000", "", 5000, 5000, 5000),
        ("5000", "mean", 5000, 5000, 5000),
        ("5000", "initial", 5000, 5000, 5000),
        ("4000..6000", "range", None, 4000, 6000),
        ("4000..6000", "", 5000, 4000, 6000),
        ("5000", "max", None, 0, 5000),
        ("5000", "min", None, 5000, None),
        ("<5000", "", None, 0, 5000),
        (">5000", "", None, 5000, None),
        ("~5000", "", 5000, 4750, 5250),
        ("0", "", 0, 0, 0),
    ],
)
def test_bounds_of_an_amount(tmp_path, amount, stat, best, low, high):
    found = doses(tmp_path, f"drug|kind|amount|unit|stat|start\nheparin|bolus|{amount}|U|{stat}|D1")
    assert numbers(found, "amount", "amount_low", "amount_high") == [(best, low, high)]


def test_an_uncertain_weight_bounds_the_amount(tmp_path):
    text = "drug|kind|amount|unit|start|end\nheparin|infusion|10|U/kg/h|D1|D2\nheparin|bolus|800|U|D1|"
    found = doses(tmp_path, text, **{"patient.csv": "item,value,unit\nbody_weight,80..100,kg\n"})
    assert numbers(found, "amount", "amount_low", "amount_high") == [(900.0, 800.0, 1000.0), (800.0, 800.0, 800.0)]
    assert numbers(found, "amount_per_kg", "amount_per_kg_low", "amount_per_kg_high") == [
        (10.0, 10.0, 10.0),
        (8.888888888889, 8.0, 10.0),
    ]


def test_per_kg_without_a_weight_keeps_the_print(tmp_path):
    text = "drug|kind|amount|unit|start|end\nheparin|infusion|10|U/kg/h|D1|D2\nheparin|bolus|800|U|D1|"
    found = doses(tmp_path, text, **{"patient.csv": None})
    assert numbers(found, "amount", "amount_low", "unit", "amount_per_kg", "amount_status", "weight_row_ids") == [
        (None, None, "[iU]/h", 10.0, "needs_weight", []),
        (800.0, 800.0, "[iU]", None, "known", []),
    ]


def test_the_weight_is_the_last_one_taken_by_then(tmp_path):
    patient = "id,item,value,unit,when\nW0,body_weight,80,kg,\nW1,body_weight,90,kg,D2\nW2,body_weight,100,kg,D5\n"
    text = "drug|kind|amount|unit|start\n" + "\n".join(f"heparin|bolus|10|U/kg|D{day}" for day in (0, 2, 4, 6))
    found = doses(tmp_path, text, **{"patient.csv": patient})
    assert numbers(found, "amount", "weight_row_ids") == [(800, ["W0"]), (900, ["W1"]), (900, ["W1"]), (1000, ["W2"])]


def test_a_thousandfold_slip_is_noticed(tmp_path):
    text = """
    id | drug       | kind     | amount | unit      | start | end
    A  | argatroban | infusion | 1      | mg/kg/min | D1    | D2
    B  | argatroban | infusion | 1      | ug/kg/min | D3    | D4
    """
    frames, problems = read(
        tmp_path, {"doses.csv": sheet(text), "labs.csv": None, "claims.csv": None, "targets.csv": None}
    )
    assert rows(frames["doses"], "row_id", "is_implausible") == [("A", True), ("B", False)]
    assert [str(p) for p in problems] == [
        "small-case/doses.csv, row 2, column amount: a rate of '1 mg/kg/min' is above what is plausible for argatroban "
        "(usually below 40 ug/kg/min)"
    ]


def test_a_drug_of_its_own_passes_with_its_unit(tmp_path):
    text = """
    id | drug      | kind     | amount | unit     | start | end
    A  | wonderfil | bolus    | 5      | mg       | D1    |
    B  | wonderfil | infusion | 5      | mg/min   | D1    | D2
    C  | wonderfil | bolus    | 5      | spoons   | D1    |
    D  | wonderfil | bolus    | 5      |          | D2    |
    """
    found = doses(tmp_path, text)
    assert numbers(found, "row_id", "is_coded", "drug", "amount", "unit", "amount_status") == [
        ("A", False, "wonderfil", 5.0, "mg", "known"),
        ("B", False, "wonderfil", 300.0, "mg/h", "known"),
        ("C", False, "wonderfil", None, None, "needs_unit"),
        ("D", False, "wonderfil", None, None, "needs_unit"),
    ]


def test_a_reading_of_a_dose(tmp_path):
    found = doses(tmp_path, "drug|kind|amount|unit|start|read_as\nheparin|bolus|5O00|mg|D1|5000 U")
    assert numbers(found, "amount", "amount_reported", "unit_reported", "conversion") == [
        (5000.0, "5O00", "mg", "read as 5000 U")
    ]


def test_times_of_each_kind(tmp_path):
    """The source covers day 0 to day 25: 0 to 37439 min."""
    found = doses(
        tmp_path,
        """
        id | drug       | kind        | amount | unit   | start    | end
        A  | heparin    | bolus       | 1      | U      | D1T08:00 |
        B  | heparin    | transfusion | 1      | U      | D1       |
        C  | heparin    | total       | 1      | U      | D1       | +24h
        D  | heparin    | total       | 1      | U      | D1T08:00 |
        E  | argatroban | infusion    | 1      | mg/h   | D1T08:00 | D6T03:05/D6T03:57
        F  | lepirudin  | infusion    | 1      | mg/h   | D1T08:00 |
        G  | lepirudin  | infusion    | 2      | mg/h   | D3       |
        H  | alteplase  | infusion    | 2      | mg/h   | D3       | +24h
        """,
    )
    columns = ("row_id", "start_min", "start_earliest_min", "start_latest_min", "end_form", "end_min",
               "end_earliest_min", "end_latest_min", "length_min")  # fmt: skip
    assert rows(found, *columns) == [
        ("A", 1920, 1920, 1920, "minute", 1920, 1920, 1920, None),
        ("B", 2159, 1440, 2879, "day", 2159, 1440, 2879, None),
        ("C", 2159, 1440, 2879, "day", 3599, 2880, 4319, 1440),
        ("D", 1920, 1920, 1920, "open", None, 1920, 37439, None),
        ("E", 1920, 1920, 1920, "interval", 8851, 8825, 8877, None),
        ("F", 1920, 1920, 1920, "open", None, 1920, 5759, None),  # not beyond the latest start of the next rate
        ("G", 5039, 4320, 5759, "open", None, 5759, 37439, None),
        ("H", 5039, 4320, 5759, "day", 6479, 5760, 7199, 1440),
    ]


def test_an_open_end_is_closed_only_by_the_same_drug_route_and_purpose(tmp_path):
    found = doses(
        tmp_path,
        """
        id | drug    | kind     | route   | purpose     | amount | unit | start    | end
        A  | heparin | infusion | iv      | therapeutic | 1      | U/h  | D1T08:00 |
        B  | heparin | infusion | circuit | flush       | 2      | U/h  | D2T08:00 |
        C  | heparin | infusion | iv      | therapeutic | 3      | U/h  | D3T08:00 |
        """,
    )
    assert rows(found, "row_id", "end_latest_min") == [("A", 4800), ("B", 37439), ("C", 37439)]


def test_an_open_end_is_not_closed_by_a_rate_that_may_have_come_before(tmp_path):
    found = doses(
        tmp_path,
        """
        id | drug    | kind     | amount | unit | start | end
        A  | heparin | infusion | 1      | U/h  | D3    |
        B  | heparin | infusion | 2      | U/h  | D3    | D5
        """,
    )
    assert rows(found, "row_id", "end_latest_min") == [("A", 37439), ("B", 8639)]


def test_boundaries_that_are_one_instant(tmp_path):
    found = doses(
        tmp_path,
        """
        id | drug       | kind     | amount | unit | start   | end
        A  | heparin    | infusion | 1      | U/h  | D1      | D3/D4
        B  | heparin    | infusion | 2      | U/h  | D3/D4   | @C
        C  | heparin    | infusion | 3      | U/h  | D6      | @ARG
        ARG| argatroban | infusion | 1      | mg/h | D7T08:00| D8
        L  | lepirudin  | infusion | 1      | mg/h | D3/D4   | @B
        """,
    )
    assert rows(found, "row_id", "start_boundary", "end_boundary") == [
        ("A", "A", "A.end"),
        ("B", "A.end", "C"),
        ("C", "C", "D7T08:00"),
        ("ARG", "D7T08:00", "ARG.end"),
        ("L", "L", "A.end"),  # it ends at the start of B, which is the end of A; its own start is another drug's
    ]


def test_the_same_text_on_three_rates_is_not_one_instant(tmp_path):
    found = doses(
        tmp_path,
        """
        id | drug    | kind     | amount | unit | start | end
        A  | heparin | infusion | 1      | U/h  | D1    | D3
        B  | heparin | infusion | 2      | U/h  | D3    | D3
        C  | heparin | infusion | 3      | U/h  | D3    | D5
        """,
    )
    assert rows(found, "row_id", "start_boundary", "end_boundary") == [
        ("A", "A", "A.end"),
        ("B", "B", "B.end"),
        ("C", "C", "C.end"),
    ]


# --- repeated doses -------------------------------------------------------------------------------------------------


def repeated(tmp_path, every, start, end, **files):
    text = f"id|drug|kind|amount|unit|every|start|end\nQ|heparin|bolus|5000|U|{every}|{start}|{end}"
    return doses(tmp_path, text, **files)


def test_repeated_to_the_end_itself_excluded(tmp_path):
    found = repeated(tmp_path, "8h", "D1T08:00", "D2T08:00")
    assert numbers(
        found, "row_id", "occurrence", "start_min", "end_min", "amount_low", "amount_high", "start_boundary"
    ) == [
        ("Q", 1, 1920, 1920, 5000.0, 5000.0, "D1T08:00"),
        ("Q", 2, 2400, 2400, 5000.0, 5000.0, "D1T16:00"),
        ("Q", 3, 2880, 2880, 5000.0, 5000.0, "D2T00:00"),
    ]


def test_whole_days_are_counted_in_day_numbers(tmp_path):
    found = repeated(tmp_path, "1d", "D9", "D12")
    assert numbers(found, "occurrence", "start_form", "start_day", "amount_low") == [
        (1, "day", 9, 5000.0),
        (2, "day", 10, 5000.0),
        (3, "day", 11, 5000.0),
    ]


def test_a_length_gives_the_exact_number(tmp_path):
    assert repeated(tmp_path, "8h", "D1", "+2d").height == 6


def test_occurrences_that_are_not_sure_have_a_low_of_nothing(tmp_path):
    found = repeated(tmp_path, "1d", "D1T08:00", "D3T07:00/D5T07:00")
    assert numbers(found, "occurrence", "amount", "amount_low", "amount_high") == [
        (1, 5000.0, 5000.0, 5000.0),
        (2, 5000.0, 5000.0, 5000.0),
        (3, 5000.0, 0.0, 5000.0),
        (4, 0.0, 0.0, 5000.0),
    ]


def test_an_uncertain_start_makes_the_number_uncertain(tmp_path):
    """23 to 25 hours, 24 most likely, every 24 h: one or two doses, most likely one."""
    found = repeated(tmp_path, "24h", "D1T08:00/D1T10:00", "D2T09:00")
    assert numbers(found, "occurrence", "start_earliest_min", "start_latest_min", "amount", "amount_low") == [
        (1, 1920, 2040, 5000.0, 5000.0),
        (2, 3360, 3420, 0.0, 0.0),
    ]


def test_without_an_end_only_the_first_is_sure(tmp_path):
    found = repeated(tmp_path, "1w", "D1T08:00", "")
    assert numbers(found, "occurrence", "amount", "amount_low", "amount_high") == [
        (1, 5000.0, 5000.0, 5000.0),
        (2, None, 0.0, 5000.0),
        (3, None, 0.0, 5000.0),
        (4, None, 0.0, 5000.0),
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    start=st.tuples(st.integers(0, 4000), st.integers(0, 300)),
    end=st.tuples(st.integers(4500, 8000), st.integers(0, 900)),
    every=st.integers(120, 1500),
    share=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_every_true_course_lies_within_the_occurrences(tmp_path_factory, start, end, every, share):
    """A slow twin: draw a true start and end, give the doses one by one, and find each within an occurrence."""
    from casetrace.values.instants import name_minute

    texts = ["/".join((name_minute(low), name_minute(low + width))) for low, width in (start, end)]
    found = repeated(tmp_path_factory.mktemp("case"), f"{every}min", *texts)
    true_start, true_end = (low + round(width * s) for (low, width), s in zip((start, end), share, strict=True))
    given_at = range(true_start, true_end, every)
    spans = rows(found, "start_earliest_min", "start_latest_min", "amount_low", "amount_high")
    sure = sum(1 for _, _, low, _ in spans if low > 0)
    assert sure <= len(given_at) <= len(spans)
    for minute, (earliest, latest, _, high) in zip(given_at, spans, strict=False):
        assert earliest <= minute <= latest
        assert high == 5000


def test_no_surely_overlapping_rates_where_the_times_only_may_overlap(tmp_path):
    text = """
    id | drug    | kind     | amount | unit | start | end
    A  | heparin | infusion | 1      | U/h  | D1    | D3
    B  | heparin | infusion | 2      | U/h  | D3    | D5
    C  | heparin | infusion | 2      | U/h  | D3T08:00 | D3T10:00
    """
    assert doses(tmp_path, text).height == 3


def test_a_rate_that_ends_when_the_next_drug_starts(tmp_path):
    found = tables(tmp_path, {})["doses"]
    assert rows(found, "row_id", "end_min", "end_anchor", "end_offset_min") == [
        ("B1", 3360, None, None),
        ("I1", 6360, "ARG", 0),
        ("ARG", 7080, "ARG", 720),
    ]


def test_a_dose_is_one_amount_at_one_instant_like_a_bolus(tmp_path):
    doses = sheet(
        """
        id  | drug       | kind  | route | amount | unit | every | start    | end
        TAB | warfarin   | dose  | oral  | 5      | mg   |       | D2T18:00 |
        INJ | enoxaparin | dose  | sc    | 40     | mg   | 12h   | D3T08:00 | D4T08:00
        BOL | heparin    | bolus | iv    | 5000   | U    |       | D2T08:00 |
        """
    )
    found = tables(tmp_path, {"doses.csv": doses, "targets.csv": None, "labs.csv": None, "claims.csv": None})["doses"]
    assert rows(found, "row_id", "kind", "occurrence", "start_min", "end_min") == [
        ("TAB", "bolus", 1, 3960, 3960),
        ("INJ", "bolus", 1, 4800, 4800),
        ("INJ", "bolus", 2, 5520, 5520),
        ("BOL", "bolus", 1, 3360, 3360),
    ]


def test_a_dose_has_no_end(tmp_path):
    doses = sheet("id | drug | kind | amount | unit | start | end\nTAB | warfarin | dose | 5 | mg | D2 | D3")
    _, problems = read(tmp_path, {"doses.csv": doses, "targets.csv": None, "labs.csv": None, "claims.csv": None})
    assert [(p.row, p.column, p.what) for p in problems if p.severity == "error"] == [
        (2, "end", "a dose is an instant")
    ]
