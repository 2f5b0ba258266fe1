"""Which name a number belongs to."""

import pytest
from casetrace.verify.names import NameIndex
from casetrace.verify.numerals import Span
from casetrace.verify.source_text import SourceText

NAMES = {
    "aptt": ["aptt", "PTT", "activated partial thromboplastin time"],
    "platelets": ["platelets", "platelet count"],
    "hemoglobin": ["hemoglobin", "Hb"],
    "inr": ["inr"],
    "antithrombin": ["antithrombin", "antithrombin III"],
    "potassium": ["K"],
}


def owners(text: str, number: str) -> set[str]:
    start = text.index(number)
    return NameIndex(SourceText(text), NAMES).owners(Span(start, start + len(number)))


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("The aPTT was 33 s and her platelets were 37.", "37", {"platelets"}),
        ("The aPTT was 33 s and her platelets were 37.", "33", {"aptt"}),
        ("Hb fell. We gave 1000 IU of antithrombin III then.", "1000", {"antithrombin"}),
        ("aPTT 26 s; 3 units of platelets.", "3", {"platelets"}),
        ("The INR and aPTT were 1.1 and 29 s, respectively.", "29", {"inr", "aptt"}),
        ("It was 29 s for the aPTT.", "29", {"aptt"}),
        ("The aPTT was long. It was 29 s. End", "29", {"aptt"}),
        ("The aPTT was long.\nIt was 29 s.", "29", set()),
        ("Activated partial-thromboplastin time 29", "29", {"aptt"}),
        ("OK so 4 mmol", "4", set()),
        ("K 4 mmol", "4", {"potassium"}),
        ("TT was 4", "4", set()),
    ],
)
def test_owner(text, number, expected):
    assert owners(text, number) == expected


def test_row_heading_of_a_table():
    text = "Platelets fall to 13\nHb low\nno thrombosis 0\naPTT x 1"
    index = NameIndex(SourceText(text), NAMES)
    at = text.index("0\n")
    assert index.row_heading(Span(at, at + 1)) == {"hemoglobin"}
    assert index.row_heading(Span(len(text) - 1, len(text))) == {"aptt"}
