"""Made stays with one row in twenty made dirty: every total is exact or open with bounds that hold, in any order of rows."""

import random

import pytest

from tests.batches import SCALE
from tests.importers.kinds import SOURCES, Dose, imported

STAYS = 100 * SCALE
SHARE = 0.05


def clean_stay(rng):
    """Doses of one stay that do not overlap, and their total."""
    doses, at = [], 600
    for _ in range(rng.randrange(3, 9)):
        at += rng.randrange(5, 300)
        if rng.random() < 0.3:
            doses.append(Dose(at, None, str(rng.randrange(10, 60) * 100), "U"))
        else:
            length = rng.randrange(10, 700)
            doses.append(Dose(at, at + length, str(rng.randrange(30, 150) * 10)))
            at += length
    return doses, sum(float(d.number) * (1 if d.is_bolus else (d.until - d.at) / 60) for d in doses)


def changed(dose, **cells):
    return Dose(**({"at": dose.at, "until": dose.until, "number": dose.number, "unit": dose.unit} | cells))


def per(dose):
    return "" if dose.is_bolus else "/h"


#: What becomes of one row: the rows that stand in its place.
DIRT = {
    "kilo": lambda d: [changed(d, number=f"{float(d.number) / 1000:g}", unit="kU" + per(d))],
    "other name": lambda d: [changed(d, unit="IE" + per(d))],
    "volume": lambda d: [changed(d, unit="mL" + per(d))],
    "no unit": lambda d: [changed(d, unit="")] if d.is_bolus else [changed(d, unit="?/h")],
    "word": lambda d: [changed(d, number="ERROR")],
    "thousands": lambda d: [changed(d, number=f"{float(d.number):,.0f}" if float(d.number) >= 1000 else f"{d.number} U")],
    "negative": lambda d: [changed(d, number="-" + d.number)],
    "twice": lambda d: [d, d],
    "turned round": lambda d: [d] if d.is_bolus else [changed(d, at=d.until, until=d.at)],
    "no start": lambda d: [changed(d, at="soon")],
}  # fmt: skip


def made(seed):
    """Dirty rows by stay, the total of the clean rows, and the kinds of dirt in each."""
    rng = random.Random(seed)
    dirty, totals, met = {}, {}, {}
    for i in range(STAYS):
        doses, total = clean_stay(rng)
        name = f"p{i:04d}"
        kinds = [rng.choice(list(DIRT)) if rng.random() < SHARE else None for _ in doses]
        dirty[name] = [
            row for dose, kind in zip(doses, kinds, strict=True) for row in (DIRT[kind](dose) if kind else [dose])
        ]
        totals[name], met[name] = total, [kind for kind in kinds if kind]
    return dirty, totals, met


@pytest.mark.parametrize("source", [source for source in SOURCES if source != "clif"])
def test_no_total_is_wrong_and_no_order_of_rows_matters(source, tmp_path):
    dirty, totals, met = made(2026)
    _, results = imported(source, tmp_path / "as written", dirty)
    shuffled = {name: random.Random(1).sample(rows, len(rows)) for name, rows in sorted(dirty.items(), reverse=True)}
    _, others = imported(source, tmp_path / "shuffled", shuffled)
    n_open = 0
    for name, total in totals.items():
        row, other = results[name, "iv_ufh_total"], others[name, "iv_ufh_total"]
        numbers = [row[column] for column in ("value", "low", "high", "status")]
        assert numbers == [other[column] for column in ("value", "low", "high", "status")], (name, met[name])
        if row["value"] is None:
            n_open += 1
            assert met[name], name
        else:
            assert row["value"] == pytest.approx(total, rel=1e-9), (name, met[name])
        assert (row["low"] or 0) <= total * (1 + 1e-9), (name, met[name])
        assert row["high"] is None or row["high"] >= total * (1 - 1e-9), (name, met[name])
    assert 0 < n_open < STAYS / 2
