import hashlib
from dataclasses import replace

import polars as pl
import pytest
from casetrace.cli import main
from casetrace.cohort import SelectionError, cohort, compare_cases, read_cohort
from casetrace.cohort.alternatives import alternatives
from casetrace.cohort.characteristics import variables
from casetrace.core.errors import NotFoundError
from casetrace.core.params import Params, load
from casetrace.core.paths import ProjectFolder
from casetrace.metrics.catalogue import sql_files
from casetrace.report.corpus_pages.collection import write_cohort_page, write_comparison
from click.testing import CliRunner

from tests.case_builder import params


def of(frames, variable, *columns):
    return frames["characteristics"].filter(pl.col("variable") == variable).select(columns).rows()


def named(corpus):
    """The variables of the corpus: those of variables.csv, and those of each other anticoagulant that it has."""
    return variables(alternatives({name: pl.read_parquet(corpus.table(name)) for name in ("doses", "targets")}))


def test_every_metric_that_a_variable_names_exists(corpus):
    known = {metric.name for file in sql_files() for metric in file.metrics}
    assert {v.name for v in named(corpus) if v.source == "metric"} <= known
    assert len({v.variable for v in named(corpus)}) == len(named(corpus))


def test_every_case_has_one_row_for_each_variable(corpus):
    found = read_cohort(corpus)["characteristics"]
    assert found.height == 6 * len(named(corpus))
    assert found.unique(["case_id", "variable"]).height == found.height
    assert found["variable"].unique(maintain_order=True).to_list() == [v.variable for v in named(corpus)]


def test_what_is_not_told_is_missing_and_never_normal(corpus):
    frames = read_cohort(corpus)
    assert of(frames, "age", "case_id", "value", "state") == [
        ("case-a", 41, "known"), ("case-b", 62, "known"), ("case-c", 55, "known"), ("case-d", None, "missing"),
        ("case-e", 70, "known"), ("case-f", 33, "known"),
    ]  # fmt: skip
    assert {word for (word,) in of(frames, "thrombosis", "word")} == {None}
    assert [row for row in of(frames, "last_seen", "case_id", "word", "state") if row[1]] == [
        ("case-e", "died", "known")
    ]
    # Nothing tells of ECMO, so nobody is said to have been without it.
    assert {state for (state,) in of(frames, "ecmo", "state")} == {"missing"}


def test_the_absence_of_one_kind_of_thrombosis_is_not_the_absence_of_all(tmp_path):
    from tests.cohort.made_corpus import people

    corpus = people(tmp_path)
    rows = {"case-a": "venous thrombosis,absent", "case-b": "thrombosis,absent", "case-c": "venous thrombosis,present"}
    for case, row in rows.items():
        (corpus.raw / case / "findings.csv").write_text(f"finding,status\n{row}\n", encoding="utf-8")
    place = ["run", "--stage", "extract", "--stage", "metrics", "--stage", "cohort", "--project", str(tmp_path)]
    done = CliRunner().invoke(main, place)
    assert done.exit_code == 0, done.output
    told = dict(of(read_cohort(corpus), "thrombosis", "case_id", "word"))
    assert (told["case-a"], told["case-b"], told["case-c"]) == (None, "absent", "present")


def test_platelets_are_aligned_at_the_first_heparin_with_the_bounds_of_both_times(corpus):
    rows = read_cohort(corpus)["aligned_platelets"]
    found = rows.filter((pl.col("case_id") == "case-a") & (pl.col("aligned_at") == "first_heparin"))
    # Heparin began on day 2 at 08:00; the first count lies anywhere on day 2.
    first = found.row(0, named=True)
    assert first["days_low"] == pytest.approx(-8 / 24)
    assert first["days_high"] == pytest.approx((23 * 60 + 59 - 8 * 60) / 1440)
    assert found["value"].to_list() == [150, 60, 160]


def test_times_to_recovery_end_in_an_event_or_are_censored(corpus):
    rows = read_cohort(corpus)["times_to_event"].filter(pl.col("curve") == "platelet_recovery")
    told = {case: (days, is_event) for case, days, is_event in rows.select("case_id", "days", "is_event").iter_rows()}
    assert told["case-a"] == (2, True)
    assert told["case-b"] == (2, False)  # 90 at the last count
    assert told["case-d"] == (None, None)  # no count after the nadir
    assert told["case-e"] == (None, None)
    assert told["case-f"] == (None, None)  # never below the limit


def test_the_course_of_a_drug_keeps_what_is_open(corpus):
    rows = read_cohort(corpus)["courses"].filter((pl.col("case_id") == "case-a") & (pl.col("kind") == "drug"))
    argatroban = rows.filter(pl.col("name") == "argatroban").row(0, named=True)
    assert (argatroban["start_low"], argatroban["end_high"]) == (pytest.approx(4 + 10 / 24), pytest.approx(4 + 22 / 24))


def test_groups_by_a_word_and_cases_that_fit_a_condition(corpus):
    frames = compare_cases(corpus, params(), by="sex")
    assert frames["summary"]["group"].unique(maintain_order=True).to_list() == ["Sex: female", "Sex: male"]
    ages = frames["summary"].filter(pl.col("variable") == "age")
    assert ages.select("n_known", "listed").rows() == [(2, [33, 41]), (3, [55, 62, 70])]
    older = compare_cases(corpus, params(), where="age >= 55 AND sex = 'male'")
    assert older["characteristics"]["case_id"].unique().sort().to_list() == ["case-b", "case-c", "case-e"]


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        ({"by": "age"}, r"--by age: no such grouping \(allowed: sex, "),
        ({"by": "colour"}, "--by colour: no such grouping"),
        ({"where": "colour = 'red'"}, "--where colour = 'red': Binder Error"),
        ({"test": True}, r"--test: there are no groups to test \(allowed: with --by, which makes them\)"),
        ({"test": True, "where": "age > 50"}, "--test: there are no groups to test"),
        ({"where": "age > 900"}, "no case fits"),
        ({"where": "age > (SELECT count(*) FROM read_csv('/etc/passwd'))"}, "--where"),
    ],
)
def test_what_cannot_be_selected_is_said(corpus, selection, message):
    with pytest.raises(SelectionError, match=message):
        compare_cases(corpus, params(), **selection)


def test_equal_input_gives_equal_bytes(corpus):
    def hashes():
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in corpus.cohort.iterdir()}

    before = hashes()
    cohort(corpus, load(corpus.project.params))
    assert hashes() == before


def test_without_the_stages_before_it_says_so(tmp_path):
    with pytest.raises(NotFoundError, match="run extract and metrics first"):
        cohort(ProjectFolder(tmp_path).corpus(), params())
    with pytest.raises(NotFoundError, match="run the stage cohort first"):
        write_cohort_page(ProjectFolder(tmp_path).corpus(), params())


def test_the_page_says_the_limits_that_the_parameters_set(corpus, tmp_path):
    limits = {"median_from": 6, "quartiles_from": 9, "percent_from": 12, "curve_from": 4, "difference_from": 7}
    other = Params(
        {
            e.name: replace(e, value=limits.get(e.name.removeprefix("cohort.").removesuffix("_cases"), e.value))
            for e in params().entries()
        }
    )
    text = write_comparison(corpus, other, tmp_path / "page.html", "sex", None).read_text(encoding="utf-8")
    assert "Fewer than 6 known values are listed; from 6 on, the median" in text
    assert "from 9 on, the quartiles too [in brackets]; percentages from 12 known cases" in text
    assert "where both groups have at least 7 known cases" in text
    assert "A curve is drawn from 4 cases on, of all or of a group" in text


def test_a_test_without_groups_stops_the_command_and_writes_nothing(corpus, tmp_path):
    page = tmp_path / "page.html"
    for more in ([], ["--out", str(page)]):
        done = CliRunner().invoke(main, ["cohort", "--test", "--project", str(corpus.project.root), *more])
        assert done.exit_code == 2
        assert "--test: there are no groups to test (allowed: with --by, which makes them)" in done.output
    assert not page.exists()
    assert not corpus.cohort_page.exists()


def test_tests_that_are_asked_for_stand_on_the_page_with_what_was_not_made(corpus, tmp_path):
    page = tmp_path / "page.html"
    words = ["cohort", "--by", "sex", "--test", "--out", str(page), "--project", str(corpus.project.root)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    text = page.read_text(encoding="utf-8")
    assert "Grouped by sex, with tests." in text
    assert "First argatroban to first aPTT in target (time to event)" in text
    assert "No tests were made, where each group has at least 5 known cases" in text
    assert "No test is made." not in text
    assert not any(star in text for star in ("p = ", "**", "significant"))


def test_an_empty_corpus_gives_empty_typed_tables_and_a_page(tmp_path):
    from casetrace.schemas import CANONICAL, RESULTS, empty

    corpus = ProjectFolder(tmp_path).corpus()
    corpus.tables.mkdir(parents=True)
    corpus.metrics.mkdir()
    for name, model in CANONICAL.items():
        empty(model).write_parquet(corpus.table(name))
    empty(RESULTS["metrics"]).write_parquet(corpus.metrics / "metrics.parquet")
    assert cohort(corpus, params()).cases == 0
    assert all(frame.height == 0 for frame in read_cohort(corpus).values())
    assert "0 cases compared" in write_cohort_page(corpus, params()).read_text(encoding="utf-8")


def test_a_comparison_goes_to_the_file_that_was_named(corpus, tmp_path):
    page = write_comparison(corpus, params(), tmp_path / "by-sex.html", "sex", None)
    text = page.read_text(encoding="utf-8")
    assert "Grouped by sex" in text
    assert "Sex: female" in text
    assert "With so few cases" in text
    assert "No test is made." in text
    assert 'id="tests"' not in text
    assert not corpus.cohort_page.exists() or corpus.cohort_page != page
