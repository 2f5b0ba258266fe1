"""`casetrace diff`: which numbers differ between two states, of this release or an earlier one."""

import json

import polars as pl
import pytest
from casetrace.cli import main
from casetrace.core.errors import CasetraceError, NotFoundError
from casetrace.metrics.changes import changes
from click.testing import CliRunner

ROW = {"case_id": "a", "metric": "nadir", "stratum": "", "best": 13.0, "low": 13.0, "high": 14.0, "unit": "10*9/L",
       "status": "ok"}  # fmt: skip


def results(folder, *rows, old=False):
    folder.mkdir(parents=True, exist_ok=True)
    types = {"best": pl.Float64, "low": pl.Float64, "high": pl.Float64}
    table = pl.DataFrame([ROW | row for row in rows], schema_overrides=types)
    if old:
        table = table.rename({"best": "value"}).with_columns(reason=pl.lit("words"))
    table.write_parquet(folder / "metrics.parquet")
    return folder


def found(before, after):
    done = changes(before, after)
    return [(change.case_id, change.as_text()) for change in done.changed], done.same


def test_a_changed_value_bound_unit_or_status_is_a_change_and_nothing_else_is(tmp_path):
    before = results(
        tmp_path / "old",
        {},
        {"metric": "same"},
        {"metric": "low"},
        {"metric": "lost", "best": 4.0, "low": 4.0, "high": 4.0},
        {"metric": "unit"},
        {"metric": "status", "best": None, "low": None, "high": None, "status": "no_data"},
        {"case_id": "b", "metric": "split", "stratum": "heparin"},
    )
    after = results(
        tmp_path / "new",
        {"best": 14.0},
        {"metric": "same"},
        {"metric": "low", "low": 12.0},
        {"metric": "lost", "best": None, "low": None, "high": None, "status": "not_computable"},
        {"metric": "unit", "unit": "1"},
        {"metric": "status", "best": None, "low": None, "high": None, "status": "not_applicable"},
        {"case_id": "b", "metric": "split", "stratum": "heparin", "high": 15.0},
    )
    differ, same = found(before, after)
    text = [line.replace("\u00a0", " ").replace("\u202f", " ") for _, line in differ]
    assert same == 1
    assert len(text) == 6
    assert "low: 13 x 10⁹/L (13 to 14) -> 13 x 10⁹/L (12 to 14)" in [line.replace("×", "x") for line in text]
    assert any(line.startswith("lost: 4 ") and line.endswith("-> [not computable]") for line in text)
    assert "status: [no data] -> [not applicable]" in text
    assert differ[-1][0] == "b"
    assert text[-1].startswith("split.heparin: ")


def test_new_and_gone_results_are_said(tmp_path):
    before = results(tmp_path / "old", {"metric": "gone"}, {})
    after = results(tmp_path / "new", {"metric": "new"}, {})
    text = changes(before, after).as_text()
    assert "new: none -> 13" in text
    assert "-> none" in text
    assert text.endswith("0 results changed, 1 are new, 1 are gone, 1 are the same")


def test_results_of_the_first_release_are_read_and_their_noise_is_no_change(tmp_path):
    before = results(tmp_path / "old", {"best": 46710.655999999995, "low": 1, "high": 5e4}, old=True)
    assert found(before, results(tmp_path / "new", {"best": 46710.656, "low": 1, "high": 5e4})) == ([], 1)


def test_numbers_that_round_to_the_same_text_are_shown_in_full(tmp_path):
    before = results(tmp_path / "old", {"best": 13.001})
    ((_, text),), _ = found(before, results(tmp_path / "new", {"best": 13.002}))
    assert "13.001" in text
    assert "13.002" in text


def test_a_project_a_corpus_and_a_file_are_found(tmp_path):
    place = results(tmp_path / "project/data/processed/case_reports/metrics", {})
    for path in (tmp_path / "project", place.parent, place, place / "metrics.parquet"):
        assert found(path, place) == ([], 1)


def test_what_holds_no_results_is_said(tmp_path):
    place = results(tmp_path / "old", {})
    with pytest.raises(NotFoundError, match="no results there"):
        changes(tmp_path / "nowhere", place)
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "other.parquet")
    with pytest.raises(CasetraceError, match="no table of results"):
        changes(tmp_path / "other.parquet", place)
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    with pytest.raises(CasetraceError, match="cannot be read as parquet"):
        changes(tmp_path / "broken.parquet", place)


def test_the_command_has_an_exit_code_and_json(tmp_path):
    before, after = results(tmp_path / "old", {}), results(tmp_path / "new", {"best": 14.0})
    assert CliRunner().invoke(main, ["diff", str(before), str(before)]).exit_code == 0
    done = CliRunner().invoke(main, ["diff", str(before), str(after), "--json"])
    assert done.exit_code == 1
    (change,) = json.loads(done.output)["changed"]
    assert (change["before"]["best"], change["after"]["best"]) == (13.0, 14.0)
