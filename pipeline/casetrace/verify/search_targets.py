"""What each row of a case states that must stand in the source: numbers, reference ranges, clock times and days."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import polars as pl

from casetrace.verify import search_times
from casetrace.verify.search_times import Stated
from casetrace.vocabulary import Vocabulary

#: Row id or name -> kind of name, and term.
Subjects = dict[str, tuple[str, str]]
Kind = Literal["number", "pair", "clock", "day", "distance", "derived", "none"]

_NUMBER = re.compile(r"(?P<sign><=|>=|<|>|~)?\s*(?P<low>[+-]?\d+(?:\.\d+)?)(?:\s*\.\.\s*(?P<high>[+-]?\d+(?:\.\d+)?))?")
#: Claims whose value follows from other rows and need not be printed as a number.
_FOLLOWING = {"change", "fall_pct", "rise_pct", "ratio", "mean", "bmi"}
_SCORE_TERMS = {"score_item", "score_sum", "score_total"}
_WITHOUT_NUMBER = {"agrees", "other"}


@dataclass(frozen=True)
class SearchTarget:
    """One thing that a row states. ``parts`` are the raw column, or the column and which part of it.

    ``units`` are the UCUM codes that may stand behind the number (None: any). ``term`` is the vocabulary term whose
    name goes with the number, of kind ``names``. ``optional``: nothing is wrong when it is not printed.
    """

    raw_file: str
    raw_row: int
    row_id: str
    evidence: str | None
    parts: tuple[str, ...]
    typed: str
    kind: Kind
    numbers: tuple[Decimal, ...] = ()
    units: frozenset[str] | None = None
    names: str = ""
    term: str = ""
    sign: str = ""
    clock: int | None = None
    day: int | None = None
    optional: bool = False
    note: str = ""

    @property
    def column(self) -> str:
        """The (first) column of the raw file."""
        return column_of(self.parts[0])

    def typed_in(self, part: str) -> str:
        """What the column of one part holds; the two ends of a reference range are typed in two columns."""
        return self.typed.split("..")[self.parts.index(part)] if part.startswith("ref_") else self.typed


def column_of(part: str) -> str:
    """The column of the raw file that a part belongs to (``when`` for ``when.clock``)."""
    return part.partition(".")[0]


def sought(tables: Mapping[str, pl.DataFrame], vocabulary: Vocabulary) -> list[SearchTarget]:
    """Everything to look for, in the order of the tables and their rows.

    Args:
        tables: The canonical tables of one case.
        vocabulary: For the unit that an analyte has when the row has none.
    """
    found: list[SearchTarget] = []
    subjects = _subjects(tables, vocabulary)
    for name in ("patient", "targets", "labs", "doses", "events", "findings", "reported_scores", "claims"):
        frame = tables[name].unique(["raw_file", "row_id"], keep="first", maintain_order=True)
        for row in frame.sort("raw_row").iter_rows(named=True):
            stated = list(_times(row))
            found += _value(name, row, vocabulary, stated, subjects)
            found += [_timed(row, s) for s in stated]
    return found


def _base(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("raw_file", "raw_row", "row_id", "evidence")}


def _times(row: Mapping[str, Any]) -> Iterator[Stated]:
    for column in ("when", "start", "end"):
        typed = row.get(f"{column}_reported")
        if typed:
            yield from search_times.stated(column, typed)


def _timed(row: Mapping[str, Any], stated: Stated) -> SearchTarget:
    return SearchTarget(
        **_base(row), parts=(stated.part,), typed=stated.typed, kind=stated.kind, numbers=(Decimal(stated.number),),
        units=frozenset({stated.unit}) if stated.unit else None, optional=stated.optional, note=stated.note,
    )  # fmt: skip


def _value(
    table: str, row: Mapping[str, Any], vocabulary: Vocabulary, stated: list[Stated], subjects: Subjects
) -> Iterator[SearchTarget]:
    columns = {"doses": "amount", "reported_scores": "points", "events": "", "findings": ""}
    column = columns.get(table, "value")
    if not column:
        return
    names, term = _term(table, row, subjects)
    context = _base(row) | {
        "units": _units(table, row, vocabulary), "names": names, "term": term,
        "clock": search_times.exact(stated, "clock"), "day": search_times.exact(stated, "day"),
    }  # fmt: skip
    yield _number(table, column, row, context)
    low, high = row.get("ref_low_reported"), row.get("ref_high_reported")
    typed = {"ref_low": low, "ref_high": high}
    given = {part: text for part, text in typed.items() if text}
    if given:
        yield SearchTarget(
            **context | {"clock": None, "day": None}, parts=tuple(given), typed="..".join(given.values()),
            kind="pair" if len(given) == 2 else "number", numbers=tuple(map(Decimal, given.values())),
            sign="" if len(given) == 2 else {"ref_low": ">=", "ref_high": "<="}[next(iter(given))],
        )  # fmt: skip


def _number(table: str, column: str, row: Mapping[str, Any], context: dict[str, Any]) -> SearchTarget:
    typed = row[f"{column}_reported"] or ""
    match = _NUMBER.fullmatch(typed.strip())
    if not match or (row.get("compute") in _WITHOUT_NUMBER and not row["unit_reported"]):
        return SearchTarget(**context, parts=(column,), typed=typed, kind="none", note=_why_none(typed, row))
    if row.get("compute") == "score_sum":
        return SearchTarget(
            **context, parts=(column,), typed=typed, kind="derived", note="the sum of the printed points"
        )
    follows = table == "claims" and _need_not_be_printed(row)
    note = "the value need not be printed: it follows from other rows or states a bound in words" if follows else ""
    if match["high"]:
        return SearchTarget(
            **context, parts=(f"{column}.low", f"{column}.high"), typed=typed, kind="pair",
            numbers=(Decimal(match["low"]), Decimal(match["high"])), optional=follows, note=note,
        )  # fmt: skip
    sign = match["sign"] or _comparator(row)
    return SearchTarget(
        **context, parts=(column,), typed=typed, kind="number", numbers=(Decimal(match["low"]),), sign=sign,
        optional=follows, note=note,
    )  # fmt: skip


def _comparator(row: Mapping[str, Any]) -> str:
    """The sign of a claim's value; a plain "=" is none."""
    comparator: str = row.get("comparator") or ""
    return "" if comparator == "=" else comparator


def _need_not_be_printed(row: Mapping[str, Any]) -> bool:
    if row["by"] == "curator":
        return True
    return row["compute"] in _FOLLOWING or row["comparator"] in ("<", "<=", ">=")


def _why_none(typed: str, row: Mapping[str, Any]) -> str:
    if not typed:
        return "no number is typed"
    return "a yes-or-no statement" if row.get("compute") in _WITHOUT_NUMBER else "a word"


def _subjects(tables: Mapping[str, pl.DataFrame], vocabulary: Vocabulary) -> Subjects:
    """What a claim may be about: the id of a laboratory or dose row, or the name of an analyte or drug."""
    found: Subjects = {name: ("analytes", name) for name in vocabulary.analytes.printed()}
    found |= {name: ("drugs", name) for name in vocabulary.drugs.printed() if name not in found}
    for table, kind, column in (("labs", "analytes", "analyte"), ("doses", "drugs", "drug")):
        found |= {row_id: (kind, term) for row_id, term in tables[table].select("row_id", column).iter_rows()}
    return found


def _term(table: str, row: Mapping[str, Any], subjects: Subjects) -> tuple[str, str]:
    """Which kind of name goes with the number, and the term."""
    if table in ("labs", "targets"):
        return "analytes", row["analyte"]
    if table == "doses":
        return "drugs", row["drug"]
    if table == "patient":
        return "patient_items", row["item"]
    if table == "reported_scores":
        return "score_items", row["item"]
    if row["compute"] in _SCORE_TERMS and row["of"]:
        return "score_items", row["of_part"] if row["compute"] == "score_item" and row["of_part"] else "total"
    return subjects.get(row["of_name"] or next(iter(row["of_rows"]), ""), ("", ""))


def _units(table: str, row: Mapping[str, Any], vocabulary: Vocabulary) -> frozenset[str] | None:
    """The units that may stand behind the number, as typed; None when any may."""
    typed = row.get("unit_reported")
    if table == "reported_scores":
        return frozenset({"points"})
    if typed:
        return frozenset({typed})
    if table in ("claims", "patient"):
        return frozenset()
    quantity = vocabulary.analytes.find(row.get("analyte") or "")
    if quantity is None or not quantity.unit_may_be_left_out:
        return None
    return frozenset(unit for unit in (quantity.unit, *quantity.conversions) if unit)
