"""Places as rows cite them, and where they lie."""

import pytest
from casetrace.verify.passages import Cited, Places, cited
from casetrace.verify.source_text import SourceText, normalise

LONG = "and so this paragraph goes on for as long as a paragraph of running text has to, " * 2
TEXT = normalise(
    f"""Journal, volume 1

Alpha one starts here {LONG}.

Alpha two starts here {LONG}, and breaks,
 KEY POINTS
• A point {LONG}.
 off again behind the box {LONG}.

Alpha three mentions Box 1 (Box 1) and Table 2 {LONG}.

Discussion
Beta one {LONG}.

Causes of bleeding
Gamma one {LONG}.

Gamma two {LONG}.

Conclusion
Delta one {LONG}.

Box 1: The caption
Cell 17

Table 2. Another caption
Cell 18
"""
)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, []),
        ("Box 1", [Cited("Box 1", ("Box 1",), None)]),
        ("Case, par. 4 and 5", [Cited("Case, par. 4", ("Case",), 4), Cited("Case, par. 5", ("Case",), 5)]),
        ("Case, par. 4 to 6", [Cited(f"Case, par. {n}", ("Case",), n) for n in (4, 5, 6)]),
        ("p. E283, col. 2, par. 3", [Cited("p. E283, col. 2, par. 3", (), 3)]),
        (
            "Box 1; Discussion, causes of bleeding, par. 2",
            [Cited("Box 1", ("Box 1",), None), Cited("Discussion, causes of bleeding, par. 2",
                                                     ("Discussion", "causes of bleeding"), 2)],
        ),
    ],
)  # fmt: skip
def test_cell_is_read(cell, expected):
    assert cited(cell) == expected


def found(*cells: str) -> list[list[str]]:
    known = ["Case, par. 1", "Discussion, causes of bleeding", "Conclusion", "Box 1", "Table 2"]
    places = Places(SourceText(TEXT), [*known, *cells])
    spans = [[p.whole] if not p.paragraph else list(p.paragraph) for cell in cells for p in places.find(cell)]
    return [[TEXT[s.start : s.end].strip() for s in pieces] for pieces in spans]


@pytest.mark.parametrize(
    ("cell", "starts"),
    [
        ("Case, par. 1", ["Alpha one"]),
        ("Case, par. 2", ["Alpha two", "off again"]),
        ("Case, par. 3", ["Alpha three"]),
        ("Discussion, par. 1", ["Discussion Beta one"]),
        ("Discussion, causes of bleeding, par. 1", ["Causes of bleeding Gamma one"]),
        ("Discussion, causes of bleeding, par. 2", ["Gamma two"]),
        ("Conclusion", ["Conclusion"]),
        ("Box 1", ["Box 1: The caption"]),
        ("Table 2", ["Table 2. Another"]),
    ],
)
def test_place_starts_where_a_reader_finds_it(cell, starts):
    [pieces] = found(cell)
    assert len(pieces) == len(starts)
    for piece, start in zip(pieces, starts, strict=True):
        assert piece.startswith(start)


def test_box_ends_at_the_next_caption_and_section_at_the_next_of_its_rank():
    [[box]] = found("Box 1")
    assert "17" in box
    assert "18" not in box
    [[discussion]] = found("Discussion")
    assert "Gamma two" in discussion
    assert "Delta one" not in discussion


def test_unknown_place_restricts_nothing():
    places = Places(SourceText(TEXT), ["Appendix, par. 2", "p. 3"])
    assert places.find("Appendix, par. 2") == []
    assert places.find("p. 3") == []
