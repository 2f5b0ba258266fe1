import csv

import openpyxl
import pytest
from casetrace import vocabulary
from casetrace.cli import main
from casetrace.core.paths import ProjectFolder
from casetrace.curation.columns import PURPOSE, choices, explain, terms
from casetrace.curation.new_case import RefusedNameError, new_case
from casetrace.extract.case_folder import read_case
from casetrace.extract.raw_tables import FORMS
from casetrace.extract.source_file import CITATION, DAY_ZERO, OPTIONAL, REQUIRED
from casetrace.schemas.canonical import CASE_STATUS, READ
from click.testing import CliRunner

from tests.case_builder import SMALL_CASE, params

CASE = "small-case"


@pytest.fixture
def corpus(tmp_path):
    return ProjectFolder(tmp_path).corpus()


def errors(folder):
    return [str(p) for p in read_case(folder, params())[1] if p.severity == "error"]


def test_every_column_of_every_sheet_is_explained():
    for name, form in FORMS.items():
        sheet = name.removesuffix(".csv")
        assert PURPOSE[sheet]
        assert all(explain(sheet, column) for column in form.columns)


@pytest.mark.parametrize("as_workbook", [False, True])
def test_a_new_folder_asks_for_its_missing_keys_and_for_nothing_else(corpus, as_workbook):
    folder = new_case(corpus, CASE, as_workbook=as_workbook)
    assert all(": the key has no value" in error for error in errors(folder))
    assert {error.split("key ")[1].split(":")[0] for error in errors(folder)} == {
        "citation", "curators", "licence", "observed", "read", "time_zero.day_zero_starts", "time_zero.meaning", "title",
    }  # fmt: skip


def test_a_new_workbook_is_one_file(corpus):
    assert [path.name for path in new_case(corpus, CASE, as_workbook=True).iterdir()] == ["case.xlsx"]


def test_the_sheet_source_has_every_key_that_can_be_read(corpus):
    book = openpyxl.load_workbook(new_case(corpus, CASE, as_workbook=True) / "case.xlsx")
    keys = {row[0].value for row in book["source"].iter_rows(min_row=2)}
    assert {key.partition(".")[0] for key in keys} == {*REQUIRED, *OPTIONAL}
    assert {key.removeprefix("citation.") for key in keys if key.startswith("citation.")} == set(CITATION)
    rules = {str(rule.sqref): offered(book, rule) for rule in book["source"].data_validations.dataValidation}
    words = {row[0].value: rules.get(row[1].coordinate) for row in book["source"].iter_rows(min_row=2)}
    assert {key: words[key] for key in ("status", "read", "time_zero.day_zero_starts", "title")} == {
        "status": CASE_STATUS, "read": READ, "time_zero.day_zero_starts": list(DAY_ZERO), "title": None,
    }  # fmt: skip


def test_what_is_offered_is_found_and_survives_a_spreadsheet(corpus):
    words = vocabulary.load()
    kinds = {"analyte": words.analytes, "drug": words.drugs, "finding": words.findings, "event": words.events}
    for column, known in kinds.items():
        sheet = {"analyte": "labs", "drug": "doses", "finding": "findings", "event": "events"}[column]
        found = {known.find(name).name for name in terms(sheet, column)}
        assert found == {term.name for term in known.all()}
        # LibreOffice takes _xa_ for the number of a character.
        assert not [name for name in terms(sheet, column) if "_x" in name]


@pytest.mark.parametrize("as_workbook", [False, True])
def test_a_new_folder_is_accepted_once_it_is_filled(corpus, as_workbook):
    folder = new_case(corpus, CASE, as_workbook=as_workbook)
    if as_workbook:
        fill_workbook(folder / "case.xlsx")
    else:
        fill_source(folder)
        for name, text in SMALL_CASE.items():
            if name.endswith(".csv"):
                heading = (folder / name).read_text(encoding="utf-8").strip().split(",")
                write_rows(folder / name, heading, list(csv.DictReader(text.splitlines())))
    assert errors(folder) == []
    frames, _ = read_case(folder, params())
    assert {name: frames[name].height for name in ("labs", "doses", "events")} == {"labs": 3, "doses": 3, "events": 1}


def fill_source(folder):
    path = folder / "source.yaml"
    text = path.read_text(encoding="utf-8")
    for key, value in {
        "title:": "title: A case", "  journal:": "  journal: J Test", "licence:": "licence: none", "curators: []": "curators: [A Tester]",
        "read:": "read: full", "  meaning:": "  meaning: midnight of admission", "observed:": "observed: D0/D25",
        "  day_zero_starts:": "  day_zero_starts: midnight",
        "# clocks:               #": 'clocks: {POD: {0: "@OP"}, HD: {1: D0/D1}} #',
    }.items():  # fmt: skip
        assert text.count(f"\n{key}") == 1, key
        text = text.replace(f"\n{key}", f"\n{value}")
    path.write_text(text, encoding="utf-8")


def write_rows(path, heading, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, heading, restval="")
        writer.writeheader()
        writer.writerows(rows)


def fill_workbook(path):
    book = openpyxl.load_workbook(path)
    values = {
        "title": "A case", "citation.journal": "J Test", "licence": "none", "curators": "A Tester; B Tester", "read": "full",
        "time_zero.meaning": "midnight of admission", "time_zero.day_zero_starts": "midnight", "observed": "D0/D25",
        "clocks.POD.0": "@OP",
    }  # fmt: skip
    for row in book["source"].iter_rows(min_row=2):
        row[1].value = values.get(row[0].value, row[1].value)
    book["source"].append(["clocks.HD.1", "D0/D1"])
    for name, text in SMALL_CASE.items():
        if name.endswith(".csv"):
            sheet = book[name.removesuffix(".csv")]
            heading = [cell.value for cell in sheet[1]]
            for row, cells in enumerate(csv.DictReader(text.splitlines()), start=2):
                for column, typed in cells.items():
                    sheet.cell(row=row, column=heading.index(column) + 1, value=typed or None)
    book.save(path)


def test_the_workbook_explains_its_headings_and_offers_the_vocabulary(corpus):
    book = openpyxl.load_workbook(new_case(corpus, CASE, as_workbook=True) / "case.xlsx")
    for name, form in FORMS.items():
        sheet = book[name.removesuffix(".csv")]
        assert sorted(cell.value for cell in sheet[1] if cell.value) == sorted(form.columns)
        assert all(cell.comment is not None and cell.comment.text for cell in sheet[1])
    assert [cell.value for cell in book["labs"][1]][:5] == ["id", "when", "analyte", "value", "unit"]
    assert book["labs_wide"]["A1"].value == "when"
    assert "platelets [10^9/L]" in book["labs_wide"]["F1"].comment.text
    rules = {str(rule.sqref).split("2:")[0]: rule for rule in book["doses"].data_validations.dataValidation}
    letters = {cell.value: cell.column_letter for cell in book["doses"][1]}
    kind, drug = rules[letters["kind"]], rules[letters["drug"]]
    assert (kind.showErrorMessage, drug.showErrorMessage) == (True, False)  # a drug of its own is legal
    assert offered(book, kind) == choices("doses", "kind")
    assert offered(book, drug) == terms("doses", "drug")
    assert "unfractionated heparin" in offered(book, drug)


def offered(book, rule):
    sheet, area = rule.formula1.split("!")
    return [row[0].value for row in book[sheet][area.replace("$", "")]]


@pytest.mark.parametrize("name", ["Smith-2024", "smith 2024", "../smith", "smith_2024", "-smith", ""])
def test_what_is_no_case_id_is_refused(corpus, name):
    with pytest.raises(RefusedNameError, match="is no case id"):
        new_case(corpus, name)
    assert not corpus.raw.exists()


def test_an_existing_case_is_left_alone(corpus):
    folder = new_case(corpus, CASE)
    (folder / "labs.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(RefusedNameError, match="a case of that name already"):
        new_case(corpus, CASE)
    assert (folder / "labs.csv").read_text(encoding="utf-8") == "mine"


def test_the_command_says_what_comes_next(tmp_path):
    (tmp_path / "params.yaml").touch()
    done = CliRunner().invoke(main, ["new", CASE, "--project", str(tmp_path)])
    assert done.exit_code == 0
    assert f"casetrace check {tmp_path / 'data/raw/case_reports' / CASE}" in done.output
    assert CliRunner().invoke(main, ["new", CASE, "--project", str(tmp_path)]).exit_code == 2
