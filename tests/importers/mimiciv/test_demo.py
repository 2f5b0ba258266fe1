"""The demo data of MIMIC-IV, against a slow calculation from the raw files."""

from pathlib import Path

import polars as pl
import pytest
from casetrace.core.params import load
from casetrace.core.paths import ProjectFolder
from casetrace.importers.shared.case_rows import pseudonym
from casetrace.importers.stage import Options, import_mimiciv
from casetrace.metrics.run import compute_metrics

from tests.importers.mimiciv import slow

ROOT = Path(__file__).resolve().parents[3]
DEMO = ROOT.parent / "shared" / "data" / "mimic-iv-demo-2.2"
KEY = "a key of the tests only"

pytestmark = pytest.mark.skipif(
    not DEMO.is_dir(), reason="the demo data of MIMIC-IV is not beside the project (../shared)"
)


@pytest.fixture(scope="module", params=["stay", "admission"])
def demo(request, tmp_path_factory):
    """Unit, result of the import, and the metrics as a dictionary."""
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "key").write_text(KEY, encoding="utf-8")
    corpus = ProjectFolder(folder).corpus("demo")
    result = import_mimiciv(corpus, DEMO, Options(unit=request.param, key_file=folder / "key"))
    compute_metrics(corpus, load(ROOT / "params.yaml"))
    metrics = pl.read_parquet(corpus.metrics / "metrics.parquet")
    found = {(c, m, s): v for c, m, s, v in metrics.select("case_id", "metric", "stratum", "value").iter_rows()}
    totals = pl.read_parquet(corpus.processed / "import" / "keyed_totals.parquet")
    return request.param, result, found, totals


EXPECTED = [
    ("iv_ufh_total", "", slow.Case.total, {"stay": 21, "admission": 19}),
    ("iv_ufh_max_24h", "", slow.Case.max_trailing, {"stay": 21, "admission": 19}),
    ("iv_ufh_n_boluses", "", slow.Case.n_boluses, {"stay": 21, "admission": 19}),
    ("platelets_nadir", "", slow.Case.nadir, {"stay": 107, "admission": 214}),
    ("platelets_baseline_before_heparin", "", slow.Case.baseline_before_heparin, {"stay": 76, "admission": 69}),
    ("platelets_fall_pct", "before_heparin", slow.Case.fall_pct, {"stay": 70, "admission": 68}),
    ("aptt_n", "unfractionated heparin", slow.Case.n_aptt, {"stay": 20, "admission": 18}),
    ("aptt_n_while_held", "unfractionated heparin", slow.Case.n_aptt_while_held, {"stay": 20, "admission": 18}),
]


@pytest.mark.parametrize(
    ("metric", "stratum", "calculate", "compared"),
    EXPECTED,
    ids=lambda value: getattr(value, "__name__", str(value))[:40],
)
def test_every_case_equals_the_slow_calculation(demo, metric, stratum, calculate, compared):
    unit, _, found, _ = demo
    n = 0
    for case in slow.cases(DEMO, unit):
        value = found.get((pseudonym(KEY.encode(), f"{unit}:{case.key}"), metric, stratum))
        expected = calculate(case)
        if expected is None or (expected == 0 and value is None):
            assert value is None, case.key
        else:
            assert value == pytest.approx(expected, abs=1e-3), case.key
            n += 1
    assert n == compared[unit]


def test_every_row_that_was_read_is_accounted_for(demo):
    unit, result, _, _ = demo
    books = result.account
    assert books.unaccounted() == {}
    assert (books.read["labevents"], books.read["inputevents"], books.read["prescriptions"]) == (23036, 761, 797)
    zero = [entry for entry in books.left_out if entry.reason == "the amount is 0: nothing was given"]
    assert [(entry.file, entry.rows) for entry in zero] == [("inputevents", 1)]
    assert (books.read["emar"], books.read["emar_detail"], books.used["emar_detail"]) == (2508, 4886, 0)
    assert books.used["inputevents"] == 760
    assert books.cases == {"stay": 140, "admission": 275}[unit]


def test_the_counts_of_the_documentation_are_those_of_the_import(demo):
    unit, result, _, _ = demo
    column = {"stay": 3, "admission": 4}[unit]
    text = (ROOT / "docs" / "mimic-iv.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]
    told = {row[0]: [number.replace(" ", "") for number in (row[1], row[column - 1])] for row in rows if len(row) == 6}
    books = result.account
    files = [name for name in books.read if name != "patientweight_by_stay"]  # a table of this cut alone
    assert {name: told[name] for name in files} == {
        name: [str(books.read[name]), str(books.used[name])] for name in files
    }
    assert told["cases"][1] == str(books.cases)
    assert told["labs, doses, events"][1] == ",".join(str(books.rows[name]) for name in ("labs", "doses", "events"))


def test_heparin_that_only_the_administration_record_shows(demo):
    unit, result, _, _ = demo
    unseen = slow.cases_with_unseen_heparin(DEMO, unit)
    (found,) = [entry for entry in result.account.elsewhere if entry.event == "heparin_given_elsewhere"]
    assert (found.file, found.cases) == ("emar", len(unseen))
    assert len(unseen) == {"stay": 32, "admission": 81}[unit]


def test_the_total_of_the_span_and_by_key_stand_beside_each_other(demo):
    unit, _, found, totals = demo
    heparin = totals.filter((pl.col("drug") == "unfractionated heparin") & (pl.col("purpose") == "therapeutic"))
    for case_id, in_span in heparin.select("case_id", "total_in_span").iter_rows():
        assert found[case_id, "iv_ufh_total", ""] == pytest.approx(in_span, abs=1e-2)
    by_key = sum(float(row["amount"]) for row in slow.rows(DEMO, "inputevents") if row["itemid"] == slow.HEPARIN)
    assert heparin["total_by_key"].sum() == pytest.approx(by_key, abs=1e-3)
    crossing = heparin.filter((pl.col("total_by_key") - pl.col("total_in_span")).abs() > 1)
    assert crossing.height == {"stay": 2, "admission": 0}[unit]  # one drip runs from one stay into the next
