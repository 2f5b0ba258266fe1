"""A case that its publisher calls fictional counts as no patient, wherever cases are compared, and is said to be one."""

import shutil

import polars as pl
import pytest
from casetrace.audit import audit
from casetrace.cohort import cohort, compare_cases, read_cohort
from casetrace.cohort.reference_percentiles import GROUP, place_among
from casetrace.core.params import load
from casetrace.core.paths import ProjectFolder
from casetrace.extract.stage import extract
from casetrace.metrics.run import compute_metrics
from casetrace.report.corpus_pages.collection import write_cohort_page, write_comparison, write_index
from casetrace.schemas.cohort import COHORT

from tests.case_builder import params
from tests.cohort.made_corpus import PEOPLE, people

INVENTED = "case-c"
PATIENTS = [case_id for case_id, *_ in PEOPLE if case_id != INVENTED]


def processed(root, fictional=(), left_away=()):
    """The made corpus through every stage before the pages, with some cases fictional and some not there at all."""
    root.mkdir()
    corpus = people(root)
    for case_id in fictional:
        with (corpus.raw / case_id / "source.yaml").open("a", encoding="utf-8") as file:
            file.write("fictional: true\n")
    for case_id in left_away:
        shutil.rmtree(corpus.raw / case_id)
    parameters = load(corpus.project.params)
    extract(corpus, parameters)
    compute_metrics(corpus, parameters)
    audit(corpus, parameters)
    cohort(corpus, parameters)
    return corpus


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    corpus = processed(tmp_path_factory.mktemp("fictional") / "with", fictional=[INVENTED])
    for case_id, *_ in PEOPLE:
        corpus.case_report(case_id).mkdir(parents=True)
        (corpus.case_report(case_id) / "report.html").write_text("<p>a report</p>", encoding="utf-8")
    return corpus


@pytest.fixture(scope="module")
def without(tmp_path_factory):
    return processed(tmp_path_factory.mktemp("fictional") / "without", left_away=[INVENTED])


def test_every_cohort_table_is_that_of_the_patients_alone(corpus, without):
    found, expected = read_cohort(corpus), read_cohort(without)
    assert found["characteristics"]["case_id"].unique().sort().to_list() == PATIENTS
    for name in COHORT:
        if name != "left_out":
            assert found[name].equals(expected[name]), name
    assert expected["left_out"].is_empty()


def test_the_case_that_is_left_out_keeps_its_characteristics_in_a_table_of_its_own(corpus):
    apart = read_cohort(corpus)["left_out"]
    assert apart["case_id"].unique().to_list() == [INVENTED]
    assert apart.filter(pl.col("variable") == "age")["value"].to_list() == [55]


@pytest.mark.parametrize("selection", [{"by": "sex"}, {"where": "age >= 50"}, {"by": "sex", "test": True}])
def test_groups_selections_and_tests_leave_it_out_too(corpus, without, selection):
    found, expected = (compare_cases(each, params(), **selection) for each in (corpus, without))
    assert INVENTED not in found["characteristics"]["case_id"].to_list()
    for name in COHORT:
        if name != "left_out":
            assert found[name].equals(expected[name]), name


def test_it_has_its_own_metrics(corpus):
    metrics = pl.read_parquet(corpus.metrics / "metrics.parquet")
    assert INVENTED in metrics["case_id"].to_list()


def test_the_page_names_it_and_says_why(corpus, without, tmp_path):
    text = write_cohort_page(corpus, params()).read_text(encoding="utf-8")
    link = f'<a href="{INVENTED}/report.html">{INVENTED}</a>'
    assert "5 cases compared" in text
    assert f"1 case is left out because its publisher calls it fictional: {link}." in text
    assert text.count(INVENTED) == link.count(INVENTED)
    assert "left out" not in write_cohort_page(without, params()).read_text(encoding="utf-8")
    alone = write_comparison(corpus, params(), tmp_path / "men.html", None, "sex = 'male'").read_text(encoding="utf-8")
    assert "2 cases compared" in alone
    assert f"1 case is left out because its publisher calls it fictional: {INVENTED}." in alone


def test_several_are_named_in_one_sentence(tmp_path):
    several = processed(tmp_path / "several", fictional=[case_id for case_id, *_ in PEOPLE])
    text = write_comparison(several, params(), tmp_path / "page.html", None, None).read_text(encoding="utf-8")
    assert "0 cases compared" in text
    named = ", ".join(case_id for case_id, *_ in PEOPLE)
    assert f"6 cases are left out because their publishers call them fictional: {named}." in text


def test_the_index_has_its_line_and_says_what_it_is(corpus):
    lines = write_index(corpus.project).read_text(encoding="utf-8").split("<tr ")[1:]
    said = {case_id: "teaching case, fictional</span>" in line for line in lines for case_id in _ids(line)}
    assert said == {case_id: case_id == INVENTED for case_id, *_ in PEOPLE}


def _ids(line):
    return [case_id for case_id, *_ in PEOPLE if f"{case_id}/report.html" in line]


def test_it_is_neither_placed_nor_in_a_group(corpus, without):
    others = {name: each.project.corpus(name) for name, each in (("all", corpus), ("patients", without))}
    for each, name in ((corpus, "all"), (without, "patients")):
        shutil.copytree(each.processed, others[name].processed)
    placed, expected = place_among(corpus, others["all"]), place_among(without, others["patients"])
    assert placed.placing["case_id"].unique().sort().to_list() == PATIENTS
    assert set(placed.placing["group"]) == {GROUP}
    assert placed.placing.drop("comparison").equals(expected.placing.drop("comparison"))
    assert placed.distribution.drop("comparison").equals(expected.distribution.drop("comparison"))
    # The case has heparin and a nadir: it would be a member if it were a patient.
    metrics = pl.read_parquet(corpus.metrics / "metrics.parquet").filter(pl.col("case_id") == INVENTED)
    assert {"iv_ufh_total", "platelets_nadir"} <= set(metrics.filter(pl.col("value").is_not_null())["metric"])


def test_a_corpus_without_the_key_has_nobody_left_out(tmp_path):
    plain = ProjectFolder(tmp_path / "plain").corpus()
    assert processed(tmp_path / "plain").processed == plain.processed
    assert not pl.read_parquet(plain.table("cases"))["is_fictional"].any()
    assert read_cohort(plain)["left_out"].is_empty()
