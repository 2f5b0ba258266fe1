"""Scores as data: their names and items, the points of a printed label, and the limits of a band."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casetrace.core.paths import VOCABULARY
from casetrace.values.suggestions import near_word

Limits = tuple[float, float]
#: What a score prints beside its items.
WHOLE = ("total", "band")


@dataclass(frozen=True)
class Score:
    """A score: its name in the tables, the names that it is printed under, its items, and the metric of its total."""

    name: str
    met_as: tuple[str, ...]
    items: tuple[str, ...]
    total_metric: str

    def item(self, text: str) -> str | None:
        """The item of that name, or `total` or `band`."""
        return next((item for item in (*self.items, *WHOLE) if _plain(item) == _plain(text)), None)

    def band(self, text: str) -> str | None:
        """The band of that name in the published score."""
        return next((band for score, band in _bands() if score == self.name and _plain(band) == _plain(text)), None)

    @property
    def bands(self) -> list[str]:
        """The bands of the published score."""
        return [band for score, band in _bands() if score == self.name]


def all_scores() -> list[Score]:
    """Every score of the vocabulary."""
    return list(_scores())


def find_score(text: str) -> Score | None:
    """The score of that name: `4Ts`, `4T score` and `4ts` are one."""
    return next((s for s in _scores() if _plain(text) in {_plain(name) for name in (s.name, *s.met_as)}), None)


def near_score(text: str) -> str | None:
    """The score that the text is probably a slip of."""
    by_name = {name: score.name for score in _scores() for name in (score.name, *score.met_as)}
    near = near_word(text, by_name)
    return None if near is None else by_name[near]


def split_score(text: str) -> tuple[Score | None, str]:
    """`4Ts timing` as the score and the rest; the longest name wins."""
    words = text.split()
    for count in range(len(words), 0, -1):
        score = find_score(" ".join(words[:count]))
        if score is not None:
            return score, " ".join(words[count:])
    return None, text


def label_points(score: str, item: str, label: str | None) -> Limits | None:
    """Fewest and most points that a label has in the score's published table; None for an unknown label."""
    return None if label is None else _labels().get((score, item, label.strip().lower()))


def band_limits(score: str, band: str) -> Limits | None:
    """First and last total of a band in the published score; None for an unknown band."""
    return _bands().get((score, band.strip().lower()))


def _plain(name: str) -> str:
    """A name without case and signs."""
    return re.sub(r"[\W_]+", "", name).lower()


@cache
def _scores() -> tuple[Score, ...]:
    return tuple(
        Score(row["score"], _list(row["met_as"]), _list(row["items"]), row["total_metric"])
        for row in _rows(VOCABULARY / "scores.csv")
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


@cache
def _labels() -> dict[tuple[str, str, str], Limits]:
    return {
        (row["score"], row["item"], row["label"].strip().lower()): (float(row["points_low"]), float(row["points_high"]))
        for row in _rows(VOCABULARY / "score_labels.csv")
    }


@cache
def _bands() -> dict[tuple[str, str], Limits]:
    return {
        (row["score"], row["band"]): (float(row["points_low"]), float(row["points_high"]))
        for row in _rows(VOCABULARY / "score_bands.csv")
    }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))
