"""A corpus in aggregate: right counts, and no subtraction that gives a small one back."""

import polars as pl
import pytest
from casetrace.cohort.aggregate import aggregate
from casetrace.cohort.limits import limits_of
from casetrace.core.params import load
from casetrace.privacy.disclosure import ROOM, SMALLEST_CELL
from casetrace.report.corpus_pages.aggregate_page import About, aggregate_page
from casetrace.schemas.base import dtypes
from casetrace.schemas.cohort import KNOWN, Characteristics
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.case_builder import ROOT
from tests.cohort import attack

LIMITS = limits_of(load(ROOT / "params.yaml"))
#: Variables of each kind that are in variables.csv.
KINDS = {"age": ("number", "a"), "platelets_nadir": ("number", "10*9/L"), "sex": ("choice", ""), "hit": ("choice", ""),
         "resistance_dose_24h": ("yes_no", "{yes_no}"), "sic_met": ("yes_no", "{yes_no}"), "aptt_to_target_heparin": ("number", "min")}  # fmt: skip


def characteristics(cases):
    """Rows of cases: variable -> a number, a word, or the name of another state than known."""
    rows = []
    for name in dict.fromkeys(variable for values in cases.values() for variable in values):
        kind, unit = KINDS.get(name, ("number", "mg"))
        for case_id, values in sorted(cases.items()):
            cell = values[name]
            state = cell if cell in KNOWN else "known"
            value = float(cell) if state == "known" and kind != "choice" else None
            rows.append(
                {"case_id": case_id, "section": "Patient", "variable": name, "label": name, "kind": kind, "value": value,
                 "low": value, "high": value, "word": cell if state == "known" and kind == "choice" else None,
                 "unit": unit, "state": state, "reason": None}
            )  # fmt: skip
    return pl.DataFrame(rows, schema=dtypes(Characteristics))


def told(cases, patients=None, *, protect=True, groups=None):
    """The tables in aggregate; cases of one patient have the same name in ``patients``."""
    persons = {c: c for c in cases} | (patients or {})
    same = [[o for o in cases if o != c and persons[o] == persons[c]] for c in sorted(cases)]
    frame = pl.DataFrame({"case_id": sorted(cases), "same_patient_as": same},
                         schema={"case_id": pl.String, "same_patient_as": pl.List(pl.String)})  # fmt: skip
    return aggregate(characteristics(cases), frame, groups or [("all", list(cases))], protect=protect)


def many(**columns):
    """Cases by columns of equal length."""
    return {
        f"c{i:03d}": dict(zip(columns, row, strict=True)) for i, row in enumerate(zip(*columns.values(), strict=True))
    }


def counts(tables, variable):
    rows = tables["counts"].filter(pl.col("variable") == variable)
    return [(r["word"], r["from_value"], r["below_value"], r["n_low"], r["n_high"]) for r in rows.to_dicts()]


def test_a_public_corpus_is_counted_exactly():
    tables = told(many(age=[40, 50, 60, "missing"], sex=["female", "male", "male", "open"]), protect=False)
    assert counts(tables, "sex") == [("male", None, None, 2, 2), ("female", None, None, 1, 1)]
    assert [row[3] for row in counts(tables, "age")] == [row[4] for row in counts(tables, "age")]
    assert sum(row[3] for row in counts(tables, "age")) == 3
    known = tables["known"].filter(pl.col("variable") == "age").row(0, named=True)
    assert [known[f"{state}_low"] for state in KNOWN] == [3, 0, 1, 0]
    quantiles = tables["quantiles"].filter(pl.col("variable") == "age")
    assert quantiles.select("share_pct", "low").rows() == [(0, 40), (25, 45), (50, 50), (75, 55), (100, 60)]


def test_numbers_are_told_by_classes_and_quantiles_by_the_class_that_they_lie_in():
    tables = told(many(platelets_nadir=list(range(100, 160))))
    classes = counts(tables, "platelets_nadir")
    assert len(classes) >= 4
    assert all(row[3] >= SMALLEST_CELL for row in classes)
    (median,) = tables["quantiles"].filter(pl.col("share_pct") == 50).to_dicts()
    assert median["low"] <= 129 < median["high"]
    edges = {edge for row in classes for edge in row[1:3]} - {None}
    assert {median["low"], median["high"]} <= edges


def test_minutes_are_told_in_hours():
    tables = told(many(aptt_to_target_heparin=[600 + 60 * i for i in range(60)]))
    assert set(tables["known"]["unit"]) == set(tables["counts"]["unit"]) == {"h"}
    edges = {edge for row in counts(tables, "aptt_to_target_heparin") for edge in row[1:3]} - {None}
    assert edges
    assert all(10 <= edge <= 70 and edge % 1 == 0 for edge in edges)


def test_words_with_few_cases_are_one_class_that_is_there_even_when_empty():
    tables = told(many(sex=["male"] * 30 + ["female"] * 20 + ["other"] * 3))
    assert [row[0] for row in counts(tables, "sex")] == ["male", "female", ""]
    assert counts(tables, "sex")[-1][3:] == (0, 10)
    without = told(many(sex=["male"] * 30 + ["female"] * 23))
    assert counts(without, "sex")[-1] == counts(tables, "sex")[-1]


def test_a_word_of_many_cases_but_few_patients_is_no_class():
    cases = many(sex=["male"] * 30 + ["female"] * 20)
    tables = told(cases, {f"c{i:03d}": "one" for i in range(30, 50)})
    assert [row[0] for row in counts(tables, "sex")] == ["male", ""]


def test_a_variable_that_is_there_for_a_few_only_is_left_out():
    cases = many(age=[40] * 30, warfarin_highest_dose=[5] * 3 + ["not_applicable"] * 27)
    assert set(told(cases)["known"]["variable"]) == {"age"}
    assert set(told(cases, protect=False)["known"]["variable"]) == {"age", "warfarin_highest_dose"}


def test_of_ten_cases_or_patients_nothing_is_told_but_that():
    for cases, patients in ((many(age=[50] * 10), {}), (many(age=[50] * 30), {f"c{i:03d}": "one" for i in range(21)})):
        tables = told(cases, patients)
        assert [tables[name].height for name in ("known", "counts", "quantiles")] == [0, 0, 0]
        assert tables["sizes"].select("patients_low", "patients_high").row(0) == (0, 10)
        assert "Too few cases to show anything" in aggregate_page(tables, About("closed"), LIMITS)


def test_groups_of_a_corpus_that_is_not_public_are_refused():
    cases = many(age=[50] * 30)
    with pytest.raises(ValueError, match="as a whole only"):
        told(cases, groups=[("a", list(cases)[:15]), ("b", list(cases)[15:])])
    assert told(cases, protect=False, groups=[("a", list(cases)[:15]), ("b", list(cases)[15:])])["sizes"].height == 2


def members(cases, found):
    """Variable -> the case ids behind each of its published classes and states, from the data that the page withholds."""
    sets = {}
    for name, told_classes in found["classes"].group_by("variable", maintain_order=True):
        rows, kind = told_classes.to_dicts(), KINDS[name[0]][0]
        cells = {c: values[name[0]] for c, values in cases.items()}
        known = {c: cell for c, cell in cells.items() if cell not in KNOWN}
        words = {r["word"] for r in rows} - {None, ""}
        for at, row in enumerate(rows):
            low, high = (float("-inf") if row["from_value"] is None else row["from_value"],
                         float("inf") if row["below_value"] is None else row["below_value"])  # fmt: skip
            if kind == "number":
                inside = {c for c, v in known.items() if low <= v < high}
            elif kind == "yes_no":
                inside = {c for c, v in known.items() if v == (row["word"] == "yes")}
            else:
                inside = {c for c, v in known.items() if (v == row["word"] if row["word"] else v not in words)}
            sets[name[0], "class", at] = inside
        for state in KNOWN:
            sets[name[0], state] = {c for c, cell in cells.items() if (cell if cell in KNOWN else "known") == state}
    return sets


def assert_nothing_is_given_back(cases, tables):
    """From the page no small count, and no small difference of two counts of which one holds the other, follows.

    A stranger can take every one for 0, or for 11 and more; so can somebody who knows which counts are 0, within a
    variable. Between variables that one may learn that a difference is not 0, and never which of six counts it is.
    """
    page = attack.read(aggregate_page(tables, About("closed"), LIMITS))
    found = attack.tables(page)
    sets = members(cases, found)
    nobody = frozenset(cell for cell in sets if not sets[cell])
    pairs = [
        (inner, outer, len(sets[outer] - sets[inner]))
        for inner in sets
        for outer in sets
        if inner[0] != outer[0] and sets[inner] and sets[inner] < sets[outer]
    ]
    for empty in (frozenset(), nobody):
        for name in found["characteristics"]["variable"]:
            attacked = attack.on_variables(found, [name], empty)
            for place, cell in enumerate(attacked.names[1:], start=1):
                if cell not in empty:
                    assert_open(len(sets[cell]), attacked.range_of({place: 1}), cell)
        for inner, outer, rest in pairs:
            if rest < SMALLEST_CELL:
                attacked = attack.on_variables(found, [inner[0], outer[0]], empty)
                at = {cell: place for place, cell in enumerate(attacked.names)}
                ends = attacked.range_of({at[outer]: 1, at[inner]: -1})
                assert_open(rest, ends, (inner, outer), may_be_few=bool(empty))


def assert_open(count, ends, what, may_be_few=False):
    low, high = max(ends[0], 0), ends[1]
    assert low <= count, what
    assert high is None or high >= count, what
    if count < SMALLEST_CELL:
        assert high is None or high - low >= ROOM, (what, ends)
        assert may_be_few or low == 0 or high is None or high >= SMALLEST_CELL, (what, ends)


def cells_of(kind):
    known = {
        "number": st.integers(0, 99),
        "choice": st.sampled_from(["a", "b", "c"]),
        "yes_no": st.sampled_from([0, 1]),
    }
    return st.one_of(known[kind], known[kind], known[kind], st.sampled_from(KNOWN[1:]))


def link(draw, columns):
    """A second variable that is known where the first is but for a few cases, or that says whether the first is high."""
    first, *others = columns
    if others and draw(st.booleans()):
        few = draw(st.integers(0, SMALLEST_CELL))
        linked = columns[others[0]]
        for i, cell in enumerate(columns[first]):
            if cell in KNOWN:
                linked[i] = "missing"
            elif KINDS[first][0] == "number" and KINDS[others[0]][0] == "yes_no":
                linked[i] = int(cell > 50)
        linked[:few] = ["missing"] * few


@st.composite
def corpora(draw):
    """Small corpora whose variables hang together, as heparin and the criteria that are made of it do."""
    n = draw(st.integers(SMALLEST_CELL, 70))
    names = draw(
        st.lists(st.sampled_from(sorted(set(KINDS) - {"aptt_to_target_heparin"})), min_size=1, max_size=3, unique=True)
    )
    columns = {}
    for name in names:
        palette = draw(st.lists(cells_of(KINDS[name][0]), min_size=1, max_size=6))
        columns[name] = draw(st.lists(st.sampled_from(palette), min_size=n, max_size=n))
    link(draw, columns)
    cases = many(**columns)
    shared = draw(st.integers(0, 3))
    return cases, dict.fromkeys(sorted(cases)[:shared], "one")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(corpora())
def test_subtraction_across_the_tables_recovers_no_small_cell(corpus):
    cases, patients = corpus
    tables = told(cases, patients)
    if tables["known"].height:
        assert_nothing_is_given_back(cases, tables)


def naive(cases, name):
    """The same variable as it is often published: cells of 1 to 10 blanked, everything else exact, totals shown."""
    cells = [values[name] for values in cases.values()]
    attacked = attack.Attack()
    total = attacked.unknown(("cases",), len(cells), len(cells))
    parts = []
    for word in sorted(set(map(str, cells))):
        n = sum(str(cell) == word for cell in cells)
        parts.append(attacked.unknown((word,), *((1, 10) if 0 < n < SMALLEST_CELL else (n, n))))
    attacked.sum_is(parts, total)
    return attacked


def test_the_attack_recovers_the_cell_of_a_table_that_is_blanked_only():
    cases = many(sex=["male"] * 60 + ["female"] * 4 + ["missing"] * 20)
    attacked = naive(cases, "sex")
    assert attacked.range_of({attacked.names.index(("female",)): 1}) == (4, 4)
    assert_nothing_is_given_back(cases, told(cases))


def test_the_attack_finds_what_classes_of_ten_alone_give_away(monkeypatch):
    """With the widening by sums switched off, the same assertion fails: the page then shows a count of 1 to 10."""
    cases = many(resistance_dose_24h=[1] * 8 + [0] * 123)
    assert_nothing_is_given_back(cases, told(cases))
    monkeypatch.setattr("casetrace.privacy.disclosure._has_room", lambda sizes, found: True)
    with pytest.raises(AssertionError, match="resistance_dose_24h"):
        assert_nothing_is_given_back(cases, told(cases))
