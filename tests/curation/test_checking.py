"""`casetrace check` beside other cases: it reads their folders, whatever the last run left behind."""

import polars as pl
import pytest
from casetrace.cli import main
from casetrace.core.paths import ProjectFolder
from casetrace.curation.check import check_case, rows_typed
from casetrace.extract.stage import extract
from click.testing import CliRunner

from tests.case_builder import ROOT, SMALL_CASE, params, write_case
from tests.workbooks import to_workbook

DOI = SMALL_CASE["source.yaml"].replace("year: 2020", "year: 2020, doi: 10.1000/x")


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text((ROOT / "params.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    raw = ProjectFolder(tmp_path).corpus().raw
    for name in ("first-case", "small-case"):
        write_case(raw, {"source.yaml": DOI}, name)
    return ProjectFolder(tmp_path)


def twins(project, name="small-case"):
    problems = check_case(project, project.corpus().raw / name)[1]
    return [str(p) for p in problems if p.column == "same_patient_as"]


EXPECTED = [
    "small-case/source.yaml, key same_patient_as: 'first-case' may be the same patient: same doi 10.1000/x (if it is, name "
    "it in same_patient_as; for patients of one article, give each a patient_label)"
]


def test_other_cases_are_compared_before_any_run(project):
    assert twins(project) == EXPECTED


def test_tables_of_an_older_version_do_not_matter(project):
    extract(project.corpus(), params())
    for path in project.corpus().tables.glob("*.parquet"):
        frame = pl.read_parquet(path)
        frame.drop(frame.columns[-1]).with_columns(strange=pl.lit(1)).write_parquet(path)
    assert twins(project) == EXPECTED
    for path in project.corpus().tables.glob("*.parquet"):
        path.write_bytes(b"no table")
    assert twins(project) == EXPECTED


def test_a_case_with_errors_beside_it_is_left_out(project):
    (project.corpus().raw / "first-case" / "labs.csv").write_text("when\n", encoding="utf-8")
    assert twins(project) == []


def test_a_folder_outside_the_collection_has_no_neighbours(project, tmp_path):
    other = write_case(tmp_path / "elsewhere" / "case_reports", {"source.yaml": DOI})
    assert [p for p in check_case(project, other)[1] if p.column == "same_patient_as"] == []


def test_a_likely_twin_of_a_workbook_is_told_in_its_sheet(project, tmp_path):
    folder = write_case(tmp_path / "csv", {"source.yaml": DOI}, "a-third-case")
    to_workbook(folder, project.corpus().raw / "a-third-case", with_source=True)
    here = "a-third-case/case.xlsx, sheet source, key same_patient_as: 'first-case' may be the same patient"
    assert [told.startswith(here) for told in twins(project, "a-third-case")] == [True, False]
    warnings = [str(problem) for problem in extract(project.corpus(), params()).warnings]
    assert [told.startswith(here) for told in warnings] == [True, False, False]


def test_rows_without_a_place_are_warned_of_once_for_each_sheet(project):
    sheets = {
        "labs.csv": "when,analyte,value,unit,evidence\nD0,PLT,1,10^9/L,\nD1,PLT,2,10^9/L,\nD2,PLT,3,10^9/L,\n"
        "D3,PLT,4,10^9/L,Table 1\nD4,PLT,5,10^9/L,\n",
        "findings.csv": "finding,status,evidence\nbleeding,absent,p. 3\nthrombosis,not_reported,\n",
        "claims.csv": None,
        "targets.csv": None,
        "patient.csv": "item,value,unit,evidence\nage,41,a,p. 1\nbody_weight,80,kg,\n",
        "labs_wide.csv": "when,INR,evidence\nreference,0.8..1.2,\nD6,1.1,Table 2\n",
        "scores.csv": "score,item,points,by\n4ts,total,3,curator\n",
    }
    folder = write_case(project.corpus().raw, sheets, "fourth-case")
    told = [p for p in check_case(project, folder)[1] if p.column == "evidence"]
    assert {p.file.partition("/")[2]: p.what for p in told} == {
        "labs.csv": "no place in the article in rows 2 to 4, 6",
        "patient.csv": "no place in the article in row 3",
        "doses.csv": "no place in the article in rows 2 to 4",
        "events.csv": "no place in the article in row 2",
    }
    assert {p.severity for p in told} == {"warning"}


def test_rows_are_counted_as_they_were_typed(project):
    sheets = {"doses.csv": "id,drug,kind,amount,unit,start,end,every\nARG,heparin,bolus,5000,U,D1,D3,8h\n",
              "labs_wide.csv": "when,INR,CRP [mg/L]\nD1,1.1,5\nD2,1.2,7\n"}  # fmt: skip
    frames, _ = check_case(project, write_case(project.corpus().raw, sheets, "fifth-case"))
    assert frames["doses"].height > 1
    typed = sum(text.count("\n") - 1 for name, text in {**SMALL_CASE, **sheets}.items() if name.endswith(".csv"))
    assert rows_typed(frames) == typed


def test_the_command_writes_nothing_and_ends_with_2_only_for_errors(project):
    folder = project.corpus().raw / "small-case"
    before = sorted((path, path.stat().st_mtime_ns) for path in project.root.rglob("*"))
    done = CliRunner().invoke(main, ["check", str(folder)])
    assert done.exit_code == 0
    assert "small-case: no errors in 13 rows" in done.output
    (folder / "events.csv").write_text("event,when\nsurgery,day one\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["check", str(folder)]).exit_code == 2
    after = sorted((path, path.stat().st_mtime_ns) for path in project.root.rglob("*") if path.name != "events.csv")
    assert after == [(path, when) for path, when in before if path.name != "events.csv"]


def test_a_workbook_copied_into_the_collection_is_a_case(project, tmp_path):
    twin = to_workbook(
        write_case(tmp_path / "csv", case_id="copied-case"), tmp_path / "x" / "copied-case", with_source=True
    )
    twin.rename(project.corpus().raw / "copied-case")
    extract(project.corpus(), params())
    cases = pl.read_parquet(project.corpus().table("cases"))
    assert cases["case_id"].to_list() == ["copied-case", "first-case", "small-case"]
