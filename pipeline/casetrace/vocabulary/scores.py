"""Score definitions as data: the points of a printed label and the limits of a band."""

import csv
from functools import cache
from pathlib import Path

from casetrace.core.paths import VOCABULARY

Limits = tuple[float, float]


def label_points(score: str, item: str, label: str | None) -> Limits | None:
    """Fewest and most points that a label has in the score's published table; None for an unknown label."""
    return None if label is None else _labels().get((score, item, label.strip().lower()))


def band_limits(score: str, band: str) -> Limits | None:
    """First and last total of a band in the published score; None for an unknown band."""
    return _bands().get((score, band.strip().lower()))


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
