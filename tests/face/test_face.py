"""`import casetrace as ct`: light, complete, and literal in a notebook."""

import json
import subprocess
import sys

import casetrace as ct
import polars as pl
import pytest
from casetrace.core.paths import PARAMS
from casetrace.face.display import SHOWN, table_html
from casetrace.schemas import CANONICAL
from casetrace.vocabulary import own_terms

from tests.report.corpus import write_corpus

MARKUP = '<img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("face")
    (root / "params.yaml").write_bytes(PARAMS.read_bytes())
    write_corpus(root)
    yield ct.Project(root)
    own_terms.read_on_top(None)


def test_importing_casetrace_loads_no_library_that_takes_time():
    code = "import casetrace, json, sys; print(json.dumps([n for n in sys.modules if '.' not in n]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"polars", "duckdb", "pandera", "altair", "numpy", "yaml"} & set(json.loads(done.stdout))


def test_every_public_name_is_there_and_documented():
    for name in ct.__all__:
        assert name in dir(ct)
        assert getattr(ct, name).__doc__, name
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        ct.nothing  # noqa: B018


def test_a_case_has_its_numbers_as_estimates_and_its_rows_as_frames(project):
    case = project.case("one")
    key, metric = next((k, m) for k, m in case._case.metrics.items() if m.low is not None)
    estimate = case.metrics[key]
    assert (estimate.low, estimate.high, estimate.unit, estimate.rows) == (
        metric.low,
        metric.high,
        metric.unit,
        metric.row_ids,
    )
    assert len(case.metrics) == len(list(case.metrics)) > 5
    assert "no such metric" not in case.metrics
    assert case.labs.equals(case.table("labs"))
    assert set(case.doses["case_id"]) == {"one"}
    assert case.title


def test_a_number_unfolds_into_its_reasons(project):
    """Code, rows and sentence; a number without codes has no rows in the same columns."""
    case = project.case("one")
    (found,) = case.explain("antithrombin_lowest").reasons.to_dicts()
    assert (found["code"], found["term"], found["text"]) == (
        "not_in_record",
        "antithrombin",
        "no antithrombin in the record",
    )
    assert "no antithrombin in the record" in str(case.explain("antithrombin_lowest"))
    nothing = case.explain("iv_ufh_max_24h").reasons
    assert (nothing.columns, nothing.height) == (list(found), 0)


def test_what_is_not_there_is_said(project, tmp_path):
    with pytest.raises(ct.NotFoundError, match="casetrace init"):
        ct.Project(tmp_path)
    with pytest.raises(ct.NotFoundError):
        project.case("nobody")
    with pytest.raises(ct.NotFoundError, match="no table 'lab'"):
        project.table("lab")
    with pytest.raises(ct.NotFoundError, match="no metric"):
        project.case("one").explain("nothing")
    with pytest.raises(ct.CasetraceError, match="not the name of a corpus"):
        ct.Project(project._corpus.project.root, "../raw")


def test_metrics_of_tables_in_memory_are_those_of_the_stage(project):
    tables = {name: project.table(name) for name in CANONICAL}
    found = ct.metrics(tables, PARAMS)
    assert set(found["metrics"]["case_id"]) == set(project.cases)
    with pytest.raises(ct.NotFoundError, match="no table 'cases'"):
        ct.metrics({"labs": tables["labs"]})
    with pytest.raises(ct.NotFoundError, match="no canonical table is called lab "):
        ct.metrics({"cases": tables["cases"], "lab": tables["labs"]})


def test_check_says_what_the_command_says(tmp_path):
    folder = tmp_path / "a-case"
    folder.mkdir()
    (folder / "source.yaml").write_text(f"case_id: a-case\ntitle: '{MARKUP}'\nstatus: '{MARKUP}'\n", encoding="utf-8")
    problems = ct.check(folder)
    assert problems.errors
    assert "source.yaml" in str(problems)
    assert MARKUP in str(problems)
    assert MARKUP not in problems._repr_html_()
    assert "&lt;img" in problems._repr_html_()


@pytest.mark.parametrize("value", [MARKUP, "a & b", None, 1.5, "</td></table><script>x</script>"])
def test_every_text_of_a_table_is_shown_as_text(value):
    html = table_html((str(value), "b"), [(value, value)], str(value))
    assert "<img" not in html
    assert "<script" not in html
    assert html.count("<td>") == 2


def test_a_long_table_says_how_much_is_left_out():
    assert "and 5 more" in table_html(("n",), [(n,) for n in range(SHOWN + 5)])


def test_a_title_with_markup_is_shown_as_text_in_every_display(project):
    corpus = project._corpus
    before = pl.read_parquet(corpus.table("cases"))
    before.with_columns(title=pl.lit(MARKUP)).write_parquet(corpus.table("cases"))
    try:
        shown = [project._repr_html_(), project.case("one")._repr_html_(), project.case("one").metrics._repr_html_()]
    finally:
        before.write_parquet(corpus.table("cases"))
    assert all("<img" not in html for html in shown)
    assert "&lt;img" in shown[0]
