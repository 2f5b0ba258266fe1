"""The sentences of the audit: what follows from which numbers, and what would have to be true. Neutral throughout."""

from dataclasses import dataclass

from casetrace.audit.bounds import Given
from casetrace.audit.verdict import CONTRADICTED, POSSIBLE, Stated
from casetrace.values import display

#: Units of amounts, which are shown without decimals however the claim is printed.
AMOUNTS = ("[iU]", "[iU]/h", "{count}", "{score}")


@dataclass(frozen=True)
class Scale:
    """How numbers of one claim are shown: in the claim's own unit where it has one.

    ``factor`` is what one shown unit is in the unit of the test; ``about`` names the drug or analyte.
    """

    unit: str | None
    factor: float
    decimals: int
    about: str

    def number(self, value: float) -> str:
        """A number of the test in the shown unit, without the unit."""
        return display.number(value / self.factor, self.decimals)

    def quantity(self, value: float) -> str:
        """A number of the test in the shown unit, with the unit."""
        text = self.number(value)
        if self.unit in ("{score}", "points"):
            return display.quantity(text, "point" if text == "1" else "points")
        if self.unit == "d":
            return display.quantity(text, "day" if text == "1" else "days")
        return display.quantity(text, display.unit_text(self.unit, self.about))

    def interval(self, given: Given) -> str:
        """Best value with its bounds in brackets, or the bounds alone."""
        if given.low is None:
            side = "less than" if given.high_is_strict else "at most"
            bounds = "" if given.high is None else f"{side} {self.quantity(given.high)}"
        elif given.high is None:
            bounds = f"{'more than' if given.low_is_strict else 'at least'} {self.quantity(given.low)}"
        elif self.number(given.low) == self.number(given.high):
            return self.quantity(given.high)
        else:
            bounds = f"{self.number(given.low)} to {self.quantity(given.high)}"
        return bounds if given.value is None else f"{self.quantity(given.value)} ({bounds})"


def gives(given: Given, scale: Scale) -> str:
    """``The printed numbers give 46 711 U (46 435 to 46 986 U) in any 24 h.``"""
    if given.low is None and given.high is None:
        return ""
    if given.unit == "{yes_no}":
        answer = {(1.0, 1.0): "yes", (0.0, 0.0): "no"}.get(
            (given.low or 0.0, 1.0 if given.high is None else given.high)
        )
        return f"By the printed numbers: {answer or 'open'}."
    return f"The printed numbers give {scale.interval(given)}{' ' + given.how if given.how else ''}."


def consequence(word: str, margin: float | None, given: Given, stated: Stated | None, scale: Scale) -> str:
    """What the verdict means for the statement; empty when it is reproduced."""
    if word == POSSIBLE:
        return "What the source leaves open decides whether the statement holds."
    if word != CONTRADICTED or margin is None or stated is None:
        return ""
    if margin == 0:
        return "The stated limit itself is not enough for the statement to hold."
    distance = scale.quantity(margin)
    where = f" {given.how}" if given.how else ""
    if stated.comparator in ("<", "<="):
        return f"That is {distance} above the stated limit."
    if stated.comparator in (">", ">="):
        return f"That is {distance} below the stated limit."
    if given.high is not None and given.high < stated.low:
        return (
            f"The statement is {distance} more than the printed numbers give{where}; "
            f"for it to hold, at least {distance} would have to be missing from what is printed."
        )
    return (
        f"The statement is {distance} less than the printed numbers give{where}; "
        f"for it to hold, at least {distance} of what is printed would have to be wrong."
    )
