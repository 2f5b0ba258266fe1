"""The strip figure and the table of where a case stands among others."""

from dataclasses import replace

import polars as pl
from casetrace.report.case_page import reference_percentiles
from casetrace.report.render.notebook import write_source
from casetrace.schemas.base import dtypes
from casetrace.schemas.reference_percentiles import Distribution, Placing

ROW = {
    "case_id": "one", "metric": "iv_ufh_max_24h", "stratum": "", "comparison": "mimic", "group": "cases with heparin",
    "value": 46711.0, "low": 46435.0, "high": 46986.0, "unit": "[iU]", "n": 21, "n_without": 2, "percentile": 95.2,
    "percentile_low": 90.5, "percentile_high": 100.0, "status": "ok", "reason": None, "reasons": [],
}  # fmt: skip


def with_placing(case, members, **changed):
    rows = pl.DataFrame([ROW | changed], schema=dtypes(Placing))
    distribution = pl.DataFrame(members, schema=dtypes(Distribution), orient="row")
    return replace(case, results=case.results | {"placing": rows, "distribution": distribution})


def member(value, kind="case", is_bound=False):
    return ("mimic", "iv_ufh_max_24h", "", kind, 50.0 if kind == "quantile" else None, value, is_bound, "[iU]")


def test_each_member_is_a_dot_and_the_case_a_diamond(case):
    html = reference_percentiles.block(
        with_placing(case, [member(5000.0), member(30000.0), member(40000.0, is_bound=True)])
    ).html
    assert "Each dot is one of them" in html
    assert html.count("<circle") == 6  # three members, for wide and narrow pages
    assert html.count("fill:none") == 2
    assert html.count("<path") == 2
    assert "46\u202f711\u00a0U" in html


def test_each_comparison_corpus_has_a_figure_and_a_table_with_its_own_members(case):
    shown = with_placing(case, [member(5000.0), ("other", *member(8000.0)[1:]), ("other", *member(9000.0)[1:])])
    rows = pl.concat([shown.results["placing"], shown.results["placing"].with_columns(comparison=pl.lit("other"))])
    html = reference_percentiles.block(replace(shown, results=shown.results | {"placing": rows})).html
    first, second = html.split('id="figure-placing-2"')
    assert [part.count("<circle") for part in (first, second)] == [2, 4]
    assert 'id="table-placing-2"' in second
    assert "those of other:" in second


def test_the_table_has_the_percentile_with_bounds_and_its_n(case):
    table = reference_percentiles.table(case, [ROW])
    (cells,) = table.groups[0].rows
    assert [str(cell) for cell in cells[1:5]] == ["46\u202f711\u00a0U", "95 (91 to 100)", "21", "2"]


def test_what_is_withheld_says_so_and_shows_no_member(case):
    hidden = {"n": None, "n_without": None, "percentile": None, "percentile_low": None, "percentile_high": None}
    block = reference_percentiles.block(
        with_placing(case, [member(20000.0, "quantile")], **hidden, status="withheld", reason="too few")
    )
    assert "<circle" not in block.html
    assert "That corpus" in block.html
    assert block.html.count(">withheld<") == 3


def test_the_section_stands_only_where_a_comparison_is_named():
    context = {"case_id": "one", "corpus": "case_reports", "title": "A case", "engine": "pandoc"}
    assert "report.placing()" in write_source(context | {"has_placing": True})
    assert "Among other patients" not in write_source(context | {"has_placing": False})
