"""How much wider the bounds are than the true range, by kind of uncertainty.

For each kind, random courses are measured; a brute force places every uncertain time and amount on a grid (ends of the
span included) and gives the true range of the total and of the fullest 24 hours. A bound inside the true range would be
a wrong number and is counted as a violation.
"""

from collections.abc import Callable
from itertools import product
from random import Random

import polars as pl

from tests.metrics.slow_doses import Course, Given, Typed, fullest_24h, total
from tests.spec import case, measured, together

CASES = 300
STEPS = 7
MOST_PLACEMENTS = 600
Builder = Callable[[Random], Course]


def sure(random: Random, n: int = 2) -> list[Typed]:
    """Certain doses, so that the uncertain one stands in a course."""
    rows = []
    for i in range(random.randint(0, n)):
        amount, start = 100 * random.randint(1, 40), 30 * random.randint(0, 150)
        if random.random() < 0.5:
            rows.append(Typed(f"S{i}", "bolus", (amount, amount), (start, start)))
        else:
            end = start + 30 * random.randint(1, 60)
            rows.append(Typed(f"S{i}", "infusion", (amount, amount), (start, start), (end, end)))
    return rows


def span(random: Random) -> tuple[int, int]:
    start = 30 * random.randint(0, 100)
    return start, start + random.choice([60, 240, 720, 1439, 2000])


def bolus(random: Random) -> Course:
    amount = 100 * random.randint(1, 60)
    return Course([*sure(random), Typed("X", "bolus", (amount, amount), span(random))])


def rate_end(random: Random) -> Course:
    end = span(random)
    start = end[0] - 30 * random.randint(1, 60)
    return Course([*sure(random), Typed("X", "infusion", (500, 500), (start, start), end)])


def rate_start_and_end(random: Random) -> Course:
    start = span(random)
    end = (start[1] + 60, start[1] + 60 + random.choice([60, 600, 1500]))
    return Course([*sure(random), Typed("X", "infusion", (500, 500), start, end)])


def shared_boundary(random: Random) -> Course:
    boundary = span(random)
    first, last = boundary[0] - 30 * random.randint(1, 40), boundary[1] + 30 * random.randint(1, 40)
    rates = [100 * random.randint(1, 20) for _ in range(2)]
    one = Typed("X", "infusion", (rates[0], rates[0]), (first, first), boundary)
    two = Typed("Y", "infusion", (rates[1], rates[1]), boundary, (last, last), follows="X")
    return Course([*sure(random), one, two])


def known_length(random: Random) -> Course:
    length = 30 * random.randint(2, 80)
    return Course([*sure(random), Typed("X", "infusion", (500, 500), span(random), length=length)])


def amount_range(random: Random) -> Course:
    low = 100 * random.randint(1, 40)
    start = 30 * random.randint(0, 100)
    return Course([*sure(random), Typed("X", "bolus", (low, low + 100 * random.randint(1, 20)), (start, start))])


def two_boluses(random: Random) -> Course:
    rows = [Typed(f"X{i}", "bolus", (1000, 1000), span(random)) for i in range(2)]
    return Course([*sure(random, 1), *rows])


KINDS: dict[str, Builder] = {
    "bolus at an uncertain time": bolus,
    "two boluses at uncertain times": two_boluses,
    "rate with an uncertain end": rate_end,
    "rate with an uncertain start and end": rate_start_and_end,
    "two rates that share an uncertain boundary": shared_boundary,
    "known length at an uncertain time": known_length,
    "amount printed as a range": amount_range,
}


def placements(course: Course, random: Random) -> list[list[Given]]:
    """True courses with every uncertain time and amount on a grid."""
    grids = []
    for row in course.rows:
        spans = [row.start if not row.follows else (0, 0), row.end or (0, 0)]
        grids.append([_grid(row.amount), *(_grid(s) for s in spans)])
    axes = [axis for grid in grids for axis in grid]
    every = list(product(*axes)) if _size(axes) <= MOST_PLACEMENTS * 20 else []
    chosen = every or [tuple(random.choice(axis) for axis in axes) for _ in range(MOST_PLACEMENTS)]
    if len(chosen) > MOST_PLACEMENTS:
        chosen = random.sample(chosen, MOST_PLACEMENTS)
    corners = list(product(*({axis[0], axis[-1]} for axis in axes)))
    return [_placed(course, point) for point in [*corners, *chosen]]


def _size(axes: list[list[int]]) -> int:
    size = 1
    for axis in axes:
        size *= len(axis)
    return size


def _grid(bounds: tuple[int, int]) -> list[int]:
    low, high = bounds
    return [low] if low == high else sorted({low + (high - low) * i // (STEPS - 1) for i in range(STEPS)})


def _placed(course: Course, point: tuple[int, ...]) -> list[Given]:
    fixed = []
    for i, row in enumerate(course.rows):
        amount, start, end = point[3 * i : 3 * i + 3]
        typed = Typed(
            row.id, row.kind, (amount, amount), (start, start), row.end and (end, end), row.length, row.follows
        )
        fixed.append(typed)
    return Course(fixed).best() or []


def measure_kind(build: Builder, seed: int) -> dict[str, object]:
    """Widths of the bounds against the brute force, for one kind."""
    random = Random(seed)
    courses = [build(random) for _ in range(CASES)]
    tables = together(*(case(f"c{i}", doses=course.text()) for i, course in enumerate(courses)))
    metrics = measured(tables, "heparin_totals", "heparin_window")["metrics"]
    found = {(r["case_id"], r["metric"]): r for r in metrics.iter_rows(named=True)}
    ratios: dict[str, list[float]] = {"iv_ufh_total": [], "iv_ufh_max_24h": []}
    certain = dict.fromkeys(ratios, 0)
    violations = 0
    for i, course in enumerate(courses):
        true = [doses for doses in placements(course, random) if doses]
        for metric, function in (("iv_ufh_total", total), ("iv_ufh_max_24h", fullest_24h)):
            values = [float(function(doses)) for doses in true]
            row = found[f"c{i}", metric]
            violations += row["low"] > min(values) + 1e-6 or row["high"] < max(values) - 1e-6
            if max(values) > min(values):
                ratios[metric].append((row["high"] - row["low"]) / (max(values) - min(values)))
            elif row["high"] - row["low"] > 1e-6:
                certain[metric] += 1
    out: dict[str, object] = {"cases": CASES, "violations": violations}
    for metric, name in (("iv_ufh_total", "total"), ("iv_ufh_max_24h", "fullest 24 h")):
        series = pl.Series(ratios[metric] or [1.0])
        out |= {
            f"{name}: median": round(series.median(), 3),  # type: ignore[arg-type]
            f"{name}: 95 %": round(series.quantile(0.95), 2),  # type: ignore[arg-type]
            f"{name}: certain, yet bounded": certain[metric],
        }
    return out


def main() -> None:
    """Print one line per kind of uncertainty."""
    rows = [{"uncertainty": name} | measure_kind(build, seed) for seed, (name, build) in enumerate(KINDS.items())]
    print("Width of the bounds over the width of the true range (1 = as tight as possible)")
    with pl.Config(tbl_rows=50, tbl_cols=20, tbl_width_chars=200, fmt_str_lengths=60, tbl_hide_dataframe_shape=True):
        print(pl.DataFrame(rows))
