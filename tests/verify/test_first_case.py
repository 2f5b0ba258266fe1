"""Verification of the first case against its article, which lies beside the repository and is no part of it."""

import shutil
from pathlib import Path

import pytest
from casetrace.core.params import load
from casetrace.verify import Verification, ledger, verify

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "data" / "raw" / "case_reports" / "cmaj-2019-heparin-resistance"
ARTICLE = ROOT.parent / "shared" / "source" / "cmaj-2019-191-e283.txt"
PARAMS = load(ROOT / "params.yaml")

pytestmark = pytest.mark.skipif(
    not ARTICLE.is_file(), reason="the article's text is not here (../shared/source); it may not be kept in the project"
)


def verified(folder: Path, *, write: bool) -> Verification:
    return verify(folder, ARTICLE, PARAMS, write=write)


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / CASE.name
    shutil.copytree(CASE, folder)
    (folder / ledger.FILE).unlink(missing_ok=True)
    result = verified(folder, write=True)
    assert [str(problem) for problem in result.problems] == []
    return folder


@pytest.fixture
def case(written, tmp_path) -> Path:
    return Path(shutil.copytree(written, tmp_path / CASE.name))


def test_nearly_every_number_is_found_and_none_is_missing(written):
    result = verified(written, write=False)
    parts = result.parts()
    assert parts["not_found"] == 0
    stated = parts["found"] + parts["ambiguous"]
    assert parts["found"] >= 0.97 * stated
    assert {line.row_id for line in result.open_lines()} <= {"C-APTT-D11"}


@pytest.mark.parametrize(
    ("row_id", "part", "printed", "before"),
    [
        ("HEP0", "amount", "30 000", "a "),
        ("HEP1", "amount", "4000", "5: "),
        ("HEP5", "amount", "4000", "6: "),
        ("HEP2", "start.clock", "1055", "at "),
        ("INF3", "start.clock", "1533", "at "),
        ("HEP5", "start.day", "6", "day "),
        ("AT", "value", "0.63", "at "),
        ("ALT", "ref_high", "33", "≤ "),
        ("INR-D4", "value", "1.1", "was "),
        ("PLT56", "value", "56", "and "),
        ("FFP", "amount", "4", "administered "),
        ("C-61000", "value", "61 000", "giving "),
        ("DIS", "when.distance", "Twenty-five", ". "),
        ("T3", "points", "0", "thrombosis\n"),
    ],
)
def test_right_place_is_kept(written, row_id, part, printed, before):
    result = verified(written, write=False)
    [line] = [line for line in result.lines if (line.row_id, line.part) == (row_id, part)]
    assert (line.status, line.printed) == ("found", printed)
    assert line.start is not None
    assert result.text.text[: line.start].endswith(before)


def test_times_that_are_not_printed_are_marked_derived(written):
    status = {(line.row_id, line.part): line.status for line in ledger.read(written / ledger.FILE)}
    for key in [("APTT63", "when"), ("ECMO-END", "when"), ("INF3", "start.day"), ("APTT29B", "when.day")]:
        assert status[key] == "derived"


@pytest.mark.parametrize(
    ("sheet", "old", "new", "row", "column"),
    [
        ("doses.csv", "bolus,,therapeutic,4000,U,D5T07:15", "bolus,,therapeutic,4100,U,D5T07:15", 7, "amount"),
        ("doses.csv", "therapeutic,9.6,", "therapeutic,9.8,", 5, "amount"),
        ("doses.csv", "D6T00:10", "D5T00:10", 11, "start"),
        ("doses.csv", "D5T17:06", "D5T17:55", 9, "start"),
        ("labs.csv", "fibrinogen,2.24", "fibrinogen,2.34", 19, "value"),
        ("labs.csv", "platelets,68", "platelets,63", 6, "value"),
        ("labs.csv", "APTT33,D6T03:05,,aptt,33", "APTT33,D6T03:05,,aptt,29", 24, "value"),
        ("labs.csv", "APTT33,D6T03:05", "APTT33,D6T03:57", 24, "when"),
        ("patient.csv", "90.9", "99.0", 4, "value"),
        ("claims.csv", "=,61000", "=,61500", 2, "value"),
        ("scores.csv", "total,1", "total,4", 6, "points"),
    ],
)
def test_changed_digit_is_caught_with_file_and_row(case, sheet, old, new, row, column):
    typed = (case / sheet).read_text(encoding="utf-8")
    assert typed.count(old) == 1
    assert typed[: typed.index(old)].count("\n") + 1 == row
    (case / sheet).write_text(typed.replace(old, new), encoding="utf-8")
    problems = verified(case, write=False).problems
    assert {(p.file, p.row, p.column) for p in problems} == {(f"{CASE.name}/{sheet}", row, column)}


def test_no_kept_line_holds_a_run_of_words(written):
    text = verified(written, write=False).text.text
    for line in ledger.read(written / ledger.FILE):
        words = line.note.split()
        runs = {" ".join(words[i : i + 6]) for i in range(len(words) - 5)}
        assert not any(run in text for run in runs)
        assert len(line.printed) <= 12
