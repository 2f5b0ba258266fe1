"""Claims and checks of a case folder as canonical rows: references resolved, arguments held against their tests."""

import re
from typing import Any

from casetrace.core.errors import CellError
from casetrace.extract.case_reading import Case, Row
from casetrace.extract.case_times import CLAIM_FILES
from casetrace.extract.claim_subjects import LIKE_AN_ID, Subject, refuse, row_ids, sole_row, subject
from casetrace.extract.quantities import Printed, as_float, warn_european
from casetrace.schemas.canonical import COMPARATORS
from casetrace.schemas.claim_tests import CLAIM_TESTS, COMPUTE, ClaimTest
from casetrace.values.instants import Instant
from casetrace.values.printed_values import Value, parse_value
from casetrace.values.suggestions import near_word
from casetrace.values.timeline import Node, Part
from casetrace.values.times import DAY_MIN, ClockDay, Day, Point, Reference, parse_point

Record = dict[str, Any]

#: Whose statements a sheet holds.
BY = dict(zip(CLAIM_FILES, ("authors", "curator"), strict=True))
#: Words that a claim may hold a value against.
WORDS = ("target", "normal", "low", "high", "in target", "below target", "above target", "yes", "no")
_ARGUMENTS = ("of", "from", "to", "window", "per", "complete")
_RATES = ("h", "d", "kg")
_WHAT_IS_NEEDED = {"from": "the id of a row", "to": "the id of a row"}


def claim_rows(case: Case) -> list[Record]:
    """Rows of `claims`: the statements of claims.csv, then those of checks.csv."""
    return [_record(case, row, by) for file, by in BY.items() for row in case.rows.get(file, [])]


def _record(case: Case, row: Row, by: str) -> Record:
    claim = case.required(row, "claim")
    compute = case.choice(row, "compute", COMPUTE, required=True)
    test = CLAIM_TESTS[compute] if compute else None
    if compute and test:
        _check_arguments(case, row, compute, test)
    value = case.read(row, "value", lambda text: parse_value(text, case.approximate_pct, WORDS)) or Value("not_printed")
    if value.kind in ("one_sided", "approximate"):
        sign = re.match(r"<=|>=|<|>|~", (row.get("value") or "").strip())
        case.error(
            row,
            "value",
            f"'{row.get('value')}' has a sign",
            f"the number here, '{sign[0] if sign else '<'}' in comparator",
        )
    warn_european(case, row, Printed(row.get("value"), row.get("unit"), "value", "unit", None))
    named = subject(case, row, compute, test) if compute and test else Subject()
    return (
        case.common(row)
        | {
            "claim": claim, "by": by, "compute": compute,
            "of": row.get("of"), "of_kind": named.kind, "of_name": named.name, "of_part": named.part,
            "of_rows": list(named.rows),
            **_end(case, row, "from", "since", "start", test),
            **_end(case, row, "to", "until", "end", test),
            "window": case.read(row, "window", _window),
            "per": row.get("per"), "per_rows": _per(case, row, test),
            "comparator": case.choice(row, "comparator", COMPARATORS) or "=",
            "value_reported": row.get("value"), "unit_reported": row.get("unit"),
            "value_low": as_float(value.low), "value_high": as_float(value.high),
            "decimals": value.decimals if value.numbers else None,
            "gave_rows": row_ids(case, row, "gave"),
            "complete": case.choice(row, "complete", ("yes",)) == "yes",
        }
    )  # fmt: skip


def _check_arguments(case: Case, row: Row, compute: str, test: ClaimTest) -> None:
    """What the test cannot do without must be there, and what it does not read must not."""
    for column in test.needs:
        if row.get(column) is None:
            allowed = ", ".join(test.of) if column == "of" else _WHAT_IS_NEEDED[column]
            case.error(row, column, f"the cell is empty, and '{compute}' needs it", allowed)
    for column in _ARGUMENTS:
        if row.get(column) is not None and column not in test.takes:
            case.error(row, column, f"'{compute}' does not take '{column}'", ", ".join(test.takes))


def _window(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,3}(h|d)", text):
        raise CellError(f"'{text}' is not a length", "24h, 7d")
    return text


def _per(case: Case, row: Row, test: ClaimTest | None) -> list[str]:
    """The doses that `per` names; of a rate it is h, d or kg, which stays as typed."""
    text = row.get("per")
    if text is None or test is None or not test.per:
        return []
    if test.per.startswith("ids"):
        return row_ids(case, row, "per", files=("doses.csv",))
    for word in re.split(r"[\s,;/]+", text):
        if word not in _RATES:
            near = near_word(word, _RATES)
            case.error(
                row, "per", f"'{word}' is not a choice", f"did you mean '{near}'?" if near else ", ".join(_RATES)
            )
    return []


def _end(case: Case, row: Row, column: str, prefix: str, part: Part, test: ClaimTest | None) -> Record:
    """The resolved form of `from` or `to`: a row, or the instants of the span."""
    text = row.get(column)
    found: Record = {prefix: text, f"{prefix}_row": None, f"{prefix}_earliest_min": None, f"{prefix}_latest_min": None}
    if text is None or test is None or not test.ends:
        return found
    if test.ends == "values":
        return found | {f"{prefix}_row": sole_row(case, row, column)}
    row_id = text.removeprefix("@")
    if row_id.removesuffix(".end") in case.ids:
        at = case.instant(row_id.removesuffix(".end"), "end" if row_id.endswith(".end") else "start")
        return found | _minutes(prefix, at.earliest, at.latest) | {f"{prefix}_row": row_id}
    return found | _of_time(case, row, column, prefix, part, text)


def _of_time(case: Case, row: Row, column: str, prefix: str, part: Part, text: str) -> Record:
    """A time: a day at the start of a span means from its first minute, at the end of a span to its last."""
    try:
        point = parse_point(text)
    except CellError as error:
        if LIKE_AN_ID.fullmatch(text):
            refuse(
                case, row, column, text, case.ids, "no row of this case has the id '{}'", "the id of a row or a time"
            )
        else:
            case.error(row, column, f"'{text}' is neither a row nor a time", error.allowed)
        return {}
    if isinstance(point.base, ClockDay) and point.base.clock not in case.source.clocks:
        refuse(case, row, column, text, case.ids, "no row of this case has the id '{}'", "the id of a row or a time")
        return {}
    if isinstance(point.base, Reference) and point.base.row not in case.ids:
        return {}  # the timeline has said so
    at = case.instants.get(Node(row.id, part))
    if at is None:
        return {}
    earliest, latest = _edge(point, at, part)
    return _minutes(prefix, earliest, latest)


def _edge(point: Point, at: Instant, part: Part) -> tuple[int, int]:
    is_day = isinstance(point.base, Day | ClockDay) and point.base.minute is None
    is_day = is_day or (point.distance is not None and point.distance.unit == "d")
    if not is_day or point.approximate or at.latest - at.earliest < DAY_MIN - 1:
        return at.earliest, at.latest
    return (at.earliest, at.latest - DAY_MIN + 1) if part == "start" else (at.earliest + DAY_MIN - 1, at.latest)


def _minutes(prefix: str, earliest: int, latest: int) -> Record:
    return {f"{prefix}_earliest_min": earliest, f"{prefix}_latest_min": latest}
