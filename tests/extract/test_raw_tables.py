"""Sheets as text: what is tolerated, and the row numbers of a spreadsheet."""

import pytest
from casetrace.extract.raw_tables import FORMS, read_table


def read(tmp_path, raw):
    path = tmp_path / "events.csv"
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    rows, problems = read_table(path)
    assert [str(p) for p in problems] == []
    return [(row.row, dict(row.cells)) for row in rows]


@pytest.mark.parametrize(
    "raw",
    [
        b"id,event,when\nOP,surgery,D1\n",
        b"\xef\xbb\xbfid,event,when\nOP,surgery,D1\n",  # a UTF-8 mark, as spreadsheets write it
        b"id,event,when\r\nOP,surgery,D1\r\n",
        b"id,event,when\rOP,surgery,D1\r",
        b"id , event ,when\n OP ,surgery , D1",
        b'"id","event","when"\n"OP","surgery","D1"\n',
        b"id,event,when\nOP,surgery,D1\n,,\n\n,,\n",
    ],
)
def test_what_spreadsheets_write_is_read_alike(tmp_path, raw):
    assert read(tmp_path, raw) == [(2, {"id": "OP", "event": "surgery", "when": "D1"})]


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path):
    raw = 'event,when,note\nsurgery,D1,"two\nlines"\n\n,,\nrecovered,D5,\n'
    assert [row for row, _ in read(tmp_path, raw)] == [2, 5]


def test_a_heading_alone_is_a_file_with_nothing_to_say(tmp_path):
    assert read(tmp_path, "event,when\n") == []


def test_accents_and_signs_stay(tmp_path):
    [(_, cells)] = read(tmp_path, "event,when,note\nsurgery,D1,µ – ≥ é\n")
    assert cells["note"] == "µ – ≥ é"


def test_every_required_column_is_declared_once():
    for form in FORMS.values():
        assert len(set(form.columns)) == len(form.columns)
