"""The import stage: all or nothing, pseudonyms, the limit of what may be unknown, and what may be shown afterwards."""

import json

import duckdb
import polars as pl
import pytest
from casetrace import privacy
from casetrace.cli import main
from casetrace.core.errors import CasetraceError, InputError, NotFoundError
from casetrace.core.params import load
from casetrace.core.paths import PACKAGE, ProjectFolder
from casetrace.importers import stage
from casetrace.importers.shared import tables
from casetrace.importers.shared.memory import Limits
from casetrace.importers.stage import Options, import_mimiciv
from casetrace.report.case_reports import report
from click.testing import CliRunner

from tests.importers.mimiciv.small import ADMISSION, KEY, PATIENT, STAY, case_id, drip, imported, lab, push, write

TIME = "2150-01-03 10:00:00"


def everything(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_equal_input_and_key_give_equal_bytes(tmp_path):
    rows = {"inputs": [push(TIME)], "labs": [lab("51265", TIME, "87")]}
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    first, second = (imported(tmp_path / name, **rows)[0] for name in ("one", "two"))
    assert everything(first.processed) == everything(second.processed)


def test_without_a_key_the_names_are_others_every_time(tmp_path):
    folder = write(tmp_path / "source", labs=[lab("51265", TIME, "87")])
    names = set()
    for corpus in ("one", "two"):
        result = import_mimiciv(ProjectFolder(tmp_path).corpus(corpus), folder, Options())
        assert "pseudonyms are random" in result.summary()
        names |= set(pl.read_parquet(ProjectFolder(tmp_path).corpus(corpus).table("cases"))["case_id"])
    assert len(names) == 2


def test_no_identifier_and_no_date_of_the_source_is_left(tmp_path):
    corpus, _ = imported(tmp_path, inputs=[drip(TIME, "2150-01-03 12:00:00")], labs=[lab("51265", TIME, "87")])
    for path in corpus.tables.glob("*.parquet"):
        text = pl.read_parquet(path).write_json()
        assert "2150" not in text, path.name
    assert not any(name in privacy.standing_file(corpus).read_text() for name in ("100", "2150"))


def test_ages_over_89_are_one_group(tmp_path):
    patient = {"subject_id": "1", "gender": "F", "anchor_age": "91", "anchor_year": "2150"}
    corpus, _ = imported(tmp_path, patients=[patient])
    (age,) = pl.read_parquet(corpus.table("patient")).filter(pl.col("item") == "age").to_dicts()
    assert (age["value_reported"], age["value"], age["value_low"], age["low_is_strict"]) == (">89", None, 89, True)


def test_nobody_of_a_database_is_fictional(tmp_path):
    corpus, _ = imported(tmp_path, labs=[lab("51265", TIME, "87")])
    assert pl.read_parquet(corpus.table("cases"))["is_fictional"].to_list() == [False]


def test_a_key_must_be_long_enough_and_exist(tmp_path):
    folder = write(tmp_path / "source")
    (tmp_path / "short").write_text("secret", encoding="utf-8")
    with pytest.raises(CasetraceError, match="at least 16"):
        import_mimiciv(ProjectFolder(tmp_path).corpus("x"), folder, Options(key_file=tmp_path / "short"))
    with pytest.raises(NotFoundError, match="no such key file"):
        import_mimiciv(ProjectFolder(tmp_path).corpus("x"), folder, Options(key_file=tmp_path / "none"))


def test_too_much_unknown_stops_the_import_and_leaves_the_earlier_corpus(tmp_path):
    corpus, _ = imported(tmp_path, labs=[lab("51265", TIME, "87")])
    before = everything(corpus.processed)
    folder = write(tmp_path / "other", labs=[lab("51265", TIME, "87"), lab("51265", TIME, "87", valueuom="furlong")])
    with pytest.raises(CasetraceError, match=r"50\.0 % of laboratory results and doses are unknown(.|\n)*87 furlong"):
        import_mimiciv(corpus, folder, Options(max_unknown_pct=49))
    assert everything(corpus.processed) == before
    import_mimiciv(corpus, folder, Options(max_unknown_pct=51))


@pytest.mark.parametrize("step", ["place", "write_tables", "keyed_totals"])
def test_an_interrupted_import_leaves_the_earlier_corpus(tmp_path, monkeypatch, step):
    corpus, _ = imported(tmp_path, labs=[lab("51265", TIME, "87")])
    before = everything(corpus.processed.parent)

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(stage, step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        import_mimiciv(corpus, tmp_path / "source", Options())
    assert everything(corpus.processed.parent) == before


def some_patients(folder, n=5):
    """Patients with one admission and two stays each, so that a case has others of the same patient."""
    people = [str(i) for i in range(1, n + 1)]
    rows = {
        "patients": [PATIENT | {"subject_id": i} for i in people],
        "admissions": [ADMISSION | {"subject_id": i, "hadm_id": f"{i}0"} for i in people],
        "icustays": [
            STAY | {"subject_id": i, "hadm_id": f"{i}0", "stay_id": f"{i}0{k}"} | times
            for i in people
            for k, times in enumerate([{}, {"intime": "2150-01-06 10:00:00", "outtime": "2150-01-07 10:00:00"}])
        ],
    }
    own = [{"subject_id": i, "hadm_id": f"{i}0"} for i in people]
    labs = [lab("51265", f"2150-01-0{day} 10:00:00", f"{60 + day}") | who for who in own for day in (2, 3, 6)]
    labs += [lab("51265", TIME, "99", valueuom="furlong", hadm_id="", subject_id="1")]
    inputs = [drip(TIME, "2150-01-06 12:00:00", stay_id=f"{who['subject_id']}00") | who for who in own]
    return write(folder, inputs=inputs, labs=labs, **rows)


@pytest.mark.parametrize(("most_cases", "most_rows"), [(3, 10**6), (1000, 7)])
def test_batches_change_no_byte(tmp_path, monkeypatch, most_cases, most_rows):
    folder = some_patients(tmp_path / "source")
    (tmp_path / "key").write_text(KEY, encoding="utf-8")
    options = Options(key_file=tmp_path / "key", max_unknown_pct=100)
    once, parted = (ProjectFolder(tmp_path).corpus(name) for name in ("once", "parted"))
    at_once = import_mimiciv(once, folder, options)
    monkeypatch.setattr(tables, "BATCH_CASES", most_cases)
    monkeypatch.setattr(tables, "BATCH_ROWS", most_rows)
    seen = []

    def watch(label, items, within=None):
        seen.append((label, len(items)))
        return items

    assert import_mimiciv(parted, folder, options, watch=watch) == at_once
    assert dict(seen)["writing tables"] > 1
    assert everything(parted.processed) == everything(once.processed)
    cases = pl.read_parquet(parted.table("cases"))
    assert cases["case_id"].to_list() == sorted(case_id(key=f"{i}0{k}") for i in range(1, 6) for k in (0, 1))
    assert set(cases["same_patient_as"].list.len()) == {1}
    assert [u.rows for u in at_once.account.unknown] == [2]


def test_an_import_takes_everything_derived_from_the_earlier_one_with_it(tmp_path):
    corpus, _ = imported(tmp_path, labs=[lab("51265", TIME, "87")])
    for folder in (corpus.metrics, corpus.cohort, corpus.manifests):
        folder.mkdir()
        (folder / "old.parquet").write_text("of other case ids", encoding="utf-8")
    import_mimiciv(corpus, tmp_path / "source", Options(max_unknown_pct=100))
    assert sorted(path.name for path in corpus.processed.iterdir()) == ["import", "tables"]


def test_a_limit_of_memory_that_is_too_small_is_told(tmp_path):
    (tmp_path / "params.yaml").write_bytes((PACKAGE.parents[1] / "params.yaml").read_bytes())
    words = ["import", "mimic-iv", str(write(tmp_path / "source")), "--corpus", "m", "--project", str(tmp_path)]
    done = CliRunner().invoke(main, [*words, "--memory", "50MB"])
    assert done.exit_code == 2
    assert done.output.strip() == (
        "error: --memory: 50MB is too little for an import (allowed: a number with MB, GB or TB, at least 1GB)"
    )
    assert not ProjectFolder(tmp_path).corpus("m").processed.exists()


def test_an_import_that_outgrows_its_memory_says_so(tmp_path, monkeypatch):
    folder = write(tmp_path / "source", labs=[lab("51265", TIME, "87")])
    monkeypatch.setattr(stage, "limits", lambda stated: Limits(stated, 1_000_000, 1))
    with pytest.raises(
        CasetraceError, match=r"^the import does not fit in --memory 3GB: allow it more \(Out of Memory"
    ):
        import_mimiciv(ProjectFolder(tmp_path).corpus("m"), folder, Options(memory="3GB"))
    assert not ProjectFolder(tmp_path).corpus("m").processed.exists()
    assert list(ProjectFolder(tmp_path).corpus("m").processed.parent.iterdir()) == []


def test_missing_files_and_columns_are_all_told_at_once(tmp_path):
    folder = write(tmp_path / "source")
    (folder / "patients.csv").unlink()
    (folder / "admissions.csv").write_text("subject_id,hadm_id,admittime,deathtime\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        import_mimiciv(ProjectFolder(tmp_path).corpus("x"), folder, Options())
    said = [str(problem) for problem in error.value.problems]
    assert said == [
        "admissions.csv, row 1, column dischtime: the column is missing",
        "admissions.csv, row 1, column edregtime: the column is missing",
        "patients: the file is missing (allowed: .csv, .csv.gz, .parquet in hosp or icu or the folder itself)",
    ]


def test_the_published_cases_are_never_written_over(tmp_path):
    with pytest.raises(CasetraceError, match="choose another name"):
        import_mimiciv(ProjectFolder(tmp_path).corpus(), write(tmp_path / "source"), Options())


def test_folders_and_parquet_are_read_as_csv_is(tmp_path):
    corpus, _ = imported(tmp_path, inputs=[push(TIME)], labs=[lab("51265", TIME, "87")])
    before = everything(corpus.processed)
    source, other = tmp_path / "source", tmp_path / "other"
    for name in (path.stem for path in source.glob("*.csv")):
        place = other / ("icu" if name in ("icustays", "inputevents") else "hosp")
        place.mkdir(parents=True, exist_ok=True)
        read = f"read_csv('{source / name}.csv', all_varchar = true, header = true)"
        duckdb.sql(f"COPY (FROM {read}) TO '{place / name}.parquet'")
    import_mimiciv(corpus, other, Options(key_file=tmp_path / "key", max_unknown_pct=100))
    assert everything(corpus.processed) == before


def test_a_corpus_that_is_not_public_has_no_case_reports(tmp_path):
    corpus, _ = imported(tmp_path, labs=[lab("51265", TIME, "87")])
    (tmp_path / "params.yaml").write_bytes((PACKAGE.parents[1] / "params.yaml").read_bytes())
    with pytest.raises(CasetraceError, match="not public"):
        report(corpus, load(tmp_path / "params.yaml"))
    assert not corpus.reports.exists()


def test_the_command_imports_and_measures(tmp_path):
    folder = write(tmp_path / "source", inputs=[push(TIME)], labs=[lab("51265", TIME, "87")])
    (tmp_path / "params.yaml").write_bytes((PACKAGE.parents[1] / "params.yaml").read_bytes())
    call = CliRunner().invoke
    words = ["import", "mimic-iv", str(folder), "--corpus", "mimic", "--project", str(tmp_path)]
    done = call(main, words)
    assert done.exit_code == 0, done.output
    assert "inputevents: 1 rows read, 1 used" in done.output
    assert "a case is an ICU stay" in done.output
    done = call(main, ["run", "mimic", "--stage", "extract", "--stage", "metrics", "--project", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "imported from MIMIC-IV" in done.output
    metrics = pl.read_parquet(tmp_path / "data/processed/mimic/metrics/metrics.parquet")
    assert metrics.filter(pl.col("metric") == "iv_ufh_total")["value"].to_list() == [5000]
    books = json.loads((tmp_path / "data/processed/mimic/import/report.json").read_text(encoding="utf-8"))
    assert books["rows"]["doses"] == 1
