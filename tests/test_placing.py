"""Where a case stands among others: percentiles, bounds, and what is withheld of a corpus that is not public."""

import polars as pl
import pytest

from pipeline.errors import CasetraceError, NotFoundError
from pipeline.paths import Project
from pipeline.placing import compare, place_in_cohort
from pipeline.schemas.base import dtypes
from pipeline.schemas.results import Metrics

PEAK = "iv_ufh_max_24h"
APTT = ("aptt_max", "unfractionated heparin")


def results(*rows):
    """Rows of case, metric, stratum, value, low, high."""
    full = [
        {"case_id": c, "metric": m, "stratum": s, "value": v, "low": low, "high": high, "unit": "[iU]", "reason": None,
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


def placed(value, others, *, low=None, high=None, metric=PEAK, stratum="", restricted=False):
    own = results(("c", metric, stratum, value, value if low is None else low, value if high is None else high))
    (row,) = compare(own, others, "mimic", restricted=restricted).placing.to_dicts()
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
    ("value", "status"), [(15.5, "ok"), (5.5, "withheld"), (24.5, "withheld"), (-1.0, "ok"), (99.0, "ok")]
)
def test_a_percentile_that_counts_a_few_is_withheld(value, status):
    row = placed(value, group([float(i) for i in range(30)]), restricted=True)
    assert row["status"] == status
    if status == "withheld":
        assert [row[key] for key in ("n", "percentile", "percentile_low", "percentile_high")] == [None] * 4


def test_no_member_of_a_restricted_corpus_is_shown():
    others = group([float(i) for i in range(30)])
    own = results(("c", PEAK, "", 15.5, 15.5, 15.5))
    open_one = compare(own, others, "mimic", restricted=False).distribution
    closed = compare(own, others, "mimic", restricted=True).distribution
    assert open_one.height == 30
    assert closed.select("kind", "share_pct", "value").rows() == [("quantile", 50.0, 15.0)]


def test_a_corpus_is_never_compared_with_itself(tmp_path):
    corpus = Project(tmp_path).corpus("mimic")
    with pytest.raises(CasetraceError, match="cannot be compared with itself"):
        place_in_cohort(corpus, corpus)


def test_without_metrics_there_is_nothing_to_compare(tmp_path):
    with pytest.raises(NotFoundError, match="no metrics"):
        place_in_cohort(Project(tmp_path).corpus(), Project(tmp_path).corpus("mimic"))


def test_both_tables_are_written_beside_the_metrics(tmp_path):
    own, other = Project(tmp_path).corpus(), Project(tmp_path).corpus("mimic")
    for corpus, frame in ((own, results(("c", PEAK, "", 30.0, 30.0, 30.0))), (other, group([10.0, 50.0]))):
        corpus.metrics.mkdir(parents=True)
        frame.write_parquet(corpus.metrics / "metrics.parquet")
    place_in_cohort(own, other)
    assert pl.read_parquet(own.metrics / "placing.parquet")["percentile"].to_list() == [50]
    assert pl.read_parquet(own.metrics / "distribution.parquet")["value"].to_list() == [10, 50]
