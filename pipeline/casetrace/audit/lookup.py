"""The values, spans and metrics that a claim names."""

from itertools import pairwise
from typing import Any, Literal

from casetrace.audit.bounds import Given, Missing, Outcome, extreme
from casetrace.audit.case_rows import CaseRows, Instant
from casetrace.core.errors import CellError
from casetrace.values.instants import at_day
from casetrace.values.times import Day, parse_point
from casetrace.vocabulary import Vocabulary

Claim = dict[str, Any]
MINUTES_PER_DAY = 1440


def analyte_code(vocabulary: Vocabulary, name: str) -> str:
    """The vocabulary's code of an analyte; a name of the case's own stays as it is."""
    term = vocabulary.analytes.find(name)
    return term.name if term else name


def drug_code(vocabulary: Vocabulary, name: str) -> str:
    """The vocabulary's name of a drug; a name of the case's own stays as it is."""
    term = vocabulary.drugs.find(name)
    return term.name if term else name


def value_of(case: CaseRows, name: str, vocabulary: Vocabulary) -> Given | Missing:
    """The value of a row, or of an analyte or patient item that has just one result; of a dose, its amount or rate."""
    found = case.find(name)
    if found is not None:
        table, row = found
        if table == "doses":
            return dose_value(row)
        if table not in ("labs", "patient"):
            return Missing(f"row {row['row_id']} has no value", (row["row_id"],))
        rows = [row]
    else:
        code = analyte_code(vocabulary, name)
        rows = [r for r in case.rows("labs") if r["analyte"] == code]
        rows += [r for r in case.rows("patient") if r["item"] == name]
    if len(rows) != 1:
        ids = tuple(r["row_id"] for r in rows)
        return Missing(f"no result of {name}" if not rows else f"{len(rows)} results of {name}: name one row", ids)
    given = case.level(rows[0])
    if given.low is None and given.high is None:
        return Missing("no number is printed", given.row_ids)
    return given


def dose_value(row: dict[str, Any], *, per_kg: bool | None = None) -> Given | Missing:
    """The printed amount or rate of a dose row. A rate printed as the highest (or lowest) is that number.

    Args:
        row: A dose row.
        per_kg: Which of both; None for the amount itself, or per kg where no weight makes an amount of it.
    """
    is_per_kg = row["amount_status"] == "needs_weight" if per_kg is None else per_kg
    prefix = "amount_per_kg" if is_per_kg else "amount"
    best, low, high = (None if row[n] is None else float(row[n]) for n in (prefix, f"{prefix}_low", f"{prefix}_high"))
    if row["stat"] in ("max", "min"):
        low = best = high = high if row["stat"] == "max" else low
    if best is None and low is None and high is None:
        return Missing("the amount, or the weight that it needs, is not printed", (row["row_id"],))
    weight = tuple(row["weight_row_ids"] or ()) if is_per_kg else ()
    return Given(best, low, high, row["unit_per_kg" if is_per_kg else "unit"], (row["row_id"], *weight))


def pair(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> tuple[Given, Given] | Missing:
    """The earlier and the later value of a claim about a change."""
    earlier, later = (value_of(case, claim[side] or "", vocabulary) for side in ("since", "until"))
    for side in (earlier, later):
        if isinstance(side, Missing):
            return side
    assert isinstance(earlier, Given)
    assert isinstance(later, Given)
    return earlier, later


def labs_of_claim(case: CaseRows, claim: Claim, vocabulary: Vocabulary) -> tuple[list[dict[str, Any]], ...]:
    """Results of the claim's analyte: surely within its span, and possibly within it."""
    return case.labs_of(analyte_code(vocabulary, claim["of"]), *span_of(case, claim))


def extreme_of(case: CaseRows, claim: Claim, vocabulary: Vocabulary, pick: Literal["max", "min"]) -> Given | Missing:
    """Lowest or highest result of the claim's analyte within its span."""
    sure, possible = labs_of_claim(case, claim, vocabulary)
    if not sure:
        return Missing(f"no result of {claim['of']} surely in the span", tuple(r["row_id"] for r in possible))
    return extreme([case.level(r) for r in sure], [case.level(r) for r in possible], pick, sure[0]["unit"])


def metric(case: CaseRows, name: str, stratum: str, how: str) -> Outcome:
    """One number of the long result table."""
    row = case.metric(name, stratum)
    if row is None:
        return Missing(f"no metric {name}{'.' + stratum if stratum else ''} for this case")
    if row["low"] is None and row["high"] is None:
        return Missing(row["reason"] or "the metric has no value", tuple(row["row_ids"]))
    return Given(row["value"], row["low"], row["high"], row["unit"], tuple(row["row_ids"]), how)


def span_of(case: CaseRows, claim: Claim) -> tuple[Instant | None, Instant | None]:
    """Start and end of a claim's span; None where the claim names none."""
    return _instant_of(case, claim["since"], is_start=True), _instant_of(case, claim["until"], is_start=False)


def _instant_of(case: CaseRows, token: str | None, *, is_start: bool) -> Instant | None:
    if not token:
        return None
    row_id = token.removeprefix("@")
    if row_id.removesuffix(".end") in case.by_id:
        return case.instant(row_id.removesuffix(".end"), end=row_id.endswith(".end"))
    return _typed(token, is_start=is_start)


def _typed(token: str, *, is_start: bool) -> Instant:
    """A plain study day or minute typed in a claim; any other form is unknown here.

    A day at the start of a span means from its first minute, at the end of a span to its last.
    """
    try:
        point = parse_point(token)
    except CellError:
        return Instant(None, None, None)
    if not isinstance(point.base, Day) or point.distance is not None or point.approximate:
        return Instant(None, None, None)
    at = at_day(point.base.number, point.base.minute)
    edge = at.earliest if is_start else at.latest
    return Instant(edge, edge, edge)


def within(dose: dict[str, Any], since: Instant | None, until: Instant | None) -> bool | None:
    """Whether a dose starts within a span: True, False, or None when the times leave it open."""
    earliest, latest = dose["start_earliest_min"], dose["start_latest_min"]
    if earliest is None or latest is None:
        return None
    is_open = False
    for bound, is_start in ((since, True), (until, False)):
        if bound is None:
            continue
        if bound.earliest is None or bound.latest is None:
            is_open = True
        elif is_start:
            if latest < bound.earliest:
                return False
            is_open = is_open or earliest < bound.latest
        else:
            if earliest > bound.latest:
                return False
            is_open = is_open or latest > bound.earliest
    return None if is_open else True


def rests_on(case: CaseRows, instant: Instant, row_id: str) -> bool:
    """Whether an instant was typed as a distance from another row (directly, or through other rows)."""
    seen: set[str] = set()
    anchor = instant.anchor
    while anchor is not None and anchor not in seen:
        seen.add(anchor)
        name = anchor.removesuffix(".end")
        if name == row_id:
            return True
        anchor = case.instant(name, end=anchor.endswith(".end")).anchor if name in case.by_id else None
    return False


def minutes_between(first: Instant, last: Instant, rows: tuple[str, ...]) -> Given:
    """Minutes from the first to the last instant; exact where both rest on one anchor."""
    if first.anchor and first.anchor == last.anchor and first.offset_min is not None and last.offset_min is not None:
        exact = float(last.offset_min - first.offset_min)
        return Given(exact, exact, exact, "min", rows)
    assert first.earliest is not None
    assert first.latest is not None
    assert last.earliest is not None
    assert last.latest is not None
    best = None if first.best is None or last.best is None else float(last.best - first.best)
    return Given(best, float(last.earliest - first.latest), float(last.latest - first.earliest), "min", rows)


def days_between(first: Instant, last: Instant, rows: tuple[str, ...]) -> Given:
    """Day numbers from the first to the last instant."""
    assert first.earliest is not None
    assert first.latest is not None
    assert last.earliest is not None
    assert last.latest is not None
    low = float(last.earliest // MINUTES_PER_DAY - first.latest // MINUTES_PER_DAY)
    high = float(last.latest // MINUTES_PER_DAY - first.earliest // MINUTES_PER_DAY)
    return Given(low if low == high else None, low, high, "d", rows)


def order_of(case: CaseRows, ids: tuple[str, ...]) -> str:
    """In words: whether the times of the rows order them."""
    instants = sorted((case.instant(i) for i in ids), key=lambda i: (i.earliest or 0, i.latest or 0))
    for earlier, later in pairwise(instants):
        if not (earlier.is_known and later.is_known) or earlier.latest >= later.earliest:  # type: ignore[operator]
            return "their times do not order them, so both can be true"
    return "they stand at different times, so both can be true"
