import csv

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.curation.columns import PURPOSE, choices, explain, terms
from pipeline.curation.new_case import RefusedNameError, new_case
from pipeline.paths import Project
from pipeline.sources.case_folder import read_case
from pipeline.sources.raw_tables import FORMS
from tests.case_builder import SMALL_CASE, params

CASE = "small-case"


@pytest.fixture
def corpus(tmp_path):
    return Project(tmp_path).corpus()


def errors(folder):
    return [str(p) for p in read_case(folder, params())[1] if p.severity == "error"]


def test_every_column_of_every_sheet_is_explained():
    for name, form in FORMS.items():
        sheet = name.removesuffix(".csv")
        assert PURPOSE[sheet]
        assert all(explain(sheet, column) for column in form.columns)


def test_a_new_folder_asks_for_its_missing_keys_and_for_nothing_else(corpus):
    folder = new_case(corpus, CASE)
    assert all(": the key is missing" in error for error in errors(folder))
    assert {error.split("column ")[1].split(":")[0] for error in errors(folder)} == {
        "curators", "licence", "observed", "read", "time_zero.day_zero_starts", "time_zero.meaning", "title",
    }  # fmt: skip


@pytest.mark.parametrize("as_workbook", [False, True])
def test_a_new_folder_is_accepted_once_it_is_filled(corpus, as_workbook):
    folder = new_case(corpus, CASE, as_workbook=as_workbook)
    fill_source(folder)
    if as_workbook:
        fill_workbook(folder / "case.xlsx")
    else:
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
        "title:": "title: A case", "licence:": "licence: none", "curators: []": "curators: [A Tester]",
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
        assert [cell.value for cell in sheet[1]] == list(form.columns)
        assert all(cell.comment is not None and cell.comment.text for cell in sheet[1])
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
