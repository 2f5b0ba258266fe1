"""The sentences of the audit: what follows from which numbers. Neutral throughout; nobody is said to be wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from casetrace.audit.outcome import Answer
from casetrace.audit.verdict import CONTRADICTED, NOT_SHOWN, POSSIBLE, REPRODUCED, Judgement, Stated
from casetrace.values import display
from casetrace.values.estimate import Estimate

#: Units of amounts, which are shown without decimals however the claim is printed.
AMOUNTS = ("[iU]", "[iU]/h", "{count}", "{score}")
#: What one result of an analyte is called; of any other it is a result.
_CALLED = {
    "platelets": "platelet count",
    "leukocytes": "leukocyte count",
    "aptt": "aPTT",
    "act": "ACT",
    "inr": "INR",
    "pt": "PT",
}
_NUMERALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
#: More printed values than this are counted, not listed.
_LISTED = 4


@dataclass(frozen=True)
class Scale:
    """How numbers of one claim are shown: in the claim's own unit where it has one.

    ``factor`` is what one shown unit is in the unit of the test; ``about`` names the drug or analyte.
    """

    unit: str | None
    factor: float
    decimals: int
    about: str

    def of(self, found: Estimate) -> Estimate:
        """An estimate of the test in the shown unit."""
        return found.scaled(1 / self.factor)

    def number(self, value: float) -> str:
        """A number in the shown unit, without the unit."""
        return display.number(value, self.decimals)

    def quantity(self, value: float) -> str:
        """A number in the shown unit, with the unit."""
        return self.with_unit(self.number(value))

    def with_unit(self, text: str, is_span: bool = False) -> str:
        """Written numbers with the unit behind them; of a span ``text`` is its end."""
        is_one = text == "1" and not is_span
        if self.unit in ("{score}", "points"):
            return display.quantity(text, "point") if is_one else f"{text}\u00a0points"
        if self.unit == "d":
            return display.quantity(text, "day") if is_one else f"{text}\u00a0days"
        return display.quantity(text, display.unit_text(self.unit, self.about))

    def interval(self, found: Estimate) -> str:
        """Best value with its bounds in brackets, or the bounds alone; numbers in the shown unit."""
        if found.low is None:
            side = "less than" if found.high_is_strict else "at most"
            bounds = "" if found.high is None else f"{side} {self.quantity(found.high)}"
        elif found.high is None:
            bounds = f"{'more than' if found.low_is_strict else 'at least'} {self.quantity(found.low)}"
        elif self.number(found.low) == self.number(found.high):
            return self.quantity(found.high)
        else:
            bounds = f"{self.number(found.low)} to {self.with_unit(self.number(found.high), is_span=True)}"
        return bounds if found.best is None else f"{self.quantity(found.best)} ({bounds})"


def gives(answer: Answer, scale: Scale) -> str:
    """``The printed numbers give 46 711 U (46 435 to 46 986 U) in any 24 h.``"""
    found = answer.estimate
    if found.is_open:
        return ""
    if found.unit == "{yes_no}":
        return f"By the printed numbers: {given(answer, scale)}."
    return f"The printed numbers give {scale.interval(scale.of(found))}{' ' + answer.how if answer.how else ''}."


def given(answer: Answer, scale: Scale) -> str | None:
    """What the printed numbers give, in the unit of the statement: ``62 s``, ``1 to 3 points``; None for nothing."""
    found = answer.estimate
    if found.is_open:
        return None
    if found.unit == "{yes_no}":
        bounds = (found.low or 0.0, 1.0 if found.high is None else found.high)
        return {(1.0, 1.0): "yes", (0.0, 0.0): "no"}.get(bounds, "open")
    return scale.interval(scale.of(found))


def consequence(judged: Judgement, answer: Answer, stated: Stated, scale: Scale, claim: dict[str, Any]) -> str:
    """What the verdict means for the statement; empty when it is plainly reproduced."""
    if judged.verdict == POSSIBLE:
        return "What the source leaves open decides whether the statement holds."
    if judged.verdict == NOT_SHOWN:
        return "The statement may rest on numbers that are not printed."
    reading = _reading(stated, scale) if _matters(judged, stated) else ""
    if judged.verdict == REPRODUCED:
        return reading
    if judged.verdict != CONTRADICTED or judged.margin is None:
        return ""
    all_printed = " The source gives what it prints as complete." if claim["complete"] else ""
    if judged.margin == 0:
        return "That is the stated limit itself, which the statement leaves out." + all_printed
    distance = scale.quantity(judged.margin)
    where = f" {answer.how}" if answer.how else ""
    if stated.comparator in ("<", "<="):
        return f"That is {distance} above the stated limit.{all_printed}"
    if stated.comparator in (">", ">="):
        return f"That is {distance} below the stated limit.{all_printed}"
    found = scale.of(answer.estimate)
    word = "more" if found.high is not None and found.high < float(stated.low) else "less"
    told = f"The statement is {distance} {word} than the printed numbers give{where}.{all_printed}"
    return f"{told} {reading}".rstrip()


def printed_sentence(
    claim: dict[str, Any],
    values_printed: Sequence[Estimate],
    found: Estimate,
    stated: Stated,
    scale: Scale,
    of_one: Scale,
) -> str:
    """What is printed of the set that a claim is about: ``One of the 12 aPTTs is printed: 70 s.``

    Args:
        claim: A claim about results of an analyte or doses of a kind.
        values_printed: The printed results; none of doses, which are only counted.
        found: What the printed numbers give.
        stated: What is stated.
        scale: How the number of the claim is shown.
        of_one: How one printed result is shown.
    """
    sure = values_printed
    about = claim["of_name"] or claim["of"] or ""
    if claim["of_kind"] == "drug":
        about = f"{claim['of_part'] or 'dose'} of {about}"
    total = int(found.high or 0) if claim["compute"] == "count" else len(found.rows)
    of_all = (
        f" of the {display.number(float(stated.low))}"
        if claim["compute"] == "count" and stated.low == stated.high
        else ""
    )
    number = len(sure) if sure else total
    name = counted(2 if of_all else number, about).split(" ", 1)[1]
    values = ""
    numbers = [of_one.number(e.best / of_one.factor) for e in sure if e.best is not None]
    if numbers and len(numbers) == len(sure) <= _LISTED:
        values = f": {of_one.with_unit(joined(numbers))}"
    is_are = "is" if number == 1 else "are"
    head = f"{_numeral(number).capitalize()}{of_all} {name}"
    extreme = "" if values else f" The printed numbers give {scale.interval(scale.of(found))}."
    return f"{head} {is_are} printed{values}.{extreme}"


def counted(number: int, about: str) -> str:
    """``Two platelet counts``, ``one aPTT``, ``three results of ferritin``."""
    if " of " in about:
        kind, _, drug = about.partition(" of ")
        return f"{_numeral(number).capitalize()} {kind if number == 1 else plural(kind)} of {drug}"
    name = _CALLED.get(about)
    if name is None:
        return f"{_numeral(number).capitalize()} result{'' if number == 1 else 's'} of {about.replace('_', ' ')}"
    return f"{_numeral(number).capitalize()} {name if number == 1 else plural(name)}"


def plural(word: str) -> str:
    """``boluses``, ``aPTTs``."""
    return f"{word}es" if word.endswith("s") else f"{word}s"


def joined(parts: Sequence[str]) -> str:
    """``70``, ``70 and 80``, ``70, 80 and 90``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _numeral(number: int) -> str:
    return _NUMERALS[number] if number < len(_NUMERALS) else str(number)


def _matters(judged: Judgement, stated: Stated) -> bool:
    """Whether reading the last zeros as rounded is worth a sentence."""
    is_coarse = stated.comparator == "=" and stated.step != stated.printed_step
    return is_coarse and (judged.by_rounding or judged.verdict == CONTRADICTED)


def _reading(stated: Stated, scale: Scale) -> str:
    typed = display.number(float(stated.low))
    step = display.number(float(stated.step))
    return f"{scale.with_unit(typed)} may be rounded: it is tested to the nearest {scale.with_unit(step)}."
