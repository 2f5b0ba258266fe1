"""The three transcribed cases against their fact sheets: every laboratory value and every dose.

The sheets lie beside the repository (``../shared/cases``) and are no part of it: where they are
absent these comparisons skip, and the facts of ``test_case_facts.py`` still hold.
"""

import re
from collections import Counter
from datetime import date, datetime

import pytest

from pipeline.vocabulary import load
from tests.cases.raw_rows import ALL, PCI, PSEUDO, TABLE, by_id, rows, sheet_table


def analyte(name: str) -> str:
    """The vocabulary term of an analyte."""
    term = load().analytes.find(name)
    assert term, f"analyte {name} is not in the vocabulary"
    return term.name


def drug(name: str) -> str:
    """The vocabulary term of a drug."""
    term = load().drugs.find(name)
    assert term, f"drug {name} is not in the vocabulary"
    return term.name


# --- laboratory values against the sheets -------------------------------------------------------

#: What the sheets write in words -> how the raw form writes it.
WORDS = {
    "subtherapeutic (no value)": "below target",
    "supratherapeutic (no value)": "above target",
    "within normal limit": "normal",
}
#: Steps of the procedure, which the sheet orders without clock times: (when, order).
STEPS = {
    "day 8": ("HD8", ""),
    "day 8 of admission": ("HD8", ""),
    "day 8 of admission, before PCI": ("HD8", "1"),
    "after 16,000 U UFH in total": ("HD8", "4"),
    "after 2,400 U AT gamma + 5,000 U UFH": ("HD8", "6"),
    "after the procedure": ("HD8/..", "7"),
    "POD 27": ("POD27", ""),
    "POD 27 on": ("POD27/..", ""),
}


def when_and_order(reported: str) -> tuple[str, str]:
    """A time of the sheet in the raw form."""
    stay = re.fullmatch(r"\d+ \w+ \d{4} = LOS day (\d+)", reported)
    return (f"LOS{stay[1]}", "") if stay else STEPS[reported]


def value_of(reported: str) -> str:
    """A value of the sheet in the raw form."""
    return WORDS.get(reported, reported.replace(",", ""))


def expected_labs(case: str) -> Counter[tuple[str, ...]]:
    """Every laboratory value of the sheet as (analyte, value, unit, reference, when, order)."""
    expected: Counter[tuple[str, ...]] = Counter()
    for row in sheet_table(case, "Labs and measured values"):
        when, order = when_and_order(row["time as reported"]) if "target" not in row["analyte"] else ("", "")
        reference = row["ref range"].split()[0].split("–") if "–" in row["ref range"] else ["", ""]
        if row["ref range"].startswith(">"):
            reference = [row["ref range"][1:], ""]
        if row["analyte"] == "APTT target":
            continue  # a target, tested with the targets
        if row["analyte"] == "blood pressure":
            systolic, diastolic = row["value"].split("/")
            expected["systolic_bp", systolic, row["unit"], "", "", when, order] += 1
            expected["diastolic_bp", diastolic, row["unit"], "", "", when, order] += 1
            continue
        name = "anti_xa_ufh" if row["analyte"] == "anti-Xa" else analyte(row["analyte"])
        # The sheet notes that the aPTT column of the dated table has no unit although it writes one.
        unit = "" if (case, name) == (TABLE, "aptt") else row["unit"]
        expected[name, value_of(row["value"]), unit, *reference, when, order] += 1
    return expected


def typed_labs(case: str) -> Counter[tuple[str, ...]]:
    """Every typed laboratory row in the same shape."""
    return Counter(
        (
            analyte(row["analyte"]),
            row["value"],
            row["unit"],
            row.get("ref_low", ""),
            row.get("ref_high", ""),
            row["when"],
            row.get("order", ""),
        )
        for row in rows(case, "labs")
    )


#: Typed rows that the sheet states outside its laboratory table.
ELSEWHERE = {PCI: Counter({("anti_pf4", "negative", "", "", "", "", ""): 1})}


@pytest.mark.parametrize("case", ALL)
def test_every_laboratory_value_of_the_sheet_is_typed_once_and_no_other(case: str) -> None:
    expected = expected_labs(case) + ELSEWHERE.get(case, Counter())
    typed = typed_labs(case)
    assert expected - typed == Counter(), "in the sheet, not typed"
    assert typed - expected == Counter(), "typed, not in the sheet"


def test_the_stay_days_follow_from_the_dates_of_the_sheet() -> None:
    """The claim that all 18 dates agree, counted again: the dates themselves are not kept."""
    seen = set()
    for row in sheet_table(TABLE, "Labs and measured values"):
        day, stay = row["time as reported"].split(" = LOS day ")
        parsed = datetime.strptime(f"{day} +0000", "%d %B %Y %z").date()
        assert (parsed - date(2020, 4, 21)).days + 1 == int(stay)
        seen.add(int(stay))
    assert len(seen) == int(by_id(TABLE, "claims")["C-LOS"]["value"])


# --- doses against the sheets -------------------------------------------------------------------

#: (drug, start) of the sheet -> ids of the rows that hold it. The average rate is a claim.
DOSE_ROWS = {
    PSEUDO: {
        ("unfractionated heparin", "24 h before hold"): ["HEP-TOTAL"],
        ("unfractionated heparin", "same window"): ["C-AVERAGE"],
    },
    PCI: {
        ("aspirin", "just before PCI"): ["ASA"],
        ("prasugrel", "just before PCI"): ["PRASU"],
        ("unfractionated heparin", "just before PCI"): ["HEP1"],
        ("unfractionated heparin", "before ACT 248 s"): ["HEP2"],
        ("antithrombin gamma (recombinant)", "after ACT 248 s"): ["AT-GAMMA"],
        ("unfractionated heparin", "with AT gamma"): ["HEP3"],
    },
    TABLE: {
        ("enoxaparin", "day 1"): ["ENOX"],
        ("unfractionated heparin", "day 11"): ["UFH"],
        ("tPA", "day 11"): ["TPA1"],
        ("tPA", "between day 12 and 14"): ["TPA2"],
        ("apixaban", "after day 14"): ["APIX"],
        ("argatroban", "day 20"): ["ARG"],
        ("sarilumab (trial)", "early"): ["SARI1", "SARI2"],
        ("methylprednisolone", "early"): ["MPRED"],
        ("tocilizumab", "about day 21"): ["TOCI"],
    },
}
#: Dose rows without a row of the sheet: the drug was begun before the printed 24 h (its day is in the sheet's target).
BEYOND_SHEET = {PSEUDO: {"HEP-EARLIER"}}


def amount_of(reported: str) -> str:
    """The amount of a sheet's dose in the raw form; empty when it is given without a number."""
    number = re.match(r"[\d,]+", reported)
    return number[0].replace(",", "") if number else ""


@pytest.mark.parametrize("case", ALL)
def test_every_dose_of_the_sheet_is_typed_with_its_drug_amount_and_unit(case: str) -> None:
    typed = by_id(case, "doses") | by_id(case, "claims")
    used = set()
    for row in sheet_table(case, "Doses"):
        for row_id in DOSE_ROWS[case][row["drug"], row["start (as reported)"]]:
            dose = typed[row_id]
            used.add(row_id)
            assert dose.get("amount", dose.get("value")) == amount_of(row["value"]), row_id
            if "drug" in dose:
                assert drug(dose["drug"]) == drug(row["drug"]), row_id
                assert dose["unit"] == (row["unit"].removesuffix("/24 h") if dose["amount"] else ""), row_id
            else:
                assert dose["unit"] == row["unit"], row_id
    doses = {row["id"] for row in rows(case, "doses")}
    assert doses - used == BEYOND_SHEET.get(case, set())
