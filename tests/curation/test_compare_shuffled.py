"""A second reader of a real case who orders and names the rows in their own way: no difference, and each slip alone."""

import csv
import random
import re
import shutil
from pathlib import Path

import pytest
from casetrace.curation.compare import compare

from tests.case_builder import ROOT

CASES = sorted(path for path in (ROOT / "data/raw/case_reports").iterdir() if path.is_dir())
REFERRING = ("when", "start", "end", "of", "from", "to", "gave", "same_as")
WITH_MANY_RESULTS = ("acp", "cmaj", "morimoto", "phan", "pmc10332976", "pmc8407609")
FREE = ("id", "note", "evidence", "claim")


def sheets(folder):
    for path in sorted(folder.glob("*.csv")):
        if path.name != "evidence.csv":
            with path.open(encoding="utf-8", newline="") as file:
                yield path, list(csv.DictReader(file))


def new_names(folder, chance):
    """Every id with a new one; those of a table by time are named for their row alone."""
    ids = [row["id"] for _, rows in sheets(folder) for row in rows if row.get("id")]
    chance.shuffle(ids)
    return {name: f"R{number}" for number, name in enumerate(ids)}


def refer(text, names):
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(
            rf"(?<![A-Za-z0-9_#-]){re.escape(name)}(?![A-Za-z0-9_]|-(?!\d+(h|d|w|mo|min)\b))", "#" + names[name], text
        )
    return text.replace("#", "")


def second_reading(folder, target: Path, chance):
    """The case with its rows in another order and under other ids, references with them."""
    shutil.copytree(folder, target)
    names = new_names(folder, chance)
    for path, rows in sheets(target):
        head = [row for row in rows if row.get("when") in ("reference", "read_as", "method", "note")]
        rest = [row for row in rows if row not in head]
        chance.shuffle(rest)
        for row in rest:
            row["id"] = names.get(row.get("id") or "", "")
            row |= {column: refer(row[column], names) for column in REFERRING if row.get(column)}
        write(path, head + rest)
    source = target / "source.yaml"
    lines = source.read_text(encoding="utf-8").split("\n")
    source.write_text("\n".join(refer(line, names) if "@" in line else line for line in lines), encoding="utf-8")
    return target


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(column for row in rows for column in row)), restval="")
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_order_and_names_of_rows_are_no_difference(tmp_path, case):
    second = second_reading(case, tmp_path / "second", random.Random(case.name))
    assert [str(difference) for difference in compare(case, second).differences] == []


@pytest.mark.parametrize("seed", range(12))
def test_one_slip_in_a_number_is_one_difference(tmp_path, seed):
    chance = random.Random(seed)
    case = next(path for path in CASES if path.name.startswith(("cmaj", "pmc8449948")[seed % 2]))
    second = second_reading(case, tmp_path / "second", chance)
    cells = [
        (path, number, column)
        for path, rows in sheets(second)
        for number, row in enumerate(rows)
        for column, text in row.items()
        if column not in (*REFERRING, *FREE, "order") and re.fullmatch(r"[0-9]+(\.[0-9]+)?", text or "")
        if row.get("when") not in ("reference", "read_as", "method", "note")
    ]
    path, number, column = chance.choice(cells)
    rows = dict(sheets(second))[path]
    before = rows[number][column]
    rows[number][column] = after = before + "7"
    write(path, rows)
    (found,) = compare(case, second).differences
    assert (found.file, found.second_row, found.column) == (path.name, number + 2, column)
    assert (found.first, found.second) == (before, after)


@pytest.mark.parametrize(
    "case", [path for path in CASES if path.name.startswith(WITH_MANY_RESULTS)], ids=lambda path: path.name
)
def test_one_row_left_out_is_one_difference(tmp_path, case):
    chance = random.Random(case.name)
    second = second_reading(case, tmp_path / "second", chance)
    # Rows that no other row rests on: else those that do differ as well.
    path, rows = next((path, rows) for path, rows in sheets(second) if path.name == "labs.csv")
    named = "".join(file.read_text(encoding="utf-8") for file in second.iterdir() if file.name != "labs.csv")
    named += "".join(row.get(column) or "" for row in rows for column in REFERRING)
    free = [n for n, row in enumerate(rows) if not row.get("id") or not re.search(rf"\b{row['id']}\b", named)]
    gone = rows.pop(chance.choice(free))
    write(path, rows)
    (found,) = compare(case, second).differences
    assert (found.file, found.second_row, found.column) == ("labs.csv", None, None)
    assert found.first is not None
    assert f"analyte {gone['analyte']}" in found.first
