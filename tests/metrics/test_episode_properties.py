"""Platelet episodes, 4Ts items 1 and 2 and HEP items 1 to 3 against a slow twin: equal where all is certain, else inside."""

from random import Random
from typing import Any

import polars as pl
from hypothesis import strategies as st

from tests.batches import examples
from tests.metrics import slow_platelets as slow
from tests.spec import Tables, case, measured, together

CASES = 40
DAY = 1440
HEPARIN = 3 * DAY + 601
FILES = ("four_ts_items", "hep_items", "platelet_episodes")
EXPOSURES = ((False, False), (False, True), (True, True))
Course = tuple[list[slow.Level], tuple[bool, bool]]

minutes = st.integers(0, 26 * DAY // 360 - 1).map(lambda n: 360 * n)
heights = st.integers(1, 40).map(lambda n: float(7 * n))
exposures = st.sampled_from(EXPOSURES)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    times = sorted(draw(st.sets(minutes, min_size=2, max_size=8)))
    return [(t, draw(heights)) for t in times], draw(exposures)


def patient(exposure: tuple[bool, bool]) -> str:
    words = ["yes" if known else "no" for known in exposure]
    return f"id | item | value\nE1 | heparin_exposure_30d | {words[0]}\nE2 | heparin_exposure_100d | {words[1]}"


def tables(name: str, lines: list[str], exposure: tuple[bool, bool]) -> Tables:
    return case(
        name,
        doses=f"id | amount | start\nH | 5000 | {HEPARIN}",
        labs="\n".join(["id | when | value", *lines]),
        patient=patient(exposure),
    )


def points(results: dict[str, pl.DataFrame]) -> dict[tuple[str, str], slow.Points]:
    """Case and name of the item, as the twin names them -> its points."""
    found = {}
    for row in results["score_items"].iter_rows(named=True):
        name = row["item"]
        if row["score"] == "4ts":
            if not row["reading"].startswith("data:"):
                continue
            name = f"{row['reading'][5:]} {name}"
        elif name == "timing":
            name = "hep timing"
        found[row["case_id"], name] = (row["low"], row["high"])
    return found


def has_late_first(counts: list[slow.Level]) -> bool:
    since = [t for t, _ in counts if t > HEPARIN]
    return not since or since[0] // DAY - HEPARIN // DAY > 1


def test_certain_courses() -> None:
    """At least what every reading of the course gives, and no more where no recovery and no first count is open."""
    some = examples(courses(), CASES)
    corpus = together(
        *(tables(f"c{i}", [f"P{n} | {t} | {v:g}" for n, (t, v) in enumerate(counts)], exposed)
          for i, (counts, exposed) in enumerate(some))
    )  # fmt: skip
    results = measured(corpus, *FILES)
    found = points(results)
    for i, (counts, exposed) in enumerate(some):
        levels: list[float | None] = [None]
        if has_late_first(counts):
            highest = next((v for t, v in reversed(counts) if t < HEPARIN), 1000.0)
            levels += [highest * share for share in (0.2, 0.5, 0.8, 1)]
        is_open = slow.is_near_a_line(counts) or len(levels) > 1
        for reading in slow.READINGS:
            for level in levels:
                for name, (low, high) in slow.items(counts, HEPARIN, exposed, reading, level).items():
                    about = (name, counts, exposed, reading, level, found[f"c{i}", name])
                    if is_open:
                        assert found[f"c{i}", name][0] <= low, about
                        assert high <= found[f"c{i}", name][1], about
                    elif (low, high) != found[f"c{i}", name]:
                        raise AssertionError(about)
        if not slow.is_near_a_line(counts) and any(t < HEPARIN for t, _ in counts):
            assert_same_episodes(results["platelet_episodes"].filter(pl.col("case_id") == f"c{i}"), counts)


def assert_same_episodes(rows: pl.DataFrame, counts: list[slow.Level]) -> None:
    expected = sorted(
        slow.episodes(counts, slow.READINGS["as printed"]), key=lambda e: (counts[e.below - 1][0], counts[e.below][0])
    )
    scored = {fall.onset for fall in slow.scored(counts, HEPARIN, slow.READINGS["as printed"])}
    assert rows.height == len(expected), (rows, counts)
    for row, episode in zip(rows.sort("episode").to_dicts(), expected, strict=True):
        nadir = min(counts[k][1] for k in episode.members)
        onset = (counts[episode.below - 1][0], counts[episode.below][0])
        assert (row["peak"], row["nadir"]) == (counts[episode.peak][1], nadir), (row, counts)
        assert (row["onset_earliest_min"], row["onset_latest_min"]) == onset, (row, counts)
        assert row["recovered"] == ("no" if episode.recovery is None else "yes"), (row, counts)
        if episode.recovery is not None:
            assert row["recovery_latest_min"] == counts[episode.recovery][0], (row, counts)
        assert (row["scored"] != "no") == (onset in scored), (row, counts)


Spans = list[tuple[tuple[int, int], tuple[float, float]]]


@st.composite
def spans(draw: st.DrawFn) -> tuple[Spans, tuple[bool, bool]]:
    """Counts whose times and values are spans."""
    found = []
    for _ in range(draw(st.integers(2, 7))):
        start, low = draw(minutes), draw(heights)
        found.append(((start, start + draw(st.sampled_from([0, 0, 0, 360, DAY, 3 * DAY]))),
                      (low, low + draw(st.sampled_from([0.0, 0.0, 0.0, 14.0, 70.0])))))  # fmt: skip
    return found, draw(exposures)


def spelled(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g}..{high:g}"


def test_bounds_hold_every_true_course() -> None:
    some: list[Any] = examples(spans(), CASES)
    random = Random(1)
    corpus = together(
        *(tables(f"c{i}", [f"P{n} | {spelled(*t)} | {spelled(*v)}" for n, (t, v) in enumerate(found)], exposed)
          for i, (found, exposed) in enumerate(some))
    )  # fmt: skip
    found_points = points(measured(corpus, *FILES))
    for i, (found, exposed) in enumerate(some):
        for _ in range(10):
            true = sorted((random.randint(*t), random.uniform(*v)) for t, v in found)
            if len({t for t, _ in true} | {HEPARIN}) <= len(true):
                continue  # no order
            reading = random.choice(sorted(slow.READINGS))
            for name, (low, high) in slow.items(true, HEPARIN, exposed, reading).items():
                about = (name, true, found, exposed, reading, found_points[f"c{i}", name])
                assert found_points[f"c{i}", name][0] <= low, about
                assert high <= found_points[f"c{i}", name][1], about
