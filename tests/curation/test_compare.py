import json
import shutil

import pytest
from casetrace.cli import main
from casetrace.core.errors import InputError, NotFoundError
from casetrace.curation.compare import compare
from click.testing import CliRunner

from tests.case_builder import ROOT, SMALL_CASE, sheet, write_case
from tests.workbooks import to_workbook

FIRST_CASE = ROOT / "data/raw/case_reports/cmaj-2019-heparin-resistance"


@pytest.fixture
def pair(tmp_path):
    def make(**changed):
        files = {f"{name}.csv" if name != "source" else "source.yaml": text for name, text in changed.items()}
        return write_case(tmp_path / "a"), write_case(tmp_path / "b", files)

    return make


def cells(comparison):
    return [(d.file, d.first_row, d.second_row, d.column, d.first, d.second) for d in comparison.differences]


def test_a_case_does_not_differ_from_itself():
    comparison = compare(FIRST_CASE, FIRST_CASE)
    assert comparison.differences == []
    assert comparison.rows > 100


def test_three_planted_slips_are_found_and_nothing_else(tmp_path):
    copy = shutil.copytree(FIRST_CASE, tmp_path / FIRST_CASE.name)
    slips = [
        ("labs.csv", "PLT56,", "56", "65"),
        ("doses.csv", "HEP1,", "4000", "400"),
        ("events.csv", None, None, None),
    ]
    for name, start, old, new in slips[:2]:
        path = copy / name
        lines = path.read_text(encoding="utf-8").split("\n")
        (number,) = [i for i, line in enumerate(lines) if line.startswith(start)]
        head, tail = lines[number].split(",", 1)
        lines[number] = f"{head},{tail.replace(old, new, 1)}"
        path.write_text("\n".join(lines), encoding="utf-8")
    events = (copy / "events.csv").read_text(encoding="utf-8").strip().split("\n")
    (copy / "events.csv").write_text("\n".join(events[:-1]) + "\n", encoding="utf-8")
    found = compare(FIRST_CASE, copy).differences
    assert [(d.file, d.column) for d in found] == [("labs.csv", "value"), ("doses.csv", "amount"), ("events.csv", None)]
    assert [(d.first, d.second) for d in found[:2]] == [("56", "65"), ("4000", "400")]
    assert found[2].second_row is None


def test_synonyms_and_units_of_one_meaning_are_equal_and_the_decimals_of_a_number_are_not(pair):
    text = SMALL_CASE["labs.csv"].replace("platelets,150,10*9/L", "PLT,150,x10^9/L").replace("9.3", "9.30")
    assert cells(compare(*pair(labs=text))) == [("labs.csv", 4, 4, "value", "9.3", "9.30")]


def test_rows_in_another_order_and_under_other_ids_are_matched_by_content(pair):
    lines = SMALL_CASE["doses.csv"].strip().split("\n")
    renamed = [line.replace("B1,", "FIRST,").replace("I1,", "DRIP,").replace("ARG,arg", "A9,arg").replace("@ARG", "@A9")
               for line in [lines[0], *reversed(lines[1:])]]  # fmt: skip
    targets = SMALL_CASE["targets.csv"].replace("@ARG", "@A9")
    assert cells(compare(*pair(doses="\n".join(renamed) + "\n", targets=targets))) == []


def test_a_reference_to_another_row_is_a_difference(pair):
    text = SMALL_CASE["doses.csv"].replace("D2T08:00,@ARG,", "D2T08:00,@OP,")
    assert cells(compare(*pair(doses=text))) == [("doses.csv", 3, 3, "end", "@ARG", "@OP")]


def test_a_row_that_only_one_reader_typed(pair):
    text = SMALL_CASE["labs.csv"] + "X1,D9,,fibrinogen,2,g/L,,,,\n"
    assert cells(compare(*pair(labs=text))) == [
        ("labs.csv", None, 5, None, None, "id X1; when D9; analyte fibrinogen; value 2; unit g/L")
    ]


def test_two_values_exchanged_between_two_days_are_two_differences(pair):
    text = "id,when,analyte,value,unit\nP1,D0,platelets,150,10*9/L\nP2,D1,platelets,90,10*9/L\n"
    first, second = pair(labs=text.replace("150", "9x").replace("90", "150").replace("9x", "90"))
    (first / "labs.csv").write_text(text, encoding="utf-8")
    assert [(row, column) for _, row, _, column, *_ in cells(compare(first, second))] == [(2, "value"), (3, "value")]


def test_a_row_left_out_by_one_of_two_readers_who_number_their_rows(pair):
    counts = [(0, 150), (1, 90), (2, 60), (3, 40)]
    heading = "id,when,analyte,value,unit\n"

    def typed(rows):
        return heading + "".join(f"PLT{n},D{day},PLT,{count},10*9/L\n" for n, (day, count) in enumerate(rows, start=1))

    claims = "id,claim,compute,of,value\nC1,Lowest,level,{},40\n"
    first, second = pair(labs=typed(counts[:1] + counts[2:]), claims=claims.format("PLT3"))
    (first / "labs.csv").write_text(typed(counts), encoding="utf-8")
    (first / "claims.csv").write_text(claims.format("PLT4"), encoding="utf-8")
    assert [(d.file, d.first_row, d.second_row) for d in compare(first, second).differences] == [("labs.csv", 3, None)]


def test_words_that_readers_choose_are_compared_only_when_asked_for(pair):
    text = SMALL_CASE["labs.csv"].replace("P1,D0", "PLT1,D0")
    claims = SMALL_CASE["claims.csv"].replace(",P1,", ",PLT1,").replace("Platelets fell", "The count fell")
    first, second = pair(labs=text, claims=claims)
    assert cells(compare(first, second)) == []
    assert {(d.file, d.column) for d in compare(first, second, words=True).differences} >= {
        ("labs.csv", "id"),
        ("claims.csv", "claim"),
    }


def test_keys_of_the_source_are_compared(pair):
    text = SMALL_CASE["source.yaml"].replace("year: 2020", "year: 2021").replace("D0/D25", "D0/D26")
    found = {d.column: (d.first, d.second) for d in compare(*pair(source=text)).differences}
    assert found == {"citation.year": ("2020", "2021"), "observed": ("D0/D25", "D0/D26")}


def test_what_cannot_be_read_is_said_with_its_folder(pair):
    first, second = pair(labs="when;analyte;value\n")
    with pytest.raises(InputError, match=r"b/small-case/labs\.csv, row 1: the cells are separated by semicolons"):
        compare(first, second)
    with pytest.raises(NotFoundError, match="nowhere"):
        compare(first, second.parent / "nowhere")


def test_the_exit_code_is_1_only_when_they_differ(pair):
    first, second = pair(labs=SMALL_CASE["labs.csv"].replace("150,10*9", "151,10*9"))
    same = CliRunner().invoke(main, ["compare", str(first), str(first)])
    assert (same.exit_code, "no difference" in same.output) == (0, True)
    differ = CliRunner().invoke(main, ["compare", str(first), str(second), "--json"])
    assert differ.exit_code == 1
    assert json.loads(differ.output)["differences"] == [
        {
            "file": "labs.csv", "first_row": 2, "second_row": 2, "column": "value", "first": "150", "second": "151",
            "second_file": None, "second_column": None,
        }
    ]  # fmt: skip


def test_an_id_only_tips_the_balance_between_rows_that_are_alike(pair):
    heading = "id,when,analyte,value,unit\n"
    first, second = pair(labs=f"{heading}P1,D1,PLT,91,10*9/L\n", claims=None)
    (first / "labs.csv").write_text(f"{heading}P1,D0,PLT,150,10*9/L\nP2,D1,PLT,90,10*9/L\n", encoding="utf-8")
    (first / "claims.csv").unlink()
    assert cells(compare(first, second)) == [
        ("labs.csv", 2, None, None, "id P1; when D0; analyte PLT; value 150; unit 10*9/L", None),
        ("labs.csv", 3, 2, "value", "90", "91"),
    ]


def test_rows_that_differ_only_in_the_row_that_they_rest_on_are_matched_by_it(pair):
    def typed(a, b):
        events = f"id,event,when\n{a},surgery,D1\n{b},ecmo_start,D5\n"
        doses = "drug,kind,amount,unit,start\n" + "".join(f"heparin,bolus,1000,U,@{x}\n" for x in (a, b))
        return events, doses

    events, doses = typed("ZZ", "AA")
    quiet = {"labs": None, "claims": None, "targets": None}
    first, second = pair(events=events, doses=doses, **quiet)
    mine = typed("AA", "BB")
    for name, text in zip(("events", "doses"), mine, strict=True):
        (first / f"{name}.csv").write_text(text, encoding="utf-8")
    for name in quiet:
        (first / f"{name}.csv").unlink()
    lines = doses.strip().split("\n")
    (second / "doses.csv").write_text("\n".join([lines[0], lines[2], lines[1]]) + "\n", encoding="utf-8")
    assert cells(compare(first, second)) == []


WIDE = """
when      | id | evidence | platelets [10^9/L] | Hb [g/dL]
reference |    |          | 150..400           |
D0        | T0 | Table 1  | 150                | 9.3
D1        | T1 | Table 1  | 83                 | 8.8
"""
LONG = """
when | analyte    | value | unit   | ref_low | ref_high
D1   | hemoglobin | 8.8   | g/dL   |         |
D0   | PLT        | 150   | 10^9/L | 150     | 400
D0   | hemoglobin | 9.3   | g/dL   |         |
D1   | PLT        | {}    | 10^9/L | {}      | 400
"""


@pytest.mark.parametrize(
    ("count", "low", "expected"),
    [
        ("83", "150", []),
        ("38", "150", ["labs_wide.csv, row 4, column platelets [10^9/L] and labs.csv, row 5, column value: '83' and '38'"]),
        ("83", "140",
         ["labs_wide.csv, row 1, column platelets [10^9/L] and labs.csv, row 5, column ref_low: '150' and '140'"]),
    ],
)  # fmt: skip
def test_a_table_by_time_is_compared_with_the_same_results_one_by_one(pair, count, low, expected):
    first, second = pair(labs=sheet(LONG.format(count, low)), claims=None)
    (first / "labs_wide.csv").write_text(sheet(WIDE), encoding="utf-8")
    for name in ("labs.csv", "claims.csv"):
        (first / name).unlink()
    assert [str(difference) for difference in compare(first, second).differences] == expected


def test_a_time_of_a_whole_row_is_told_once(pair):
    first, second = pair(**{"labs": None, "labs_wide": sheet(WIDE.replace("D1 ", "D2 ")), "claims": None})
    (first / "labs_wide.csv").write_text(sheet(WIDE), encoding="utf-8")
    for name in ("labs.csv", "claims.csv"):
        (first / name).unlink()
    assert [str(difference) for difference in compare(first, second).differences] == [
        "labs_wide.csv, row 4 and row 4, column when: 'D1' and 'D2'"
    ]


def test_a_workbook_is_compared_with_csv_files_and_under_another_case_id(tmp_path):
    first = write_case(tmp_path / "a")
    to_workbook(first, tmp_path / "b" / "second-reading", with_source=True)
    done = CliRunner().invoke(main, ["compare", str(first), str(tmp_path / "b" / "second-reading")])
    assert (done.exit_code, done.output.strip().endswith("13 rows side by side, no difference")) == (0, True), (
        done.output
    )


def test_long_rows_are_shortened_for_a_person_and_whole_for_a_program(pair):
    claim = "C9,The count fell " + "and fell " * 60 + ",level,P1,,,150,10*9/L\n"
    comparison = compare(*pair(claims=SMALL_CASE["claims.csv"] + claim))
    assert len(comparison.as_text().split("\n")[1]) < 220
    assert comparison.as_json()["differences"][0]["second"].count("and fell") == 60


def test_a_folder_without_a_case_is_said_so(tmp_path):
    (tmp_path / "empty").mkdir()
    done = CliRunner().invoke(main, ["compare", str(write_case(tmp_path / "a")), str(tmp_path / "empty")])
    assert done.exit_code == 3
    assert "no sheet of a case in this folder" in done.output
