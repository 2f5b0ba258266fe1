"""A made-up hospital export with one dirty row a stay (../shared/inputs/imports): each total is what its README says."""

import shutil
from pathlib import Path

import polars as pl
import pytest
from casetrace.core.params import load
from casetrace.core.paths import ProjectFolder
from casetrace.importers.shared.case_rows import pseudonym
from casetrace.importers.stage import Options, import_tables
from casetrace.metrics.run import compute_metrics

ROOT = Path(__file__).resolve().parents[3]
EXPORT = ROOT.parent / "shared" / "inputs" / "imports"
KEY = "a key of the tests only"

pytestmark = pytest.mark.skipif(not EXPORT.is_dir(), reason="the made-up export is not beside the project (../shared)")

#: Stay: best, low and high total of heparin.
TOTALS = {
    "ml": (None, 0, None),
    "kilo": (10_000, 10_000, 10_000),
    "bolus-kg": (5_600, 5_600, 5_600),
    "per-lb": (12_000, 12_000, 12_000),
    "same-row-twice": (10_000, 10_000, 10_000),
    "overlap": (None, 18_000, 20_000),
    "begun-before": (48_000, 48_000, 48_000),
    "weight-zero": (None, 0, None),
    "rate-unreadable": (None, 6_000, None),
    "amount-unreadable": (None, 0, None),
}
#: Stay: best, low and high nadir.
NADIRS = {"empty-result": (None, 0, 88)}
#: Stay: value of its single platelet count.
COUNTS = {"near-number": None, "day-only": 100, "k-per-ul": 150}


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    shutil.copytree(EXPORT, folder, dirs_exist_ok=True)
    (folder / "key").write_text(KEY, encoding="utf-8")
    corpus = ProjectFolder(folder).corpus("dirty")
    options = Options(key_file=folder / "key", max_unknown_pct=100)
    result = import_tables(corpus, folder / "mapping.yaml", options)
    compute_metrics(corpus, load(ROOT / "params.yaml"))
    metrics = pl.read_parquet(corpus.metrics / "metrics.parquet").to_dicts()
    return corpus, result, {(row["case_id"], row["metric"]): row for row in metrics}


def numbers(export, stay, metric):
    row = export[2][pseudonym(KEY.encode(), f"stay:{stay}"), metric]
    return tuple(None if row[column] is None else round(row[column], 6) for column in ("value", "low", "high"))


@pytest.mark.parametrize("stay", TOTALS)
def test_totals(export, stay):
    assert numbers(export, stay, "iv_ufh_total") == TOTALS[stay]


@pytest.mark.parametrize("stay", NADIRS)
def test_nadirs(export, stay):
    assert numbers(export, stay, "platelets_nadir") == NADIRS[stay]


@pytest.mark.parametrize("stay", COUNTS)
def test_counts(export, stay):
    case_id = pseudonym(KEY.encode(), f"stay:{stay}")
    assert pl.read_parquet(export[0].table("labs")).filter(pl.col("case_id") == case_id)["value"].to_list() == [
        COUNTS[stay]
    ]


def test_a_count_dated_to_a_day_is_some_time_of_it(export):
    rows = pl.read_parquet(export[0].table("labs")).filter(pl.col("time_form") == "interval").to_dicts()
    assert [(row["time_earliest_min"], row["time_latest_min"]) for row in rows] == [(1440, 2879)]


def test_the_report_names_what_is_unknown(export):
    said = {(entry.what, entry.examples) for entry in export[1].account.unknown}
    assert {
        ("the unit is not one of the drug", ("10 mL/h",)),
        ("a weight of 0 kg is outside the plausible range", ("18 U/kg/h",)),
        ("the amount is not a number", ("5,000 U", "ERROR U/h")),
        ("a result without a number", ("no value 10^9/L",)),
        ("the value is not a number", ("210,5 10^9/L",)),
    } <= said
    assert export[1].account.unaccounted() == {}
