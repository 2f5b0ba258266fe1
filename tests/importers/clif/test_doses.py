"""CLIF 2.1: dose changes of an order as intervals, and doses given at once."""

import random
import tempfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import strategies as st

from tests.batches import examples
from tests.importers.clif.small import START, at, doses, event, imported, left


def test_dose_changes_of_an_order_become_intervals(tmp_path):
    rows = [
        event("2024-03-01 09:00", 1000.0, "start"),
        event("2024-03-01 15:00", 1200.0, "dose_change"),
        event("2024-03-01 21:00", 0.0, "stop"),
    ]
    corpus, result = imported(tmp_path, rows)
    assert doses(corpus) == [
        ("infusion", 60, 420, Decimal(1000), "[iU]/h", "minute"),
        ("infusion", 420, 780, Decimal(1200), "[iU]/h", "minute"),
    ]
    left = [(e.reason, e.rows) for e in result.account.left_out if e.file == "medication_admin_continuous"]
    assert left == [("the end of an infusion, not a dose", 1)]


def test_orders_are_followed_each_by_itself(tmp_path):
    rows = [event("2024-03-01 09:00", 1000.0), event("2024-03-01 10:00", 500.0, order="O2"), event("2024-03-01 11:00", 0.0, "stop"),
            event("2024-03-01 12:00", 0.0, "stop", order="O2")]  # fmt: skip
    corpus, _ = imported(tmp_path, rows)
    assert [row[1:4] for row in doses(corpus)] == [(60, 180, Decimal(1000)), (120, 240, Decimal(500))]


def test_a_last_dose_without_an_end_stays_open(tmp_path):
    corpus, _ = imported(tmp_path, [event("2024-03-01 09:00", 1000.0, "start")])
    (inside, after) = pl.read_parquet(corpus.table("doses")).sort("start_min").to_dicts()
    assert (inside["end_form"], inside["end_min"], inside["end_earliest_min"], inside["end_latest_min"]) == (
        "open",
        None,
        60,
        2880,
    )
    assert (inside["amount"], inside["length_min"], after["start_min"]) == (Decimal(1000), None, 2880)


def test_a_rate_per_kg_uses_the_weight_and_waits_for_one(tmp_path):
    rows = [
        event("2024-03-01 09:00", 2.0, unit="mcg/kg/min", drug="argatroban"),
        event("2024-03-01 10:00", 0.0, "stop", drug="argatroban"),
    ]
    (tmp_path / "a").mkdir()
    corpus, _ = imported(tmp_path / "a", rows, weights=[80.0])
    assert [(row[3], row[4]) for row in doses(corpus)] == [(Decimal("9.6"), "mg/h")]
    (tmp_path / "b").mkdir()
    corpus, result = imported(tmp_path / "b", rows)
    assert pl.read_parquet(corpus.table("doses"))["amount_status"].to_list() == ["needs_weight"]
    assert [(u.what, u.term, u.rows) for u in result.account.unknown] == [
        ("a rate per kg without a weight", "argatroban", 1)
    ]


def test_a_rate_is_told_per_kg_with_the_weight_charted_before_it(tmp_path):
    rows = [event("2024-03-01 09:00", 1000.0, "start"), event("2024-03-01 10:00", 0.0, "stop")]
    corpus, _ = imported(tmp_path, rows, weights=[80.0])
    (dose,) = pl.read_parquet(corpus.table("doses")).to_dicts()
    (weight,) = pl.read_parquet(corpus.table("patient")).filter(pl.col("item") == "body_weight").to_dicts()
    assert (dose["amount_per_kg"], dose["unit_per_kg"]) == (Decimal("12.5"), "[iU]/kg/h")
    assert dose["weight_row_ids"] == [weight["row_id"]]


def test_intermittent_doses_are_given_at_once(tmp_path):
    corpus, _ = imported(tmp_path, intermittent=[event("2024-03-01 09:00", 5000.0, "given", "units")])
    assert [row[:5] for row in doses(corpus)] == [("bolus", 60, 60, Decimal(5000), "[iU]")]


def test_an_event_that_only_says_going_changes_nothing(tmp_path):
    rows = [
        event("2024-03-01 09:00", 1000.0, "start"),
        event("2024-03-01 11:00", None, "going"),
        event("2024-03-01 12:00", None, "verify"),
        event("2024-03-01 13:00", 1000.0, "verify"),
        event("2024-03-01 15:00", None, "dose_change"),
        event("2024-03-01 16:00", None, "stop"),
    ]
    corpus, result = imported(tmp_path, rows)
    # A change to a dose that is not charted is not the dose before.
    assert [row[1:4] for row in doses(corpus)] == [(60, 300, 1000), (300, 420, 1000), (420, 480, None)]
    assert pl.read_parquet(corpus.table("doses")).sort("start_min")["amount_status"].to_list() == [
        "known",
        "known",
        "not_printed",
    ]
    assert [(u.what, u.rows) for u in result.account.unknown] == [("no amount is given", 1)]
    assert left(result, "medication_admin_continuous") == {
        "the drug is going: no new dose": 2,
        "the end of an infusion, not a dose": 1,
    }


def test_intermittent_rows_are_doses_only_when_they_were_given(tmp_path):
    actions = ["given", "bolus", "not_given", "other", None]
    rows = [event(f"2024-03-01 {hour}:00", 5000.0, action, "units") for hour, action in enumerate(actions, 10)]
    corpus, result = imported(tmp_path, intermittent=rows)
    found = pl.read_parquet(corpus.table("doses")).sort("start_min").select("start_min", "note").rows()
    assert found == [(120, "given"), (180, "bolus"), (360, "whether it was given is not charted")]
    assert left(result, "medication_admin_intermittent") == {"not given": 1, "nothing says whether it was given": 1}


def test_routes(tmp_path):
    routes = ["iv", "im", "subq", "enteral", "intrapleural", "buccal_sublingual", None]
    rows = [
        event(f"2024-03-01 {hour}:00", 5000.0, "given", "units") | {"med_route_category": route}
        for hour, route in enumerate(routes, 10)
    ]
    corpus, _ = imported(tmp_path, intermittent=rows)
    found = pl.read_parquet(corpus.table("doses")).sort("start_min").select("route", "purpose").rows()
    assert found == [
        ("iv", None),
        ("sc", "prophylactic"),
        ("sc", "prophylactic"),
        ("oral", None),
        ("local", None),
        (None, None),
        (None, None),
    ]


def test_a_continuous_drug_without_a_route_says_that_one_was_taken(tmp_path):
    rows = [event("2024-03-01 09:00", 1000.0) | {"med_route_category": None}, event("2024-03-01 10:00", 0.0, "stop")]
    corpus, _ = imported(tmp_path, rows)
    (dose,) = pl.read_parquet(corpus.table("doses")).to_dicts()
    assert (dose["route"], dose["purpose"]) == ("iv", "therapeutic")
    assert "no route is charted: taken as intravenous" in dose["note"]


def random_events(rng, orders=40):
    """Events of many orders, in any order of rows: doses, zeros, stops, doses that are not charted, and pairs in one minute."""
    minutes = [
        (f"O{order}", 60 + rng.randrange(0, 2700)) for order in range(orders) for _ in range(rng.randrange(1, 7))
    ]
    start = at(START)
    rows = []
    for order, minute in minutes:
        dose = rng.choice([None, 0.0, 250.0, 1000.0, 1337.5])
        action = rng.choice(["start", "dose_change", "going", "verify", "stop", None])
        rows.append(event(START, dose, action, order=order) | {"admin_dttm": start + timedelta(minutes=minute)})
    return rows


def slow_total(rows, span_end):
    """Units in the span: from each dose to the next row of its order that says something, and nothing of what has no end."""
    total = 0.0
    for order in {row["med_order_id"] for row in rows}:
        own = [row for row in rows if row["med_order_id"] == order]
        telling = [
            row for row in own if not (row["mar_action_category"] in ("going", "verify") and row["med_dose"] is None)
        ]
        times = [(row["admin_dttm"] - at(START)).total_seconds() / 60 for row in telling]
        for place in sorted(range(len(telling)), key=lambda i: (times[i], i)):
            later = [(times[i], i) for i in range(len(telling)) if (times[i], i) > (times[place], place)]
            row = telling[place]
            if later and row["med_dose"] and row["mar_action_category"] != "stop":
                until = min(later)[0]
                total += row["med_dose"] * max(0.0, min(until, span_end) - times[place]) / 60
    return total


@pytest.mark.parametrize("seed", examples(st.integers(0, 10**6), 3))
def test_totals_of_many_orders_equal_a_slow_calculation(seed):
    rows = random_events(random.Random(seed))
    with tempfile.TemporaryDirectory() as folder:
        corpus, result = imported(Path(folder), rows)
        (total,) = pl.read_parquet(corpus.processed / "import" / "keyed_totals.parquet")["total_in_span"].to_list()
    assert total == pytest.approx(slow_total(rows, 2880), abs=1e-6)
    assert total > 0
    assert result.account.unaccounted() == {}
