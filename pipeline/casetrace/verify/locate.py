"""Choose the place of one stated thing, or list the places that fit equally and choose none."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from casetrace.verify import numerals
from casetrace.verify.candidates import Candidate, Reading
from casetrace.verify.mentions import Mention, going_with
from casetrace.verify.numerals import Span
from casetrace.verify.passages import Place
from casetrace.verify.search_targets import SearchTarget

Status = Literal["found", "ambiguous", "derived", "not_found", "no_number"]

_SIGNS = {
    "<": r"(?:<|less than|below|under|fewer than) ?$",
    "<=": r"(?:≤|<=|<|up to|at most|less than|below) ?$",
    ">": r"(?:>|more than|above|over|greater than) ?$",
    ">=": r"(?:≥|>=|>|at least|more than|above) ?$",
    "~": r"(?:~|≈|about|approximately|around|almost|nearly) ?$",
}
_SIGNS_AFTER = {">=": r"[^.,;()]{0,15} or (?:more|above|higher)", "<=": r"[^.,;()]{0,15} or (?:less|below|lower|fewer)"}


@dataclass(frozen=True)
class Located:
    """Where one stated thing stands. ``candidates`` are the kept places, or those that fit equally."""

    sought: SearchTarget
    status: Status
    candidates: tuple[Candidate, ...] = ()
    note: str = ""
    by: Literal["finder", "curator"] = "finder"


@dataclass
class _Fit:
    """What is left of one pool of candidates, and why it may not be chosen even when one is left."""

    left: list[Candidate]
    doubts: list[str] = field(default_factory=list)


def locate_value(s: SearchTarget, reading: Reading) -> Located:
    """The place of a number, a range or a printed distance.

    Each place that the row cites is searched for itself, its cited paragraphs first and then the whole section. The
    row is found when one place holds exactly one fit. A number that stands only outside the cited places is listed,
    not chosen; a reference range may stand beside another value of its analyte, and is looked for in the whole text.
    """
    everywhere = reading.candidates(s)
    cited = reading.places.find(s.evidence)
    if not cited:
        return _of_pool(s, _narrow(s, everywhere, reading), "the cited place is not recognised" if s.evidence else "")
    for pools, note in _pools(everywhere, cited):
        fits = {label: fit for label, pool in pools if (fit := _narrow(s, pool, reading)).left}
        if note and reading.paragraphs_agree and not s.column.startswith("ref_"):
            for fit in fits.values():
                fit.doubts.append(note)
        single = [fit.left[0] for fit in fits.values() if len(fit.left) == 1 and not fit.doubts]
        if single:
            more = [f"{len(fit.left)} more fit in {label}" for label, fit in fits.items() if len(fit.left) > 1]
            return Located(s, "found", _in_order(single), "; ".join(filter(None, [note, *more])))
        if fits:
            if all(fit.doubts for fit in fits.values()) and s.optional:
                break
            doubts = [doubt for fit in fits.values() for doubt in fit.doubts]
            return _of_pool(s, _Fit([c for fit in fits.values() for c in fit.left], doubts), "")
    return _outside(s, everywhere, reading)


def _pools(everywhere: list[Candidate], cited: list[Place]) -> Iterator[tuple[list[tuple[str, list[Candidate]]], str]]:
    """The candidates of each cited place: of the cited paragraphs first, then of the whole sections."""
    narrow = [(p.label, _within(everywhere, p.paragraph or (p.whole,))) for p in cited]
    yield narrow, ""
    wide = [(p.label, _within(everywhere, (p.whole,))) for p in cited if p.paragraph]
    yield wide, "in the cited section, in another paragraph as counted here"


def _outside(s: SearchTarget, everywhere: list[Candidate], reading: Reading) -> Located:
    """The number does not stand in any place that the row cites."""
    fit = _narrow(s, everywhere, reading)
    if s.column.startswith("ref_"):
        return _of_pool(s, fit, "printed outside the cited place, beside another value")
    if s.optional or not fit.left:
        return _of_pool(s, _Fit([]), "")
    fit.doubts.append("stands only outside the cited place")
    return _of_pool(s, fit, "")


def _of_pool(s: SearchTarget, fit: _Fit, note: str) -> Located:
    candidates = _in_order(fit.left)
    if not candidates:
        status: Status = "derived" if s.optional else "not_found"
        return Located(s, status, (), s.note if s.optional else "the number stands in no fitting place")
    if len(candidates) == 1 and not fit.doubts:
        return Located(s, "found", candidates, note)
    notes = [*fit.doubts, note, f"{len(candidates)} places fit" if len(candidates) > 1 else ""]
    return Located(s, "ambiguous", candidates, "; ".join(dict.fromkeys(n for n in notes if n)))


def _within(candidates: list[Candidate], spans: tuple[Span, ...]) -> list[Candidate]:
    return [c for c in candidates if any(c.lies_in(span) for span in spans)]


def _in_order(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    return tuple(sorted(set(candidates), key=lambda c: c.whole))


def _narrow(s: SearchTarget, pool: list[Candidate], reading: Reading) -> _Fit:
    """Keep what fits best; each test is used only while something passes it, and a name that belies it is a doubt."""
    text = reading.source.text
    fit = _Fit(pool)
    whole = [c for c in fit.left if not any(numerals.may_belong_to_longer(text, x, reading.style) for x in c.spans)]
    if fit.left and not whole:
        fit.doubts.append("may be part of a longer number")
    fit.left = whole or fit.left
    _prefer(fit, lambda c: text[c.whole.start].isdigit())
    if s.kind == "number" and not s.column.startswith("ref_"):
        _not_of_a_range(s, fit, text)
    _by_name(s, fit, reading)
    if s.units:
        _prefer(fit, lambda c: reading.shows_unit(s, c))
    _by_sign(s, fit, text)
    if s.clock is not None:
        _by_time(fit, reading, reading.clocks, s.clock)
    if s.day is not None:
        _by_time(fit, reading, reading.days, s.day)
    return fit


def _by_sign(s: SearchTarget, fit: _Fit, text: str) -> None:
    """A sign that is typed must be printed, and one that is printed must be typed; else the place is in doubt.

    A claim's comparator and the one end of a reference range may be printed in other words.
    """
    if s.kind != "number" or not fit.left:
        return
    must = not s.column.startswith("ref_") and s.raw_file not in ("claims.csv", "checks.csv")
    if not s.sign:
        plain = [c for c in fit.left if not re.search(r"[<>≤≥] ?$", text[max(c.whole.start - 3, 0) : c.whole.start])]
        doubt = "printed with a sign that is not typed"
    else:
        plain = [c for c in fit.left if _has_sign(s.sign, text, c.whole)]
        doubt = f"printed without '{s.sign}'"
    if must and not plain:
        fit.doubts.append(doubt)
    fit.left = plain or fit.left


def _has_sign(sign: str, text: str, span: Span) -> bool:
    before, after = text[max(span.start - 20, 0) : span.start], text[span.end : span.end + 30]
    if re.search(_SIGNS[sign], before, re.IGNORECASE):
        return True
    return sign in _SIGNS_AFTER and re.match(_SIGNS_AFTER[sign], after, re.IGNORECASE) is not None


def _ends_a_range(text: str, span: Span) -> bool:
    """Whether the number is one end of a printed range (the 1.1 of 0.9–1.1)."""
    before, after = text[max(span.start - 4, 0) : span.start], text[span.end : span.end + 4]
    return re.search(r"\d ?[–-] ?$", before) is not None or re.match(r" ?[–-] ?\d", after) is not None


def _not_of_a_range(s: SearchTarget, fit: _Fit, text: str) -> None:
    """One end of a printed range is no single value; a bound may be one (above 0.83 of 0.83–1.28)."""
    single = [c for c in fit.left if not _ends_a_range(text, c.whole)]
    if fit.left and not single and not s.sign:
        fit.doubts.append("is one end of a printed range")
    fit.left = single or fit.left


def _prefer(fit: _Fit, test: Callable[[Candidate], bool]) -> None:
    fit.left = [c for c in fit.left if test(c)] or fit.left


def _by_name(s: SearchTarget, fit: _Fit, reading: Reading) -> None:
    if not s.names or not fit.left:
        return
    index = reading.names[s.names]
    owners = {c: index.owners(c.whole) for c in fit.left}
    if s.names == "score_items":
        owners = {c: index.row_heading(c.whole) or owners[c] for c in fit.left}
    own = [c for c in fit.left if s.term in owners[c]]
    unnamed = [c for c in fit.left if not owners[c]]
    if not own and not unnamed and s.names != "patient_items":
        others = sorted(set().union(*owners.values()))
        fit.doubts.append(f"stands beside another name ({', '.join(others)})")
    fit.left = own or unnamed or fit.left


def _by_time(fit: _Fit, reading: Reading, mentions: list[Mention], value: int) -> None:
    """Prefer numbers whose own time is the row's; drop those whose own time is another while others are left."""
    times = {c: going_with(c.whole, mentions, reading.source) for c in fit.left}
    same = [c for c in fit.left if (m := times[c]) and m.is_time(value)]
    open_ = [c for c in fit.left if (m := times[c]) is None or (m.value is None and m.meant is None)]
    if fit.left and not same and not open_ and mentions is reading.clocks:
        fit.doubts.append("the clock time printed beside the number is another one")
    fit.left = same or open_ or fit.left


def locate_time(s: SearchTarget, reading: Reading, beside: list[Span]) -> Located:
    """The place of a clock time or a day.

    Args:
        s: The clock time or day.
        reading: The article.
        beside: Kept places of the row's value (or, for a day, of its clock time): the time that goes with one of
            them is the row's.
    """
    mentions = reading.clocks if s.kind == "clock" else reading.days
    value = int(s.numbers[0])
    going = [m for span in beside if (m := going_with(span, mentions, reading.source))]
    same = [m for m in going if m.value == value]
    if same:
        return Located(s, "found", _in_order([Candidate((m.span,)) for m in same]))
    if any(m.value is None and m.meant in (value, None) for m in going):
        return Located(s, "derived", (), "printed as 'that day', 'the same day' or the like")
    others = sorted({day for m in going if (day := m.meant if m.value is None else m.value) is not None})
    if not others:
        return _single_time(s, reading)
    doubt = f"the {'day' if s.kind == 'day' else 'time'} printed beside the row's number is {_shown(s, others)}"
    pool = [c for p in reading.places.find(s.evidence) for c in _within(reading.candidates(s), (p.whole,))]
    if pool:
        return _of_pool(s, _Fit(pool, [doubt]), "")
    return Located(s, "derived" if s.optional else "not_found", (), doubt)


def _single_time(s: SearchTarget, reading: Reading) -> Located:
    """No time goes with the row's number: the cited places decide."""
    everywhere = reading.candidates(s)
    places = reading.places.find(s.evidence)
    if not places:
        return _time_of_pool(s, everywhere, "")
    for pools, _ in _pools(everywhere, places):
        single = [pool[0] for _, pool in pools if len(pool) == 1]
        if single:
            return Located(s, "found", _in_order(single))
        if any(pool for _, pool in pools):
            return _time_of_pool(s, [c for _, pool in pools for c in pool], "")
    return _time_of_pool(s, [], "")


def _time_of_pool(s: SearchTarget, pool: list[Candidate], note: str) -> Located:
    if not pool and s.kind == "day":
        return Located(s, "derived", (), "the day is not printed as a number in the cited place")
    return _of_pool(s, _Fit(pool), note)


def _shown(s: SearchTarget, values: list[int]) -> str:
    if s.kind == "day":
        return ", ".join(str(v) for v in values)
    return ", ".join(f"{v // 60:02}:{v % 60:02}" for v in values)
