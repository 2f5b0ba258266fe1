"""Verification of an invented case from end to end: find, keep, check again, choose."""

import json
from pathlib import Path

import pytest
from casetrace.cli import main
from casetrace.core.errors import InputError, NotFoundError
from casetrace.core.params import load
from casetrace.verify import ledger, verify
from casetrace.verify.picks import parse_picks
from click.testing import CliRunner

from tests.verify.made_case import ARTICLE, SHEETS, SOURCE_YAML, source, write_case

PARAMS = load(Path(__file__).resolve().parents[2] / "params.yaml")


def kept(folder: Path) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """(row, part) -> status and printed characters of each place."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for line in ledger.read(folder / "evidence.csv"):
        found.setdefault((line.row_id, line.part), []).append((line.status, line.printed))
    return found


@pytest.fixture
def case(tmp_path):
    folder, article = write_case(tmp_path)
    result = verify(folder, article, PARAMS, write=True)
    assert result.problems == []
    return folder, article


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (("AGE", "value"), [("found", "63")]),
        (("WT", "value"), [("found", "84.5")]),
        (("PLT1", "value"), [("found", "212")]),
        (("HB1", "ref_low"), [("found", "130")]),
        (("HB1", "ref_high"), [("found", "170")]),
        (("APTT1", "value"), [("found", "41")]),
        (("APTT1", "when.clock"), [("found", "1600")]),
        (("APTT1", "when.day"), [("derived", "")]),
        (("APTT2", "value"), [("found", "88"), ("found", "88")]),
        (("APTT2", "when.clock"), [("found", "06:30")]),
        (("APTT3", "when"), [("derived", "")]),
        (("APTT3", "when.distance"), [("found", "3")]),
        (("PLT2", "value"), [("found", "96"), ("found", "96")]),
        (("PLT2", "when.day"), [("found", "9")]),
        (("PLT3", "value"), [("ambiguous", "140"), ("ambiguous", "140")]),
        (("ELISA", "value"), [("no_number", "")]),
        (("BOLUS", "amount"), [("found", "12 500")]),
        (("BOLUS", "start.clock"), [("found", "0940")]),
        (("BOLUS", "start.day"), [("found", "4")]),
        (("INF", "amount"), [("found", "18")]),
        (("INF", "end"), [("derived", "")]),
        (("ARG", "amount"), [("found", "2")]),
        (("ARG", "start.day"), [("found", "9")]),
    ],
)
def test_every_row_is_found_listed_or_marked(case, key, expected):
    assert kept(case[0])[key] == expected


def test_kept_places_hold_numbers_only_and_stand_in_the_text(case):
    text = source()
    for line in ledger.read(case[0] / "evidence.csv"):
        assert line.text_sha256 == text.sha256
        if line.span:
            assert text.text[line.span.start : line.span.end] == line.printed
            assert len(line.printed.split()) <= 2


def test_check_of_untouched_rows_passes_and_changes_nothing(case):
    folder, article = case
    before = (folder / "evidence.csv").read_bytes()
    assert verify(folder, article, PARAMS).problems == []
    assert (folder / "evidence.csv").read_bytes() == before
    verify(folder, article, PARAMS, write=True)
    assert (folder / "evidence.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("sheet", "old", "new", "place"),
    [
        ("doses", ",12500,", ",12600,", "doses.csv, row 2, column amount: BOLUS: '12600' (amount)"),
        ("doses", ",18,", ",19,", "doses.csv, row 3, column amount: INF: '19' (amount)"),
        ("doses", "D4T10:15", "D4T10:45", "doses.csv, row 3, column start: INF: 'D4T10:45' (start.clock)"),
        ("doses", "D9T14:00", "D8T14:00", "doses.csv, row 4, column start: ARG: 'D8T14:00' (start.day)"),
        ("labs", ",88,", ",83,", "labs.csv, row 6, column value: APTT2: '83' (value)"),
        ("labs", ",88,", ",79,", "labs.csv, row 6, column value: APTT2: '79' (value)"),
        ("labs", ",1.2,", ",1.3,", "labs.csv, row 5, column value: INR1: '1.3' (value)"),
        ("labs", "130,170", "130,175", "labs.csv, row 3, column ref_high: HB1: '175' (ref_high)"),
        ("labs", "140,10*9", "144,10*9", "labs.csv, row 9, column value: PLT3: '144' (value)"),
        ("labs", "PLT1,D2", "PLT1,D3", "labs.csv, row 2, column when: PLT1: 'D3' (when.day)"),
    ],
)
def test_one_changed_digit_is_named_with_file_and_row(case, sheet, old, new, place):
    folder, article = case
    typed = SHEETS[f"{sheet}.csv"]
    assert typed.count(old) == 1
    (folder / f"{sheet}.csv").write_text(typed.replace(old, new), encoding="utf-8")
    told = [str(problem) for problem in verify(folder, article, PARAMS).problems]
    assert any(line.startswith(f"made-case/{place} does not stand at the kept place") for line in told), told
    assert all(place.split(",")[1] in line for line in told)


def test_changed_derived_time_is_told(case):
    folder, article = case
    (folder / "labs.csv").write_text(SHEETS["labs.csv"].replace("+3h~", "+4h~"), encoding="utf-8")
    told = [str(problem) for problem in verify(folder, article, PARAMS).problems]
    assert any("labs.csv, row 7, column when: APTT3: the row said '@APTT2+3h~'" in line for line in told)


def test_number_that_stands_nowhere_fails_when_written(tmp_path):
    folder, article = write_case(tmp_path, labs=SHEETS["labs.csv"].replace(",88,", ",99,"))
    told = [str(problem) for problem in verify(folder, article, PARAMS, write=True).problems]
    assert len(told) == 1
    assert "labs.csv, row 6, column value: APTT2: '99' (value) was not found in the text" in told[0]


def test_number_of_another_analyte_is_not_taken(tmp_path):
    folder, article = write_case(tmp_path, labs=SHEETS["labs.csv"].replace("platelets,212", "platelets,131"))
    verify(folder, article, PARAMS, write=True)
    assert kept(folder)["PLT1", "value"][0][0] in ("ambiguous", "not_found")


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        ("inr,1.2", "inr,<1.2", "printed without '<'"),
        ("aptt,79,s", "aptt,~79,s", "printed without '~'"),
    ],
)
def test_sign_that_is_not_printed_is_a_doubt(tmp_path, old, new, note):
    folder, article = write_case(tmp_path, labs=SHEETS["labs.csv"].replace(old, new))
    result = verify(folder, article, PARAMS, write=True)
    assert any(note in line.note and line.status == "ambiguous" for line in result.lines)


@pytest.mark.parametrize(
    ("printed", "typed", "status"),
    [
        ("INR < 1.2", "1.2", "ambiguous"), ("INR < 1.2", "<1.2", "found"), ("INR below 1.2", "<1.2", "found"),
        ("INR of 1.2 or more", ">=1.2", "found"), ("INR of about 1.2", "~1.2", "found"),
    ],
)  # fmt: skip
def test_printed_sign_must_be_typed(tmp_path, printed, typed, status):
    folder, article = write_case(tmp_path, labs=SHEETS["labs.csv"].replace("inr,1.2", f"inr,{typed}"))
    article.write_text(ARTICLE.replace("INR 1.2", printed), encoding="utf-8")
    verify(folder, article, PARAMS, write=True)
    assert kept(folder)["INR1", "value"][0][0] == status


def test_moved_rows_keep_their_places(case):
    folder, article = case
    head, *rows = SHEETS["doses.csv"].splitlines(keepends=True)
    (folder / "doses.csv").write_text(head + "".join(reversed(rows)), encoding="utf-8")
    assert verify(folder, article, PARAMS).problems == []


def test_new_and_removed_rows_are_told(case):
    folder, article = case
    rows = SHEETS["doses.csv"].splitlines(keepends=True)
    new = 'HEP9,heparin,bolus,iv,777,U,D4T11:00,,"Case report, par. 2"\n'
    (folder / "doses.csv").write_text("".join([rows[0], *rows[2:], new]), encoding="utf-8")
    told = "\n".join(str(problem) for problem in verify(folder, article, PARAMS).problems)
    assert "doses.csv, row 4, column amount: HEP9: no place is kept for '777'" in told
    assert "evidence.csv, row" in told
    assert "no row BOLUS of doses.csv states anything in amount any more" in told


def test_other_text_is_refused(case):
    folder, article = case
    article.write_text(ARTICLE.replace("fever", "fevers"), encoding="utf-8")
    [problem] = verify(folder, article, PARAMS).problems
    assert "another text" in problem.what
    assert problem.file == "made-case/evidence.csv"


def test_same_text_in_another_print_is_accepted(case):
    folder, article = case
    article.write_bytes(ARTICLE.replace("\u202f", "\u00a0").replace("\n", "\r\n").encode())
    assert verify(folder, article, PARAMS).problems == []


def test_hash_in_source_yaml_must_be_of_this_text(case):
    folder, article = case
    (folder / "source.yaml").write_text(SOURCE_YAML + f"source_text: {{sha256: {'0' * 64}}}\n", encoding="utf-8")
    [problem] = verify(folder, article, PARAMS).problems
    assert (problem.file, problem.column) == ("made-case/source.yaml", "source_text")
    (folder / "source.yaml").write_text(SOURCE_YAML + f"source_text: {{sha256: {source().sha256}}}\n", encoding="utf-8")
    assert verify(folder, article, PARAMS).problems == []


def test_choice_of_a_curator_is_kept_and_checked(case):
    folder, article = case
    verify(folder, article, PARAMS, write=True, picks=parse_picks(["PLT3=2"]))
    assert kept(folder)["PLT3", "value"] == [("found", "140")]
    start = next(line.start for line in ledger.read(folder / "evidence.csv") if line.row_id == "PLT3" and line.start)
    assert start == source().text.rindex("140")
    verify(folder, article, PARAMS, write=True)
    assert kept(folder)["PLT3", "value"] == [("found", "140")]
    verify(folder, article, PARAMS, write=True, picks=parse_picks(["PLT3:value=derived"]))
    assert kept(folder)["PLT3", "value"] == [("derived", "")]


def test_choice_is_dropped_when_the_row_changes(case):
    folder, article = case
    verify(folder, article, PARAMS, write=True, picks=parse_picks(["PLT3:value=derived"]))
    (folder / "labs.csv").write_text(SHEETS["labs.csv"].replace("platelets,140", "platelets,777"), encoding="utf-8")
    told = verify(folder, article, PARAMS, write=True).problems
    assert [problem.row for problem in told] == [9]


@pytest.mark.parametrize("pick", ["PLT3=3", "NONE=1", "AGE=1", "PLT3:when=7"])
def test_choice_that_names_nothing_is_refused(case, pick):
    folder, article = case
    before = (folder / "evidence.csv").read_bytes()
    with pytest.raises(InputError, match="--pick"):
        verify(folder, article, PARAMS, write=True, picks=parse_picks([pick]))
    assert (folder / "evidence.csv").read_bytes() == before


def test_misshapen_choices_are_told_together():
    with pytest.raises(InputError) as raised:
        parse_picks(["PLT3", "PLT3=0", "PLT3=2"])
    assert len(raised.value.problems) == 2


def test_check_without_kept_places_says_what_to_do(tmp_path):
    folder, article = write_case(tmp_path)
    with pytest.raises(InputError, match=r"evidence\.csv: no places are kept yet \(allowed: run with --write\)"):
        verify(folder, article, PARAMS)


def test_missing_source_and_broken_case(tmp_path):
    folder, article = write_case(tmp_path)
    with pytest.raises(NotFoundError, match="no source text"):
        verify(folder, tmp_path / "gone.txt", PARAMS, write=True)
    (folder / "labs.csv").write_text("id,when,analyte,value\nX,D1,aptt,1 000\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"labs\.csv, row 2, column value"):
        verify(folder, article, PARAMS, write=True)
    assert not (folder / "evidence.csv").exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: t.replace("raw_file,", "file,", 1), "row 1: the heading"),
        (lambda t: t.replace(",found,1,", ",seen,1,", 1), "is no status"),
        (lambda t: t.replace(",found,1,", ",found,one,", 1), "'one' is no place"),
        (lambda t: t + "a,b\n", "2 cells instead of"),
        (lambda t: t.replace(",found,1,", ",derived,1,", 1), "the status 'derived' has no place"),
    ],
)
def test_kept_file_edited_by_hand_is_refused(case, change, told):
    folder, article = case
    path = folder / "evidence.csv"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        verify(folder, article, PARAMS)
    assert told in str(raised.value)
    assert "evidence.csv" in str(raised.value)


def test_shifted_place_is_told(case):
    folder, article = case
    path = folder / "evidence.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line.startswith("patient.csv,WT,"))
    start = source().text.index("84.5")
    lines[at] = lines[at].replace(f",{start},{start + 4},", f",{start + 1},{start + 4},")
    path.write_text("".join(lines), encoding="utf-8")
    [problem] = verify(folder, article, PARAMS).problems
    assert (problem.file, problem.row, problem.column) == ("made-case/patient.csv", 3, "value")


def run(tmp_path: Path, *words: str):
    root = tmp_path / "project"
    folder, article = write_case(root / "data" / "raw" / "case_reports")
    (root / "params.yaml").write_bytes((Path(__file__).resolve().parents[2] / "params.yaml").read_bytes())
    command = ["verify", "made-case", "--source", str(article), "--project", str(root), *words]
    return CliRunner().invoke(main, command), folder


def test_command_lists_places_and_chooses_none(tmp_path):
    result, folder = run(tmp_path, "--write")
    assert result.exit_code == 0
    assert "labs.csv, PLT3, value '140': 2 places fit; choose with --pick PLT3:value=NUMBER" in result.output
    assert (folder / "evidence.csv").is_file()


def test_command_fails_with_file_row_and_reason(tmp_path):
    run(tmp_path, "--write")
    root = tmp_path / "project"
    sheet = root / "data" / "raw" / "case_reports" / "made-case" / "doses.csv"
    sheet.write_text(SHEETS["doses.csv"].replace("12500", "12600"), encoding="utf-8")
    article = root / "data" / "raw" / "case_reports" / "article.txt"
    result = CliRunner().invoke(main, ["verify", "made-case", "--source", str(article), "--project", str(root)])
    assert result.exit_code == 2
    assert "doses.csv, row 2, column amount: BOLUS" in result.stderr


def test_command_for_a_program(tmp_path):
    result, _ = run(tmp_path, "--write", "--json")
    told = json.loads(result.stdout)
    assert told["rows"]["ambiguous"] == 1
    assert told["problems"] == []
    assert {"raw_file", "row_id", "part", "start", "end", "printed"} <= told["lines"][0].keys()


def test_choice_without_write_is_refused(tmp_path):
    result, _ = run(tmp_path, "--pick", "PLT3=1")
    assert result.exit_code == 2
    assert "--pick goes with --write" in result.output
