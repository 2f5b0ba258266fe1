"""The normal form of a text, rule by rule, and its offsets and sentences."""

import hashlib

import pytest
from casetrace.core.errors import InputError, NotFoundError
from casetrace.verify.source_text import SourceText, normalise, read_source
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a\r\nb\rc", "a b c"),
        ("30\u00a0000 30\u2009000 30\u202f000", "30 000 30 000 30 000"),
        ("10⁹/L and sepsis²", "10^9/L and sepsis^2"),
        ("H₂O", "H_2O"),
        ("5½ h", "5 1⁄2 h"),
        ("４１ ﬁbrin µg", "41 fibrin μg"),
        ("ther-\nmia", "thermia"),
        ("ther\u00ad\nmia mid\u00addle", "thermia middle"),
        ("post-\nadmission day 4", "postadmission day 4"),
        ("23–\n32 s", "23–32 s"),
        ("4-\n6 h", "4-6 h"),
        ("PF-\n4", "PF- 4"),
        ("non-\nHodgkin", "non- Hodgkin"),
        ("12\u200b34 and 12\u206034", "12 34 and 1234"),
        ("One.\n\nTwo.", "One.\nTwo."),
        ("acute respiratory\n\ndistress", "acute respiratory distress"),
        ("auto-\n\nmatic", "automatic"),
        ("Ends.\n\nand goes on", "Ends.\nand goes on"),
        ("text,\n• one\n• two", "text,\n• one\n• two"),
        ("less than 24 hours,\n KEY POINTS\n", "less than 24 hours,\nKEY POINTS"),
        ("  a   b  ", "a b"),
        ("", ""),
    ],
)
def test_normal_form(raw, expected):
    assert normalise(raw) == expected


@given(st.text(max_size=300))
def test_normal_form_holds_no_run_of_blanks_and_no_compatibility_space(raw):
    text = normalise(raw)
    assert "  " not in text
    assert "\n\n" not in text
    assert text == text.strip()
    assert not set(text) & set("\r\f\u00a0\u2009\u202f\u00ad\u200b")


@given(a=st.integers(1, 999), b=st.integers(100, 999), mark=st.sampled_from(["⁹", "½", "①", "₂", "\n\n"]))
def test_no_two_numbers_are_joined(a, b, mark):
    assert f"{a}{b}" not in normalise(f"{a}{mark}{b}").replace("\n", "|")


def column_page(left: list[str], right: list[str]) -> str:
    return "\n".join(f"{a:<50}     {b}" for a, b in zip(left, right, strict=True))


def test_two_columns_are_read_one_after_the_other():
    left = [f"the left column goes on and on at line {n:02}" for n in range(10)]
    right = [f"right column text that is long too, line {n:02}" for n in range(10)]
    text = normalise(column_page(left, right))
    assert text == " ".join([*left, *right])


def test_a_title_over_both_columns_parts_the_page():
    left = [f"the left column goes on and on at line {n:02}" for n in range(10)]
    right = [f"right column text that is long too, line {n:02}" for n in range(10)]
    title = "X" * 70
    text = normalise(column_page(left[:5], right[:5]) + f"\n{title}\n" + column_page(left[5:], right[5:]))
    assert text == " ".join([*left[:5], *right[:5], title, *left[5:], *right[5:]])


def test_a_table_keeps_its_rows():
    rows = [f"platelets day {n:02}                    {100 + n}" for n in range(12)]
    assert normalise("\n".join(rows)).startswith("platelets day 00 100 platelets day 01 101")


def test_pages_are_parted_by_form_feeds():
    assert normalise("One.\fTwo.") == "One.\nTwo."


def test_hash_is_of_the_normalised_text():
    text = SourceText(normalise("30\u2009000 µg\r\n"))
    assert text.sha256 == hashlib.sha256("30 000 μg".encode()).hexdigest()
    assert text.sha256 == SourceText(normalise("30 000 μg")).sha256


def test_sentences_end_behind_footnotes_and_not_inside_numbers():
    text = SourceText("It was 1.1 IU then. He left, see i.e. this.2 Next one (e.g. 3) came. End")
    starts = {text.text[slice(*text.sentence(at))].strip() for at in range(len(text.text))}
    assert starts == {"It was 1.1 IU then.", "He left, see i.e. this.2", "Next one (e.g. 3) came.", "End"}


def test_paragraph_of_a_character():
    text = SourceText("One.\nTwo is here.")
    assert text.paragraph(0) == (0, 4)
    assert text.paragraph(7) == (5, 17)


def test_source_that_is_missing_empty_or_not_text(tmp_path):
    with pytest.raises(NotFoundError, match=r"no source text .*gone\.txt"):
        read_source(tmp_path / "gone.txt")
    (tmp_path / "empty.txt").write_text(" \n")
    with pytest.raises(InputError, match=r"empty\.txt: the source holds no text"):
        read_source(tmp_path / "empty.txt")
    (tmp_path / "latin.txt").write_bytes("23\u00b5g".encode("latin-1"))
    with pytest.raises(InputError, match=r"latin\.txt: the source is not UTF-8"):
        read_source(tmp_path / "latin.txt")
