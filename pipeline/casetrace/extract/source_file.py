"""`source.yaml` of a case folder (or its sheet): what the source is, and how its times are to be read."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casetrace.core.errors import CellError, Problem
from casetrace.extract.source_keys import FILE, read_keys
from casetrace.schemas.canonical import CASE_STATUS, READ
from casetrace.values import instants
from casetrace.values.instants import Observed
from casetrace.values.suggestions import near_word
from casetrace.values.timeline import Clock, Place
from casetrace.values.times import DAY_MIN, Day, Interval, Point, TimeExpr, parse_time

#: The keys that every case needs, and what they may hold, for messages.
REQUIRED: Mapping[str, str] = {
    "case_id": "the name of the folder",
    "title": "the case in your own words",
    "citation": "what is known of the article, at least one of journal, year, doi, pmid, pmcid, url",
    "licence": "the licence of the article, or what is known of it",
    "curators": "the names of those who type the case",
    "status": ", ".join(CASE_STATUS),
    "read": ", ".join(READ),
    "time_zero": "the keys meaning and day_zero_starts",
    "observed": "the first and the last day that the source covers: D0/D25",
}
OPTIONAL = ("fictional", "clocks", "patient_label", "same_patient_as", "source_text")
CITATION = ("authors", "title", "journal", "year", "volume", "issue", "pages", "doi", "pmid", "pmcid", "url")
DAY_ZERO = ("midnight", "hour_zero")
FICTIONAL = ("true", "false")
#: Stands for a span that cannot be read, so that no time of the case is refused for lying outside it.
_ANY_TIME = Observed(-10_000 * DAY_MIN, 10_000 * DAY_MIN)


@dataclass(frozen=True)
class Source:
    """A checked `source.yaml`."""

    case_id: str
    title: str
    citation: Mapping[str, str]
    authors: list[str]
    year: int | None
    licence: str
    curators: list[str]
    status: str
    read: str
    is_fictional: bool
    time_zero: str
    day_zero_starts: str
    observed: Observed
    clocks: Mapping[str, Clock]
    patient_label: str | None
    same_patient_as: list[str]
    source_text_sha256: str | None


def read_source(folder: Path) -> tuple[Source | None, list[Problem]]:
    """The source of a case folder, and everything that is wrong with it.

    With errors the source is provisional: good enough to check the rest of the case and tell all faults at once. It
    is None when it cannot be read at all.
    """
    keys = read_keys(folder)
    if keys.values is None:
        return None, keys.problems
    reader = _Reader(keys.values, keys.row)
    source = reader.source(folder.name)
    return source, keys.problems + reader.problems


class _Reader:
    """Reads key by key and collects what is wrong."""

    def __init__(self, keys: Mapping[str, Any], row: Callable[[str], int | None]) -> None:
        self.keys = keys
        self.row = row
        self.problems: list[Problem] = []

    def problem(self, key: str, what: str, allowed: str = "") -> None:
        self.problems.append(Problem(FILE, self.row(key), key, what, allowed))

    def absent(self, key: str, is_there: bool, allowed: str) -> None:
        self.problem(key, "the key has no value" if is_there else "the key is missing", allowed)

    def source(self, folder_name: str) -> Source:
        self._known(self.keys, (*REQUIRED, *OPTIONAL), "")
        for key, allowed in REQUIRED.items():
            value = self.keys.get(key)
            if not value or (key == "citation" and isinstance(value, dict) and not any(value.values())):
                self.absent(key, key in self.keys, allowed)
        citation = self._part("citation", CITATION)
        time_zero = self._part("time_zero", ("meaning", "day_zero_starts"))
        text = self._part("source_text", ("sha256",))
        return Source(
            case_id=self._case_id(folder_name),
            title=self._text("title"),
            citation={key: str(value) for key, value in citation.items() if key != "authors" and value},
            authors=self._names("citation.authors", citation.get("authors")),
            year=self._year(citation.get("year")),
            licence=self._text("licence"),
            curators=self._names("curators", self.keys.get("curators")),
            status=self._choice("status", self.keys.get("status"), CASE_STATUS),
            read=self._choice("read", self.keys.get("read"), READ),
            is_fictional=self._choice("fictional", self.keys.get("fictional"), FICTIONAL) == "true",
            time_zero=str(time_zero.get("meaning") or self._missing("time_zero.meaning", time_zero)),
            day_zero_starts=self._day_zero_starts(time_zero),
            observed=self._observed(),
            clocks=self._clocks(),
            patient_label=self._text("patient_label") or None,
            same_patient_as=self._names("same_patient_as", self.keys.get("same_patient_as")),
            source_text_sha256=self._sha256(text.get("sha256")),
        )

    def _known(self, keys: Mapping[str, Any], known: tuple[str, ...], under: str) -> None:
        for key in keys:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1, cutoff=0.7)
                self.problem(under + key, "no such key", f"did you mean '{near[0]}'?" if near else ", ".join(known))

    def _part(self, key: str, known: tuple[str, ...]) -> Mapping[str, Any]:
        part = self.keys.get(key)
        if not part:
            return {}
        if not isinstance(part, dict):
            self.problem(key, "the key holds no further keys", ", ".join(known))
            return {}
        self._known(part, known, f"{key}.")
        return part

    def _text(self, key: str) -> str:
        value = self.keys.get(key) or ""
        if not isinstance(value, str):
            self.problem(key, "the key holds more than one text", "one text")
            return ""
        return value

    def _missing(self, key: str, part: Mapping[str, Any]) -> str:
        if part:
            self.absent(key, "meaning" in part, "what time zero is, in words")
        return ""

    def _day_zero_starts(self, time_zero: Mapping[str, Any]) -> str:
        if time_zero and not time_zero.get("day_zero_starts"):
            self.absent("time_zero.day_zero_starts", "day_zero_starts" in time_zero, ", ".join(DAY_ZERO))
        return self._choice("time_zero.day_zero_starts", time_zero.get("day_zero_starts"), DAY_ZERO)

    def _case_id(self, folder_name: str) -> str:
        case_id = self._text("case_id")
        if case_id and case_id != folder_name:
            self.problem("case_id", f"'{case_id}' is not the name of the folder", folder_name)
        elif case_id and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", case_id):
            self.problem("case_id", f"'{case_id}' is no case id", "lower case letters, digits and hyphens")
        return case_id

    def _choice(self, key: str, value: Any, allowed: list[str] | tuple[str, ...]) -> str:
        if value and value not in allowed:
            near = near_word(str(value), allowed)
            self.problem(key, f"'{value}' is not a choice", f"did you mean '{near}'?" if near else ", ".join(allowed))
        return str(value)

    def _names(self, key: str, value: Any) -> list[str]:
        """A list of names, or of mappings with a name."""
        if not value:
            return []
        if not isinstance(value, list):
            self.problem(key, "the key is not a list", "[A Name, B Name]")
            return []
        names = [entry.get("name", "") if isinstance(entry, dict) else entry for entry in value]
        if not all(isinstance(name, str) and name for name in names):
            self.problem(key, "an entry has no name", "[A B, C D] or [{name: A B, orcid: ...}]")
            return []
        return names

    def _year(self, value: Any) -> int | None:
        if not value:
            return None
        if not re.fullmatch(r"(18|19|20)[0-9]{2}", str(value)):
            self.problem("citation.year", f"'{value}' is not a year", "2019")
            return None
        return int(value)

    def _sha256(self, value: Any) -> str | None:
        if value and not re.fullmatch(r"[0-9a-f]{64}", str(value)):
            self.problem("source_text.sha256", "this is not a SHA-256 hash", "64 characters 0-9 and a-f")
        return value or None

    def _time(self, key: str, text: Any) -> TimeExpr | None:
        try:
            return parse_time(str(text))
        except CellError as error:
            self.problem(key, error.what, error.allowed)
            return None

    def _observed(self) -> Observed:
        if not (text := self._text("observed")):
            return _ANY_TIME
        try:
            expression = parse_time(text)
        except CellError as error:
            self.problem("observed", error.what, REQUIRED["observed"])
            return _ANY_TIME
        sides = [expression.start, expression.end] if isinstance(expression, Interval) else []
        days = [side.base for side in sides if isinstance(side, Point) and isinstance(side.base, Day)]
        if len(days) != 2:
            self.problem("observed", f"'{text}' is not a span of study days", "D0/D25")
            return _ANY_TIME
        start, end = (instants.at_day(day.number, day.minute) for day in days)
        if start.earliest > end.latest:
            self.problem("observed", f"'{text}' ends before it starts", "D0/D25")
            return _ANY_TIME
        return Observed(start.earliest, end.latest)

    def _clocks(self) -> dict[str, Clock]:
        clocks = self.keys.get("clocks") or {}
        if not isinstance(clocks, dict):
            self.problem("clocks", "the key holds no clocks", 'POD: {0: "@SURGERY"}')
            return {}
        found = {name: self._clock(name, counts) for name, counts in clocks.items()}
        return {name: clock for name, clock in found.items() if clock is not None}

    def _clock(self, name: str, counts: Any) -> Clock | None:
        key = f"clocks.{name}"
        if not re.fullmatch(r"[A-Z][A-Za-z_]*", name) or name == "D":
            self.problem(key, f"'{name}' cannot name a clock", "a capital letter, then letters (POD, HD); not D")
            return None
        if not isinstance(counts, dict) or len(counts) != 1 or not re.fullmatch(r"-?[0-9]+", next(iter(counts))):
            self.problem(key, "a clock is given by the instant of one of its numbers", 'POD: {0: "@SURGERY"}')
            return None
        ((number, text),) = counts.items()
        expression = self._time(key, text)
        return None if expression is None else Clock(int(number), expression, Place(FILE, self.row(key), key))
