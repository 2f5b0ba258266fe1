"""Every kind of dirty row, in each of the three sources: a total is exact or open with bounds that hold, never wrong."""

import os

import pytest

from tests.importers.kinds import ROOT, SOURCES, Dose, imported

TEN = (1440, 2040)
ALL = SOURCES
MAPPED = ("table", "clif")
CHARTED = ("table", "mimic-iv")
OPEN = (None, 0, None)


def infusion(number, unit="U/h", **more):
    return Dose(*TEN, number, unit, **more)


def bolus(number, unit="U", at=1440, **more):
    return Dose(at, None, number, unit, **more)


#: name: (rows, best, low and high total, in which sources)
KINDS = {
    "plain": ([infusion("1000")], (10_000,) * 3, ALL),
    "kilo": ([infusion("1", "kU/h")], (10_000,) * 3, ALL),
    "milli": ([infusion("1000000", "mU/h")], (10_000,) * 3, ALL),
    "IE": ([infusion("1000", "IE/h")], (10_000,) * 3, ALL),
    "UI": ([infusion("1000", "UI/h")], (10_000,) * 3, ALL),
    "ml": ([infusion("10", "mL/h")], OPEN, ALL),
    "mg": ([infusion("10", "mg/h")], OPEN, ALL),
    "dose": ([bolus("1", "dose")], OPEN, ALL),
    "no-unit": ([bolus("5000", "")], OPEN, ALL),
    "cells": ([bolus("5000", "K/uL")], OPEN, ALL),
    "KIU": ([bolus("5", "KIU")], OPEN, ALL),
    "per-kg": ([infusion("10", "U/kg/h", kg="70")], (7_000,) * 3, MAPPED),
    "per-lb": ([infusion("8", "units/lb/hr", kg="68.0388555")], (12_000,) * 3, MAPPED),
    "per-kg-day": ([infusion("240", "U/kg/d", kg="70")], (7_000,) * 3, MAPPED),
    "per-min": ([infusion("20", "units/min")], (12_000,) * 3, MAPPED),
    "per-m2": ([infusion("500", "U/m2/h", kg="70")], OPEN, MAPPED),
    "bolus-kg": ([bolus("80", "U/kg", kg="70")], (5_600,) * 3, ALL),
    "bolus-lb": ([bolus("80", "U/lb", kg="45.359237")], (8_000,) * 3, ALL),
    "weight-zero": ([bolus("80", "U/kg", kg="0")], OPEN, ALL),
    "weight-negative": ([bolus("80", "U/kg", kg="-70")], OPEN, ALL),
    "weight-544": ([bolus("80", "U/kg", kg="544")], OPEN, ALL),
    "weight-none": ([bolus("80", "U/kg")], OPEN, ALL),
    "rate-of-a-bolus": ([bolus("5000", "U/h")], OPEN, ALL),
    "twice": ([infusion("1000"), infusion("1000")], (10_000,) * 3, ALL),
    "bolus-twice": ([bolus("5000"), bolus("5000")], (5_000,) * 3, ALL),
    "bolus-told-by-two": ([bolus("5000"), bolus("5000", note="another clerk")], (None, 5_000, 10_000), ALL),
    "three-boluses": ([bolus("5000"), bolus("4000"), bolus("5000", at=1500)], (14_000,) * 3, ALL),
    "overlap": ([infusion("1000"), Dose(1920, 2520, "1000")], (None, 18_000, 20_000), CHARTED),
    "overlap-of-two-rates": ([infusion("1000"), Dose(1920, 2520, "500")], (None, 12_000 + 1_000, 15_000), CHARTED),
    "overlap-within": ([infusion("1000"), Dose(1500, 1560, "600")], (None, 9_600, 10_600), CHARTED),
    "three-at-once": ([infusion("1000"), infusion("800"), infusion("600")], (None, 6_000, 24_000), CHARTED),
    "overlap-with-unread": ([infusion("1000"), infusion("ERROR")], OPEN, CHARTED),
    "two-orders": ([infusion("1000", order="1"), infusion("500", order="2")], (15_000,) * 3, ALL),
    "abutting": ([infusion("1000"), Dose(2040, 2640, "500")], (15_000,) * 3, ALL),
    "error": ([bolus("ERROR")], OPEN, ALL),
    "thousands": ([bolus("5,000")], OPEN, ALL),
    "unit-in-number": ([bolus("5000 units")], OPEN, ALL),
    "brackets": ([bolus("()")], OPEN, ALL),
    "nan": ([bolus("nan")], OPEN, ALL),
    "inf": ([bolus("inf")], OPEN, ALL),
    "negative": ([bolus("-5000")], OPEN, ALL),
    "huge": ([bolus("1e15")], OPEN, ALL),
    "exponent": ([bolus("5e3")], (5_000,) * 3, ALL),
    "unread-rate": ([Dose(1440, 1800, "1000"), Dose(1800, 2160, "ERROR")], (None, 6_000, None), ALL),
    "known-beside-unread": ([bolus("5000"), bolus("ERROR", at=1500)], (None, 5_000, None), ALL),
    "end-before-start": ([Dose(2040, 1440, "1000")], OPEN, CHARTED),
    "no-start": ([Dose("soon", 2040, "1000")], OPEN, CHARTED),
    "bolus-without-time": ([bolus("5000", at="soon")], OPEN, ALL),
    "begun-before": ([Dose(-60, 2880, "1000")], (48_000,) * 3, CHARTED),
    "ended-after": ([Dose(7 * 1440, 9 * 1440, "1000")], (24_000,) * 3, CHARTED),
    "seven-minutes": ([Dose(1440, 1447, "6000")], (700,) * 3, ALL),
    "amount-of-seven-minutes": ([Dose(1440, 1447, "1000", "U")], (1_000,) * 3, CHARTED),
    "zero": ([infusion("0"), bolus("5000")], (5_000,) * 3, ALL),
}  # fmt: skip


@pytest.fixture(scope="module", params=SOURCES)
def measured(request, tmp_path_factory):
    doses = {name: rows for name, (rows, _, sources) in KINDS.items() if request.param in sources}
    return request.param, *imported(request.param, tmp_path_factory.mktemp("kinds"), doses)


@pytest.mark.parametrize("name", KINDS)
def test_a_total_is_exact_or_open(measured, name):
    source, _, results = measured
    _, expected, sources = KINDS[name]
    if source not in sources:
        pytest.skip(f"{source} has no such rows")
    row = results[name, "iv_ufh_total"]
    if source == "clif" and any(dose.is_bolus for dose in KINDS[name][0]):
        # CLIF has no purpose: a bolus may be another one than therapeutic, and counts in the upper bound only.
        sure = sum(float(d.number) * 10 for d in KINDS[name][0] if not d.is_bolus)
        expected = (None, sure, expected[2])
    found = [row[column] for column in ("value", "low", "high")]
    assert found == [None if number is None else pytest.approx(number, rel=1e-9) for number in expected]
    assert row["status"] == ("ok" if expected[0] is not None else "not_computable")


def test_every_row_has_one_fate(measured):
    _, result, _ = measured
    books = result.account
    assert books.unaccounted() == {}
    for file, n in books.read.items():
        fates = books.fates[file]
        left = sum(entry.rows for entry in books.left_out if entry.file == file)
        assert fates.as_they_are + fates.changed + fates.unknown + left == n, file


def test_what_is_open_is_counted(measured):
    source, result, _ = measured
    said = {entry.what for entry in result.account.unknown}
    assert {
        "the amount is not a number",
        "the amount is negative",
        "the unit is not one of the drug",
        "no unit is given",
        "the start cannot be read",
        "a rate per kg without a weight",
        "the amount is larger than any dose",
        "equal to another row of its time in drug, route and amount",
        "a weight of 544 kg is outside the plausible range",
        "a weight of -70 kg is outside the plausible range",
        "a weight of 0 kg is outside the plausible range",
    } <= said
    if source in CHARTED:
        assert {"the end lies before the start", "runs at the same time as another row"} <= said
    left = {entry.reason for entry in result.account.left_out}
    assert "equal to an earlier row in every column" in left


def in_words(dose):
    """A dose as the table of the documentation shows it."""
    when = f"`{dose.at}`" if isinstance(dose.at, str) else f"minute {dose.at}"
    length = "" if dose.is_bolus else f" to {dose.until}"
    weight = f", {float(dose.kg):g} kg" if dose.kg else ""
    order = f", order {dose.order}" if dose.order else ""
    return f"`{dose.number} {dose.unit}`".replace(" `", "`") + f" at {when}{length}{weight}{order}"


def outcome(expected):
    best, low, high = expected
    if best is not None:
        return f"{best:,.0f} U".replace(",", " ")
    bounds = f"{low:,.0f} to {high:,.0f} U" if high is not None else (f"at least {low:,.0f} U" if low else "no bound")
    return f"open, {bounds}".replace(",", " ").replace("open ", "open,", 1)


def table_of_kinds():
    """Kind of dirt, rows, what the total becomes, and in which sources it is tested (a CLIF bolus has no purpose: its total is open)."""
    lines = ["| kind | rows of heparin | total | " + " | ".join(SOURCES) + " |", "|---" * (3 + len(SOURCES)) + "|"]
    for name, (rows, expected, sources) in KINDS.items():
        tested = " | ".join("yes" if source in sources else "" for source in SOURCES)
        lines.append(f"| {name} | {'; '.join(map(in_words, rows))} | {outcome(expected)} | {tested} |")
    return "\n".join(lines)


def test_the_documentation_has_the_table_of_kinds():
    page = ROOT / "docs" / "mapping-file.md"
    before, start, rest = page.read_text(encoding="utf-8").partition("<!-- kinds -->\n")
    assert start
    after = rest.partition("<!-- end of kinds -->")
    text = before + start + table_of_kinds() + "\n<!-- end of kinds -->" + after[2]
    if os.environ.get("CASETRACE_UPDATE_DOCS"):
        page.write_text(text, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == text
