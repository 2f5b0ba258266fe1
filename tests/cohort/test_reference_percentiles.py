"""Where a case stands among others: percentiles, bounds, and what is withheld of a corpus that is not public."""

from itertools import pairwise

import polars as pl
import pytest
from casetrace.cohort.reference_percentiles import compare, place_among
from casetrace.core.errors import CasetraceError, NotFoundError
from casetrace.core.paths import ProjectFolder
from casetrace.privacy import CorpusInfo, write_corpus_info
from casetrace.schemas.base import dtypes
from casetrace.schemas.results import Metrics
from hypothesis import given
from hypothesis import strategies as st

from tests.spec import case

PEAK = "iv_ufh_max_24h"
APTT = ("aptt_max", "unfractionated heparin")


def results(*rows):
    """Rows of case, metric, stratum, value, low, high."""
    full = [
        {"case_id": c, "metric": m, "stratum": s, "value": v, "low": low, "high": high, "unit": "[iU]", "reason": None, "reasons": [],
         "status": "ok" if v is not None else "not_computable" if low is not None or high is not None else "no_data", "row_ids": []}
        for c, m, s, v, low, high in rows
    ]  # fmt: skip
    return pl.DataFrame(full, schema=dtypes(Metrics))


def group(values, metric=PEAK, stratum=""):
    """A comparison corpus of heparin-treated cases with these values; a pair is bounds without a value."""
    rows = []
    for i, value in enumerate(values):
        low, high = value if isinstance(value, tuple) else (value, value)
        rows += [(f"m{i}", "iv_ufh_total", "", 100.0, 100.0, 100.0)]
        rows += [(f"m{i}", metric, stratum, None if isinstance(value, tuple) else value, low, high)]
    return results(*rows)


def persons(others):
    """Every member another patient."""
    return {case_id: case_id for case_id in others["case_id"]}


def placed(value, others, *, low=None, high=None, metric=PEAK, stratum="", restricted=False):
    own = results(("c", metric, stratum, value, value if low is None else low, value if high is None else high))
    (row,) = compare(own, others, "mimic", persons(others) if restricted else None).placing.to_dicts()
    return row


def test_the_percentile_is_the_share_below_with_ties_by_half():
    row = placed(30.0, group([10.0, 20.0, 30.0, 40.0]))
    assert (row["percentile"], row["n"], row["status"]) == (62.5, 4, "ok")
    assert (row["percentile_low"], row["percentile_high"]) == (50, 75)


def test_bounds_of_the_case_give_bounds_of_the_percentile():
    row = placed(25.0, group([10.0, 20.0, 30.0, 40.0]), low=15.0, high=35.0)
    assert (row["percentile"], row["percentile_low"], row["percentile_high"]) == (50, 25, 75)


def test_a_censored_member_lies_above_what_is_below_its_bound():
    row = placed(120.0, group([60.0, 90.0, (150.0, None)], *APTT), metric=APTT[0], stratum=APTT[1])
    assert row["percentile"] == pytest.approx(200 / 3)


def test_against_a_censored_member_a_higher_case_cannot_be_ranked():
    row = placed(160.0, group([60.0, 90.0, (150.0, None)], *APTT), metric=APTT[0], stratum=APTT[1])
    assert (row["percentile"], row["status"]) == (None, "not_computable")
    assert (row["percentile_low"], row["percentile_high"]) == (pytest.approx(200 / 3), 100)


def test_only_those_with_heparin_are_compared():
    others = pl.concat(
        [group([10.0, 50.0]), results(("x", PEAK, "", 5.0, 5.0, 5.0), ("x", "iv_ufh_total", "", 0.0, 0.0, 0.0))]
    )
    assert (placed(30.0, others)["percentile"], placed(30.0, others)["n"]) == (50, 2)


def test_members_without_a_value_are_counted_apart():
    others = pl.concat([group([10.0, 50.0]), results(("x", "iv_ufh_total", "", 9.0, 9.0, 9.0))])
    assert (placed(30.0, others)["n"], placed(30.0, others)["n_without"]) == (2, 1)


def test_a_case_without_a_value_has_no_percentile_and_says_why():
    row = placed(None, group([10.0, 50.0]))
    assert (row["percentile"], row["status"], row["reason"]) == (None, "no_data", "the case has no value")


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [(-1.0, 0, 10), (9.5, 0, 10), (30.0, 25, 50), (38.0, 25, 75), (46.0, 25, 75), (99.0, 50, 100), (119.5, 90, 100)],
)
def test_in_a_corpus_that_is_not_public_a_case_lies_between_published_quantiles(value, low, high):
    """Of 120 members 0 to 119 the median lies in the class 48 to 60 or so: whoever lies within it is above the quartile."""
    row = placed(value, group([float(i) for i in range(120)]), restricted=True)
    assert row["percentile_low"] <= 100 * value / 120 <= row["percentile_high"] or value < 0
    assert [row[key] for key in ("n", "n_without", "percentile", "status")] == [None, None, None, "ok"]
    assert row["reason"] == "mimic is not public: placed between published quantiles of 111 to 120 members"


def test_cases_of_one_class_are_placed_alike_whatever_lies_between_them():
    """Two cases close to each other must not count the members between them."""
    values = [float(i) for i in range(120)]
    ends = {
        d["value"] for d in compare(results(), group(values), "mimic", persons(group(values))).distribution.to_dicts()
    }
    for first, second in pairwise(sorted(ends)):
        within = [first + share * (second - first) for share in (0.0, 0.3, 0.99)]
        found = {
            tuple(placed(v, group(values), restricted=True)[k] for k in ("percentile_low", "percentile_high"))
            for v in within
        }
        assert len(found) == 1


@given(
    st.lists(st.integers(0, 90), min_size=1, max_size=90),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 40)), max_size=6),
    st.floats(-5, 100),
)
def test_the_quantiles_around_a_case_hold_its_percentile(values, censored, value):
    """Against a count of every member, the censored ones at both ends of what is possible."""
    others = group([*map(float, values), *((float(v), float(v + more)) for v, more in censored)])
    row = placed(value, others, restricted=True)
    if row["status"] == "withheld":
        assert row["percentile_low"] is row["percentile_high"] is None
        return
    lows, highs = ([*values, *(v + more * at for v, more in censored)] for at in (0, 1))
    n = len(lows)
    assert row["percentile_low"] <= 100 * sum(v <= value for v in highs) / n
    assert 100 * sum(v < value for v in lows) / n <= row["percentile_high"]


def test_a_censored_member_opens_the_quantile_that_it_may_hold():
    others = group([*([60.0] * 15), *([90.0] * 15), *([(150.0, None)] * 30)], *APTT)
    shown = compare(results(), others, "mimic", persons(others)).distribution
    assert shown.filter(pl.col("share_pct") >= 75).height == 0
    assert placed(200.0, others, metric=APTT[0], stratum=APTT[1], restricted=True)["percentile_high"] == 100


def test_few_members_or_many_of_one_patient_place_nobody():
    assert placed(5.0, group([float(i) for i in range(21)]), restricted=True)["status"] == "withheld"
    others = group([float(i) for i in range(60)])
    own = results(("c", PEAK, "", 15.5, 15.5, 15.5))
    (row,) = compare(own, others, "mimic", dict.fromkeys(others["case_id"], "one")).placing.to_dicts()
    assert (row["status"], row["percentile_low"], row["percentile_high"]) == ("withheld", None, None)


def test_no_member_of_a_restricted_corpus_is_shown():
    values = [i + 0.123 for i in range(120)]
    others = group(values)
    own = results(("c", PEAK, "", 15.5, 15.5, 15.5))
    assert compare(own, others, "mimic").distribution.height == 120
    closed = compare(own, others, "mimic", persons(others)).distribution
    assert set(closed["kind"]) == {"quantile"}
    assert closed.height
    assert not set(closed["value"]) & set(values)


def written(corpus, frame, same=lambda case_id, ids: [], fictional=()):
    """A corpus with these metrics; ``same`` names the other cases of a patient."""
    corpus.metrics.mkdir(parents=True)
    corpus.tables.mkdir(parents=True)
    frame.write_parquet(corpus.metrics / "metrics.parquet")
    ids = frame["case_id"].unique().sort().to_list()
    one = case()["cases"]
    told = [{"case_id": c, "same_patient_as": same(c, ids), "is_fictional": c in fictional} for c in ids]
    rows = [one.to_dicts()[0] | own for own in told]
    pl.DataFrame(rows, schema=one.schema).write_parquet(corpus.table("cases"))


def test_of_a_restricted_corpus_the_patients_are_read(tmp_path):
    own, other = ProjectFolder(tmp_path).corpus(), ProjectFolder(tmp_path).corpus("mimic")
    written(own, results(("c", PEAK, "", 30.0, 30.0, 30.0)))
    written(other, group([float(i) for i in range(60)]), lambda case_id, ids: [o for o in ids if o != case_id])
    (other.processed / "import").mkdir(parents=True)
    write_corpus_info(other.processed / "import", CorpusInfo("a database", "stay", False, "random"))
    assert place_among(own, other).placing["status"].to_list() == ["withheld"]


def test_a_corpus_is_never_compared_with_itself(tmp_path):
    corpus = ProjectFolder(tmp_path).corpus("mimic")
    with pytest.raises(CasetraceError, match="cannot be compared with itself"):
        place_among(corpus, corpus)


def test_without_metrics_there_is_nothing_to_compare(tmp_path):
    with pytest.raises(NotFoundError, match="no metrics"):
        place_among(ProjectFolder(tmp_path).corpus(), ProjectFolder(tmp_path).corpus("mimic"))


def test_both_tables_are_written_to_a_folder_of_the_comparison_corpus(tmp_path):
    own, other = ProjectFolder(tmp_path).corpus(), ProjectFolder(tmp_path).corpus("mimic")
    written(own, results(("c", PEAK, "", 30.0, 30.0, 30.0)))
    written(other, group([10.0, 50.0]))
    place_among(own, other)
    assert pl.read_parquet(own.placing_among("mimic") / "placing.parquet")["percentile"].to_list() == [50]
    assert pl.read_parquet(own.placing_among("mimic") / "distribution.parquet")["value"].to_list() == [10, 50]


def test_who_is_fictional_is_neither_placed_nor_a_member(tmp_path):
    own, other = ProjectFolder(tmp_path).corpus(), ProjectFolder(tmp_path).corpus("mimic")
    written(own, results(("c", PEAK, "", 30.0, 30.0, 30.0), ("d", PEAK, "", 40.0, 40.0, 40.0)), fictional=["d"])
    written(other, group([10.0, 20.0, 50.0]), fictional=["m1"])
    placed = place_among(own, other)
    assert placed.placing.select("case_id", "percentile", "n").rows() == [("c", 50, 2)]
    assert placed.distribution["value"].to_list() == [10, 50]
