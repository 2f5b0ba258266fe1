"""Where labels go on a drawing so that none covers another. All lengths are pixels, y grows upwards."""

from dataclasses import dataclass

#: Mean width of a sign of the figure's font in parts of its size.
SIGN_WIDTH = 0.56


@dataclass(frozen=True)
class Box:
    """A rectangle by its left, right, lower and upper edge."""

    left: float
    right: float
    low: float
    high: float

    def meets(self, other: "Box") -> bool:
        """True when the two share any area."""
        return self.left < other.right and other.left < self.right and self.low < other.high and other.low < self.high


def text_width(text: str, size: float) -> float:
    """Estimated width of a line of text."""
    return len(text) * size * SIGN_WIDTH


def place_points(
    points: list[tuple[float, float, str]], width: float, height: float, size: float, obstacles: list[Box] | None = None
) -> list[tuple[float, float, str] | None]:
    """Centre of each point's label: above, below or beside it, wherever there is room.

    A label without room is None: its point still tells its value when pointed at, and in the tables.
    """
    taken = [Box(x - 4, x + 4, y - 4, y + 4) for x, y, _ in points] + list(obstacles or [])
    places: list[tuple[float, float, str] | None] = []
    for x, y, text in points:
        half, line = text_width(text, size) / 2 + 1.5, size * 0.6
        candidates = [
            (x, y + 11), (x, y - 11), (x + half + 8, y), (x - half - 8, y), (x, y + 22),
            (x + half + 6, y + 11), (x - half - 6, y + 11), (x + half + 6, y - 9), (x - half - 6, y - 9), (x, y - 22),
        ]  # fmt: skip
        chosen = None
        for cx, cy in candidates:
            box = Box(cx - half, cx + half, cy - line, cy + line)
            inside = box.left >= 0 and box.right <= width and box.low >= -6 and box.high <= height + 10
            if inside and not any(box.meets(other) for other in taken):
                taken.append(box)
                chosen = (cx, cy, text)
                break
        places.append(chosen)
    return places


def lanes(spans: list[tuple[float, float]], gap: float = 6.0) -> list[int]:
    """For spans (left, right), the lowest lane in which each lies free of the earlier ones."""
    ends: list[float] = []
    chosen: list[int] = []
    for left, right in spans:
        lane = next((i for i, end in enumerate(ends) if left >= end + gap), len(ends))
        if lane == len(ends):
            ends.append(right)
        else:
            ends[lane] = right
        chosen.append(lane)
    return chosen
