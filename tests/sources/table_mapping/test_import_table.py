"""Long tables of any source by a mapping file."""

from decimal import Decimal

import polars as pl
import pytest

from pipeline.errors import InputError
from pipeline.importing import Options, import_tables
from pipeline.paths import Project

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
    corpus = Project(tmp_path).corpus("registry")
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
        ("database:", "datebase:", "mapping.yaml, column datebase: no such key"),
        ("unit: stay\n", "unit: week\n", "'week' is not a unit (allowed: stay, admission, patient)"),
        ("starts: came, ", "", "column tables.cases.starts: the column is missing"),
        ("drawn, term", "taken, term", "results.csv, row 1, column taken: the column is missing"),
        ("from: stays.csv", "from: none.csv", "none.csv: the file is missing"),
        ("  labs:", "  lobs:", "column tables.lobs: no such table"),
        ("value: result", "value: result, colour: red", "column tables.labs.colour: no such column"),
    ],
)
def test_a_wrong_mapping_says_what_and_where(tmp_path, old, new, said):
    assert MAPPING.count(old) == 1
    with pytest.raises(InputError) as error:
        import_tables(Project(tmp_path).corpus("registry"), folder(tmp_path, MAPPING.replace(old, new)), Options())
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A,2020-03-01 09:00,,100", "the infusion has no end"),
        ("A,2020-03-01 09:00,2020-03-01 08:00,100", "the end lies before the start"),
        ("A,2020-03-01 09:00,2020-03-01 19:00,0", "the amount is 0: nothing was given"),
    ],
)
def test_a_row_that_is_no_dose_is_left_out_for_a_reason(tmp_path, row, reason):
    corpus = Project(tmp_path).corpus("registry")
    query = "FROM read_csv('given.csv', types = {'until': 'VARCHAR'})"
    mapping = MAPPING.replace("FROM 'given.csv'", query)
    given = "person,given,until,mg\n" + row + "\n"
    result = import_tables(corpus, folder(tmp_path, mapping, **{"given.csv": given}), Options())
    assert [entry.reason for entry in result.account.left_out if entry.file == "doses"] == [reason]
    assert pl.read_parquet(corpus.table("doses")).is_empty()
