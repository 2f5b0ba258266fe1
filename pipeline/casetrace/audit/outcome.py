"""What a test of a claim gives: an estimate, or the reason why there is none."""

from dataclasses import dataclass, field

from casetrace.values.estimate import Estimate
from casetrace.vocabulary.reasons import Reason


@dataclass(frozen=True)
class Answer:
    """What the printed numbers give; ``how`` continues the sentence "The printed numbers give ..."."""

    estimate: Estimate
    how: str = ""

    @property
    def rows(self) -> tuple[str, ...]:
        """Rows behind the estimate."""
        return self.estimate.rows


@dataclass(frozen=True)
class Missing:
    """The claim cannot be computed; ``reason`` names what is missing, ``reasons`` what a result says is."""

    reason: str
    rows: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class NotIndependent:
    """The only rows that could test the claim were derived from it, or are a judgement."""

    reason: str
    rows: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class TwoPlaces:
    """Two places of the source, or the source and a score's definition, cannot both be right."""

    answer: Answer
    reason: str
    rows: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class BothTrue:
    """Several values are printed that can all be true; ``reason`` is a whole sentence."""

    answer: Answer
    reason: str
    rows: tuple[str, ...] = field(default=())


Outcome = Answer | Missing | NotIndependent | TwoPlaces | BothTrue
