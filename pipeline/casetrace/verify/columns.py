"""Pages whose two columns stand side by side: read the left column first, then the right one."""

#: A gutter is at least this many blank characters wide ...
_GUTTER_WIDTH = 3
#: ... on at least this many lines with text on both sides ...
_GUTTER_LINES = 8
#: ... whose sides hold this many characters in the mean. A table has shorter cells, and its rows stay whole.
_RUNNING_TEXT_WIDTH = 30

PAGE_BREAK = "\f"


def in_reading_order(text: str) -> str:
    """The text with side-by-side columns put one after the other, page by page.

    Pages are parted by form feeds. A page without a gutter (running text, a table) stays as it is. Lines that cross
    the gutter (a title over both columns) part the page into blocks; within a block the left column comes first.
    """
    return "\n\n".join("\n".join(_page(page.split("\n"))) for page in text.split(PAGE_BREAK))


def _page(lines: list[str]) -> list[str]:
    gutter = _gutter(lines)
    if gutter is None:
        return lines
    ordered: list[str] = []
    left: list[str] = []
    right: list[str] = []
    for line in lines:
        if _blank_at(line, gutter):
            left.append(line[:gutter].rstrip())
            right.append(line[gutter:].strip())
            continue
        ordered += [*left, *right, line]
        left, right = [], []
    return [*ordered, *left, *right]


def _gutter(lines: list[str]) -> int | None:
    """The position of the gutter, or None when the page has one column."""
    width = max((len(line) for line in lines), default=0)
    places = range(width // 4, width - width // 4)
    best = max(places, key=lambda at: len(_two_sided(lines, at)), default=None)
    if best is None:
        return None
    both = _two_sided(lines, best)
    if len(both) < _GUTTER_LINES:
        return None
    means = [sum(len(pair[side].strip()) for pair in both) / len(both) for side in (0, 1)]
    return best if min(means) >= _RUNNING_TEXT_WIDTH else None


def _two_sided(lines: list[str], at: int) -> list[tuple[str, str]]:
    """Lines with text on both sides of a blank at that position."""
    return [(a[:at], a[at:]) for a in lines if _blank_at(a, at) and a[:at].strip() and a[at:].strip()]


def _blank_at(line: str, at: int) -> bool:
    return not line[max(at - _GUTTER_WIDTH // 2, 0) : at + _GUTTER_WIDTH // 2 + 1].strip()
