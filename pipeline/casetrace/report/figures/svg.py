"""The few SVG marks that the cohort's figures and the index draw; colours come from the page's style."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup, escape


@dataclass(frozen=True)
class Scale:
    """A linear scale from data to pixels; a domain without width is widened, so that one value can be drawn."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel of a value; values outside the domain stand at its end."""
        width = self.high - self.low or 1.0
        share = min(max((value - self.low) / width, 0.0), 1.0)
        return round(self.start + share * (self.end - self.start), 2)

    def ticks(self, about: int = 5) -> list[float]:
        """Round numbers within the domain, about as many as asked for."""
        width = self.high - self.low or 1.0
        size = 10.0 ** floor(log10(width / about))
        step = next(size * m for m in (1, 2, 5, 10) if width / (size * m) <= about)
        first = ceil(self.low / step - 1e-9)
        return [round(n * step, 6) for n in range(first, floor(self.high / step + 1e-9) + 1)]


def line(x1: float, y1: float, x2: float, y2: float, cls: str) -> str:
    """A straight line."""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" class="{cls}"/>'


def text(x: float, y: float, words: str, cls: str = "", anchor: str = "start") -> str:
    """A text whose baseline starts, ends or is centred at the point."""
    return f'<text x="{x}" y="{y}" class="{cls}" text-anchor="{anchor}">{escape(words)}</text>'


def bar(x1: float, y: float, x2: float, height: float, cls: str, title: str = "") -> str:
    """A horizontal bar, at least a pixel wide."""
    width = round(max(x2 - x1, 1.0), 2)
    told = f"<title>{escape(title)}</title>" if title else ""
    return f'<rect x="{x1}" y="{y}" width="{width}" height="{height}" class="{cls}">{told}</rect>'


def dot(x: float, y: float, radius: float, cls: str, title: str = "") -> str:
    """A round mark with what it stands for."""
    told = f"<title>{escape(title)}</title>" if title else ""
    return f'<circle cx="{x}" cy="{y}" r="{radius}" class="{cls}">{told}</circle>'


def path(points: Sequence[tuple[float, float]], cls: str) -> str:
    """A line through the points; nothing for fewer than two."""
    if len(points) < 2:
        return ""
    steps = "L".join(f"{x} {y}" for x, y in points)
    return f'<path d="M{steps}" class="{cls}"/>'


def picture(width: float, height: float, marks: Sequence[str], alt: str, cls: str = "plot") -> Markup:
    """The marks as one picture that a screen reader announces by its text."""
    head = f'<svg class="{cls}" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" role="img"'
    return Markup(f'{head} aria-label="{escape(alt)}">{"".join(marks)}</svg>')
