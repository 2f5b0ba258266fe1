"""Long tables of any source by a mapping file."""

import itertools
import random
import tempfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from casetrace.core.errors import InputError
from casetrace.core.paths import ProjectFolder
from casetrace.importers.stage import Options, import_tables
from hypothesis import strategies as st

from tests.batches import examples

MAPPING = """
database: A registry
unit: stay
units: {thousand per microlitre: 10*3/uL}
tables:
  cases:
    from: stays.csv
    columns: {case_key: stay, subject: person, starts: came, ends: left}
  labs:
    from: results.csv
    columns: {subject: person, charted: drawn, term: test, value: result, unit: unit}
    terms: {PLATE: platelets}
  doses:
    query: "SELECT person, given, until, mg * 100 AS units FROM 'given.csv'"
    columns: {subject: person, starts: given, ends: until, amount: units}
    values: {term: heparin, kind: infusion, unit: U, route: iv, purpose: therapeutic}
"""
FILES = {
    "stays.csv": "stay,person,came,left\nS1,A,2020-03-01 08:00,2020-03-04 08:00\n",
    "results.csv": "person,drawn,test,result,unit\nA,2020-03-01 09:00,PLATE,120,thousand per microlitre\n"
    "A,2020-03-01 10:00,aptt,>=150,s\nA,2020-03-01 11:00,crp,12,mg/L\nB,2020-03-01 11:00,crp,3,mg/L\n",
    "given.csv": "person,given,until,mg\nA,2020-03-01 09:00,2020-03-01 19:00,100\n",
}


def folder(tmp_path, mapping=MAPPING, **changed):
    for name, text in (FILES | changed).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return tmp_path / "mapping.yaml"


def test_tables_become_canonical(tmp_path):
    corpus = ProjectFolder(tmp_path).corpus("registry")
    result = import_tables(corpus, folder(tmp_path), Options())
    labs = pl.read_parquet(corpus.table("labs")).sort("time_min")
    assert labs.select("analyte", "time_min", "value", "value_low", "unit", "is_coded").rows() == [
        ("platelets", 60, 120, 120, "10*9/L", True),
        ("aptt", 120, None, 150, "s", True),
        ("crp", 180, 12, 12, "mg/L", True),
    ]
    (dose,) = pl.read_parquet(corpus.table("doses")).to_dicts()
    assert (dose["kind"], dose["amount"], dose["unit"], dose["length_min"]) == (
        "infusion",
        Decimal(1000),
        "[iU]/h",
        600,
    )
    assert (dose["drug"], dose["drug_reported"]) == ("unfractionated heparin", "heparin")
    assert result.account.unaccounted() == {}
    assert [(entry.file, entry.reason, entry.rows) for entry in result.account.left_out] == [
        ("labs", "the patient has no case", 1)
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("database:", "datebase:", "mapping.yaml, key datebase: no such key"),
        ("unit: stay\n", "unit: week\n", "'week' is not a unit (allowed: stay, admission, patient)"),
        ("starts: came, ", "", "key tables.cases.starts: the column is missing"),
        ("drawn, term", "taken, term", "results.csv, row 1, column taken: the column is missing"),
        ("from: stays.csv", "from: none.csv", "none.csv: the file is missing"),
        ("  labs:", "  lobs:", "key tables.lobs: no such table"),
        ("value: result", "value: result, colour: red", "key tables.labs.colour: no such column"),
    ],
)
def test_a_wrong_mapping_says_what_and_where(tmp_path, old, new, said):
    assert MAPPING.count(old) == 1
    with pytest.raises(InputError) as error:
        import_tables(
            ProjectFolder(tmp_path).corpus("registry"), folder(tmp_path, MAPPING.replace(old, new)), Options()
        )
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A,2020-03-01 09:00,2020-03-01 19:00,0", "the amount is 0: nothing was given"),
    ],
)
def test_a_row_that_is_no_dose_is_left_out_for_a_reason(tmp_path, row, reason):
    corpus = ProjectFolder(tmp_path).corpus("registry")
    query = "FROM read_csv('given.csv', types = {'until': 'VARCHAR'})"
    mapping = MAPPING.replace("FROM 'given.csv'", query)
    given = "person,given,until,mg\n" + row + "\n"
    result = import_tables(corpus, folder(tmp_path, mapping, **{"given.csv": given}), Options())
    assert [entry.reason for entry in result.account.left_out if entry.file == "doses"] == [reason]
    assert pl.read_parquet(corpus.table("doses")).is_empty()


RATES = (
    MAPPING[: MAPPING.index("  doses:")]
    + """
  doses:
    from: rates.csv
    columns: {subject: person, starts: given, ends: until, rate: rate, amount: amount, unit: unit, order_key: pump, weight_kg: kg}
    values: {term: heparin, kind: infusion, route: iv, purpose: therapeutic}
"""
)


def doses(tmp_path, rows, more=""):
    """What becomes of rows of rates: start, end, amount per hour, how the end is known, status; and the account."""
    corpus = ProjectFolder(tmp_path).corpus("registry")
    text = "person,given,until,rate,amount,unit,pump,kg\n" + "\n".join(rows) + "\n"
    result = import_tables(corpus, folder(tmp_path, RATES + more, **{"rates.csv": text}), Options(max_unknown_pct=100))
    columns = ("start_min", "end_min", "amount", "end_form", "amount_status")
    found = pl.read_parquet(corpus.table("doses")).sort("start_min").select(columns).rows()
    return found, {entry.reason: entry.rows for entry in result.account.left_out if entry.file == "doses"}


def test_an_infusion_ends_at_the_next_change_of_its_order_where_the_mapping_says_so(tmp_path):
    rows = ["A,2020-03-01 09:00,,1000,,U/h,1,", "A,2020-03-01 10:00,,500,,U/h,2,", "A,2020-03-01 12:00,,1200,,U/h,1,",
            "A,2020-03-01 15:00,,0,,U/h,1,", "A,2020-03-01 11:00,,0,,U/h,2,", "A,2020-03-01 18:00,2020-03-01 19:00,900,,U/h,1,"]  # fmt: skip
    found, left = doses(tmp_path, rows, "    infusions_end: at_next_change\n")
    assert found == [
        (60, 240, 1000, "minute", "known"),
        (120, 180, 500, "minute", "known"),
        (240, 420, 1200, "minute", "known"),
        (600, 660, 900, "minute", "known"),
    ]
    assert left == {"the end of an infusion, not a dose": 2}


def test_without_a_word_of_the_mapping_an_infusion_without_an_end_is_open(tmp_path):
    rows = ["A,2020-03-01 09:00,,1000,,U/h,1,", "A,2020-03-01 12:00,,1200,,U/h,1,"]
    found, _ = doses(tmp_path, rows)
    assert found == [(60, None, 1000, "open", "known"), (240, None, 1200, "open", "known")]


def test_the_last_rate_of_an_order_is_open(tmp_path):
    rows = ["A,2020-03-01 09:00,,1000,,U/h,1,", "A,2020-03-01 12:00,,1200,,U/h,1,"]
    found, _ = doses(tmp_path, rows, "    infusions_end: at_next_change\n")
    assert found == [(60, 240, 1000, "minute", "known"), (240, None, 1200, "open", "known")]


def test_an_amount_without_an_end_is_a_drug_that_was_given_at_an_unknown_rate(tmp_path):
    found, left = doses(tmp_path, ["A,2020-03-01 09:00,,,12000,U,1,"])
    assert (found, left) == ([(60, None, None, "open", "not_printed")], {})
    (note,) = pl.read_parquet(ProjectFolder(tmp_path).corpus("registry").table("doses"))["note"].to_list()
    assert note == "12000 U until an end that is not told; no amount is given"


@pytest.mark.parametrize(
    ("unit", "kg", "amount", "status"),
    [("U/kg/h", "80", 1440, "known"), ("U/kg/h", "", None, "needs_weight"), ("U/min", "", 1080, "known"), ("U/day", "", Decimal("0.75"), "known")],
)  # fmt: skip
def test_rates_per_time_and_weight(tmp_path, unit, kg, amount, status):
    found, _ = doses(tmp_path, [f"A,2020-03-01 09:00,2020-03-01 11:00,18,,{unit},1,{kg}"])
    assert found == [(60, 180, amount, "minute", status)]


def test_rates_that_cannot_be_read_keep_their_place(tmp_path):
    at = "A,2020-03-01 09:00,2020-03-01 11:00"
    rows = [f"{at},18,,U,1,", f"{at},18,400,U/h,1,", f"{at},fast,,U/h,1,", f"{at},-5,,U/h,1,"]
    found, left = doses(tmp_path, rows)
    assert (sorted(row[4] for row in found), left) == (["needs_unit", "unreadable", "unreadable", "unreadable"], {})
    assert {row[2] for row in found} == {None}
    notes = " ".join(pl.read_parquet(ProjectFolder(tmp_path).corpus("registry").table("doses"))["note"].to_list())
    for said in (
        "the unit is not a rate",
        "a rate and an amount",
        "the amount is not a number",
        "the amount is negative",
    ):
        assert notes.count(said) == 1


@pytest.mark.parametrize(
    ("row", "gap"),
    [
        ("A,2020-03-01 09:00,2020-03-01 08:00,1000,,U/h,1,", "the end lies before the start"),
        ("A,2020-03-01 09:00,soon,1000,,U/h,1,", "the end cannot be read"),
        ("A,soon,2020-03-01 10:00,1000,,U/h,1,", "the start cannot be read"),
    ],
)
def test_an_infusion_whose_time_cannot_be_read_keeps_its_place(tmp_path, row, gap):
    found, left = doses(tmp_path, [row, "A,2020-03-02 09:00,2020-03-02 11:00,1000,,U/h,1,"])
    assert left == {}
    assert sorted(entry[4] for entry in found) == ["known", "unreadable"]
    assert gap in " ".join(pl.read_parquet(ProjectFolder(tmp_path).corpus("registry").table("doses"))["note"].to_list())


def test_a_time_with_an_offset_is_told_in_utc(tmp_path):
    found, _ = doses(tmp_path, ["A,2020-03-01 11:00:00+02:00,2020-03-01 10:00:00Z,1000,,U/h,1,"])
    assert found == [(60, 120, 1000, "minute", "known")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rate: rate, amount: amount, ", "", "key tables.doses: one of the columns is needed (allowed: amount or rate)"),
        ("    values: {term: heparin", "    infusions_end: never\n    values: {term: heparin", "'never' is none of its words (allowed: open, at_next_change)"),
        ("    terms: {PLATE: platelets}", "    infusions_end: open", "key tables.labs.infusions_end: no such key"),
    ],
)  # fmt: skip
def test_a_wrong_word_on_rates_says_what_and_where(tmp_path, old, new, said):
    assert RATES.count(old) == 1
    with pytest.raises(InputError) as error:
        import_tables(ProjectFolder(tmp_path).corpus("registry"), folder(tmp_path, RATES.replace(old, new)), Options())
    assert said in str(error.value)


@pytest.mark.parametrize("seed", examples(st.integers(0, 10**6), 3))
def test_rates_of_many_orders_equal_a_slow_calculation(seed):
    rng = random.Random(seed)
    rows = [(rng.choice("1234567"), rng.randrange(60, 3700), rng.choice([0, 250, 1000, 1337.5]), rng.choice([None, 30, 600]))
            for _ in range(60)]  # fmt: skip
    base = datetime(2020, 3, 1, 8, tzinfo=UTC)
    moment = {minute: (base + timedelta(minutes=minute)).isoformat() for minute in range(5000)}
    lines = [
        f"A,{moment[start]},{'' if length is None else moment[start + length]},{rate},,U/h,{pump},"
        for pump, start, rate, length in rows
    ]
    with tempfile.TemporaryDirectory() as place:
        doses(Path(place), lines, "    infusions_end: at_next_change\n")
        table = pl.read_parquet(ProjectFolder(Path(place)).corpus("registry").table("doses")).to_dicts()
    given = [row for row in table if row["end_form"] == "minute" and row["length_min"]]
    for bound, expected in zip(("amount_low", "amount_high"), slow_totals(rows), strict=True):
        assert float(sum((row[bound] or 0) * row["length_min"] for row in given)) / 60 == pytest.approx(
            expected, abs=1e-3
        )


def slow_totals(rows):
    """Least and most that was given by rows with an end: their own, or the start of the next row of their pump."""
    low = high = 0.0
    for pump in {row[0] for row in rows}:
        runs = slow_runs([row[1:] for row in rows if row[0] == pump])
        for begin, end in itertools.pairwise(sorted({edge for run in runs for edge in run[:2]})):
            active = [run for run in runs if run[0] <= begin and end <= run[1]]
            is_sure = len(active) == 1 or all(run[2] == run[3] for run in active)
            low += min((run[2] for run in active), default=0) * is_sure * (end - begin) / 60
            high += sum(run[3] for run in active) * (end - begin) / 60
    return low, high


def slow_runs(rows):
    """Start, end, lowest and highest rate of what runs in one pump; several rates of one time without an end are one."""
    starts = sorted({start for start, _, _ in rows})
    runs = [(start, start + length, rate, rate) for start, rate, length in set(rows) if rate and length]
    for start, later in itertools.pairwise(starts):
        rates = [rate for at, rate, length in rows if at == start and rate and length is None]
        if rates:
            runs.append((start, later, min(rates), max(rates)))
    return runs
