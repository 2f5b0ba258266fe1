"""The headers of the metric files are complete and true."""

import re
from pathlib import Path

import duckdb
import pytest
from casetrace.core.errors import CasetraceError
from casetrace.metrics.catalogue import (
    MACROS,
    METRIC_ROWS,
    SERIES_PREFIX,
    VIEW,
    SqlFile,
    catalogue,
    needed_files,
    read_sql_file,
    sql_files,
)
from casetrace.metrics.run import SCORE_TABLES, run_metrics, run_sql_file
from casetrace.schemas import CANONICAL, SERIES

from tests.spec import PARAMS, case

FILES = pytest.mark.parametrize("file", sql_files(), ids=lambda file: file.name)


def body(file: SqlFile) -> str:
    """The text without comments and without words in quotes."""
    text = re.sub(r"--[^\n]*", "", file.sql)
    return re.sub(r"'[^']*'", "''", text)


@FILES
def test_every_header_says_what_the_file_returns(file: SqlFile) -> None:
    known = {MACROS, VIEW, METRIC_ROWS} | {SERIES_PREFIX + name for name in SERIES}
    assert file.returns in known
    assert all(file.header.values())


@FILES
def test_every_declared_table_is_read_and_exists(file: SqlFile) -> None:
    text = body(file)
    known = set(CANONICAL) | {*SCORE_TABLES} | {other.name for other in sql_files()}
    for name in file.reads:
        assert name in known, f"{name} does not exist"
        assert re.search(rf"\b{name}\b", text), f"{name} is declared and not read"


@FILES
def test_every_declared_parameter_is_used_and_no_other(file: SqlFile) -> None:
    assert set(re.findall(r"\$(\w+)", body(file))) == set(file.params)
    assert set(file.params) <= set(PARAMS)
    for name in file.params:
        assert re.search(rf"\b{name} \[.+?\]", file.header["params"]), f"{name} has no unit"


@FILES
def test_no_file_reaches_around_its_declared_reads(file: SqlFile) -> None:
    assert not re.search(r"\b(store|step|main)\s*\.|read_parquet|read_csv|getenv", body(file))


@FILES
def test_files_stay_short(file: SqlFile) -> None:
    assert len(file.sql.splitlines()) <= 250


def test_metric_names_are_declared_once_and_in_plain_form() -> None:
    names = [entry.name for file in sql_files() for entry in file.metrics]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)
    assert set(catalogue()) == set(names)


def test_each_file_comes_after_what_it_reads() -> None:
    seen: set[str] = set(CANONICAL) | {*SCORE_TABLES}
    for file in sql_files():
        assert set(file.reads) <= seen, file.name
        seen.add(file.name)


def test_only_the_needed_files_are_run() -> None:
    names = [file.name for file in needed_files(["heparin_totals"])]
    assert names[0] == "macros"
    assert names[-1] == "heparin_totals"
    assert "lab_values" not in names
    with pytest.raises(CasetraceError, match="no metric file nonsense"):
        needed_files(["nonsense"])


HEADER = """\
-- title: A file
-- grain: one row per case
-- reads: {reads}
-- params: {params}
-- missing: none
-- source: none
-- returns: {returns}
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sample.sql"
    path.write_text(text)
    return path


def test_a_header_without_its_keys_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CasetraceError, match=r"sample\.sql: the header has title; it needs title, grain"):
        read_sql_file(write(tmp_path, "-- title: A file\nSELECT 1"))


def test_a_metric_line_without_its_parts_is_refused(tmp_path: Path) -> None:
    text = HEADER.format(reads="cases", params="none", returns="metrics") + "-- metric: a | g/L\nSELECT 1"
    with pytest.raises(CasetraceError, match="is not: name"):
        read_sql_file(write(tmp_path, text))


def test_a_view_that_declares_metrics_is_refused(tmp_path: Path) -> None:
    text = (
        HEADER.format(reads="cases", params="none", returns="view") + "-- metric: a | g | A | stratum: none\nSELECT 1"
    )
    with pytest.raises(CasetraceError, match="declares them"):
        read_sql_file(write(tmp_path, text))


@pytest.mark.parametrize(
    ("reads", "params", "sql"),
    [
        ("cases", "none", "SELECT case_id FROM labs"),
        ("cases", "none", "SELECT case_id FROM cases WHERE weight_kg > $max_gap_h"),
        ("cases", "no_such_parameter [h]", "SELECT case_id FROM cases"),
    ],
    ids=["table not declared", "parameter not declared", "parameter unknown"],
)
def test_a_file_sees_nothing_but_what_it_declares(tmp_path: Path, reads: str, params: str, sql: str) -> None:
    file = read_sql_file(write(tmp_path, HEADER.format(reads=reads, params=params, returns="view") + sql))
    con = duckdb.connect()
    con.execute("CREATE SCHEMA store")
    con.execute("CREATE SCHEMA step")
    con.execute("CREATE TABLE store.cases (case_id VARCHAR, weight_kg DOUBLE)")
    con.execute("CREATE TABLE store.labs (case_id VARCHAR)")
    with pytest.raises(CasetraceError, match=r"metric file sample\.sql"):
        run_sql_file(con, file, PARAMS)


def test_only_the_rows_of_the_files_that_ran_are_returned() -> None:
    results = run_metrics(case(), PARAMS, ["heparin_totals"])
    assert set(results["metrics"]["metric"]) == {m.name for m in catalogue().values() if m.file == "heparin_totals.sql"}
    assert results["terms"].is_empty()
