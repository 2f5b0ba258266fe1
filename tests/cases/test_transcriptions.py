"""The transcribed cases against their fact sheets: every laboratory value, target and dose.

The sheets lie beside the repository (``../shared/cases``) and are no part of it: where they are
absent these comparisons skip, and the facts of ``test_case_facts.py`` still hold.
"""

import re
from collections import Counter
from datetime import date, datetime

import pytest
from casetrace.vocabulary import load

from tests.cases import known
from tests.cases.raw_rows import CASES, SHEETS, by_id, rows, sheet_table
from tests.cases.sheet_labs import BESIDE, HELD_ELSEWHERE, expected, is_target, typed


def test_every_transcribed_case_has_its_sheet() -> None:
    if not SHEETS.is_dir():
        pytest.skip(f"needs the fact sheets in {SHEETS.parent.name}/{SHEETS.name} beside the repository")
    assert set(known.ALL) <= {path.stem for path in SHEETS.glob("*.md")}
    assert all((CASES / case / "source.yaml").is_file() for case in known.ALL)


@pytest.mark.parametrize("case", known.ALL)
def test_every_laboratory_value_of_the_sheet_is_typed_once_and_no_other(case: str) -> None:
    in_sheet, in_folder = expected(case), typed(case)
    assert in_sheet - in_folder == Counter(), "in the sheet, not typed"
    beside = Counter((name, value) for name, value, *_ in (in_folder - in_sheet).elements())
    assert beside == Counter(BESIDE.get(case, [])), "typed, not in the sheet"


@pytest.mark.parametrize("case", HELD_ELSEWHERE)
def test_results_that_are_no_laboratory_row_are_held_elsewhere(case: str) -> None:
    in_sheet = {(row["analyte"], row["value"]) for row in sheet_table(case, "Labs and measured values")}
    assert HELD_ELSEWHERE[case].keys() <= in_sheet
    assert all(row_id in by_id(case, table) for table, row_id in HELD_ELSEWHERE[case].values())


@pytest.mark.parametrize("case", known.ALL)
def test_every_target_of_the_sheet_is_typed(case: str) -> None:
    plain = {"no unit": ""}
    in_sheet = Counter(
        (re.sub(r"(\d)-(\d)", r"\1..\2", row["value"].replace("about ", "~")), plain.get(row["unit"], row["unit"]))
        for row in sheet_table(case, "Labs and measured values")
        if is_target(row)
    )
    in_folder = Counter((row["value"], row["unit"]) for row in rows(case, "targets"))
    assert in_sheet - in_folder == Counter(), "in the sheet, not typed"
    # Aims that the sheets name beside a value or a dose and not as a row.
    beside = {known.HIGH_DOSE: [("40..80", "seconds")], known.GREEN: [("2..3", "x")], known.PCI: [("300..350", "s")]}
    assert in_folder - in_sheet == Counter(beside.get(case, [])), "typed, not in the sheet"


def test_the_stay_days_follow_from_the_dates_of_the_sheet() -> None:
    """The claim that all 18 dates agree, counted again: the dates themselves are not kept."""
    seen = set()
    for row in sheet_table(known.TABLE, "Labs and measured values"):
        day, stay = row["time as reported"].split(" = LOS day ")
        parsed = datetime.strptime(f"{day} +0000", "%d %B %Y %z").date()
        assert (parsed - date(2020, 4, 21)).days + 1 == int(stay)
        seen.add(int(stay))
    assert len(seen) == int(by_id(known.TABLE, "checks")["C-LOS"]["value"])


# --- doses against the sheets -------------------------------------------------------------------

#: The ids that hold each row of the sheet's table of doses, in its order.
DOSES: dict[str, list[list[str]]] = {
    known.ACP: [["HEP"], ["VANC"], ["LEVO"], ["CEFE"], ["PANT"], ["ENAL"], ["IPRA", "ALBU"]],
    known.HIGH_DOSE: [["HEP"], ["ARG"], ["ARG-MAX"]],
    known.CPB: [["HEP"], ["ARG-PRE"], ["ARG-LOAD"], ["ARG-OP"], ["HOLD"]],
    known.PSEUDO: [["HEP-TOTAL"], ["C-AVERAGE"]],
    known.GIRL: [["UFH"], ["LEP-BOL"], ["LEP"]],
    known.DELRUE: [["ENOX"], ["UFH"], ["ARG"], ["DANA"]],
    known.GREEN: [["HEP"], ["ARG"], ["ARG-LOAD"]],
    known.FONDA: [["ENOX"], ["UFH"], ["FOND"]],
    known.RIVA: [["UFH1", "UFH2"], ["RIV15"], ["RIV30"], ["RIV10"]],
    known.BOY: [["HEP"], ["ARG"], ["WARF"]],
    known.OGAWA: [["UFH-BOL"], ["UFH-INF"], ["ARG"]],
    known.PHAN: [["ENOX"], ["UFH-BOL"], ["UFH-INF"], ["RIV"]],
    known.PCI: [["ASA"], ["PRASU"], ["HEP1"], ["HEP2"], ["AT-GAMMA"], ["HEP3"]],
    known.PAROTID: [["WARF"], ["VITK"], ["FFP"], ["LMWH"], ["LEP"]],
    known.POSTPARTUM: [["MG-BOL"], ["MG-INF"], ["UFH"], ["FURO"], ["REMD"], ["PLASMA"], ["LEVO"], ["CIPRO"]],
    known.TABLE: [["ENOX"], ["UFH"], ["TPA1"], ["TPA2"], ["APIX"], ["ARG"], ["SARI1", "SARI2"], ["MPRED"], ["TOCI"]],
    known.DOG_BITE: [["HEP"], ["MPRED"], ["IVIG"], ["ARG"], ["NE"]],
}
#: Dose rows that the sheets name outside their table of doses: a course before the printed one, a course after a hold,
#: a drug of the outcome, blood products.
BESIDE_DOSES = {
    known.PSEUDO: {"HEP-EARLIER"},
    known.CPB: {"ARG-RE", "PLT-T", "PLASMA"},
    known.DELRUE: {"APIX"},
    known.POSTPARTUM: {"WB-PRE", "WB-OP", "PRC"},
}
#: (pattern of a sheet's unit) -> `every` of the folder.
EVERY = [
    (r"(\w+)/(\d+) h$", None), (r"(\w+)/d(?:ay)?$", "1d"), (r"(\w+) every (\d+) h$", None),
    (r"(\w+) once a day$", "1d"),
    (r"(\w+) (?:\(printed\) )?twice (?:a day|daily|per day).*", "12h"), (r"(\w+) three times per day.*", "8h"),
    (r"(\w+) for 13 days$", ""),
]  # fmt: skip


def unit_and_every(case: str, printed: str) -> tuple[str, str]:
    """A unit of the sheet as the unit and the interval of the raw form."""
    if case == known.PSEUDO:
        return printed.removesuffix("/24 h"), ""
    for pattern, every in EVERY:
        if match := re.fullmatch(pattern, printed):
            hours = {"24": "1d"}.get(match[2], f"{match[2]}h") if every is None else every
            return match[1], hours
    return printed, ""


def amount_of(reported: str) -> str:
    """The amount of a sheet's dose in the raw form; empty when it is given without a number."""
    number = re.match(r"[\d][\d, ]*(?:\.\d+)?(?:-\d+\.\d+)?", reported)
    return re.sub(r"[, ]", "", number[0]).replace("-", "..") if number else ""


@pytest.mark.parametrize("case", known.ALL)
def test_every_dose_of_the_sheet_is_typed_with_its_drug_amount_and_unit(case: str) -> None:
    held = by_id(case, "doses") | by_id(case, "claims") | by_id(case, "checks") | by_id(case, "events")
    table = sheet_table(case, "Doses")
    assert len(table) == len(DOSES[case])
    for row, row_ids in zip(table, DOSES[case], strict=True):
        for position, row_id in enumerate(row_ids):
            dose = held[row_id]
            if "event" in dose:
                assert row["kind"] == "held"
                continue
            if row["drug"] == "ipratropium/albuterol":
                drugs, amounts, unit, every = row["drug"].split("/"), ["0.5", "2.5"], "mg", "4h"
                assert row["value"] == "0.5/2.5 mg/3 mL"
                assert row["kind"] == "nebule every 4 h"
            else:
                drugs, amounts = [row["drug"]] * len(row_ids), [amount_of(row["value"])] * len(row_ids)
                unit, every = unit_and_every(case, row["unit"])
            assert dose.get("amount", dose.get("value")) == amounts[position], row_id
            assert dose["unit"] == (unit if amounts[position] else ""), row_id
            if "drug" in dose:
                assert load().drugs.find(dose["drug"]) == load().drugs.find(drugs[position]), row_id
                assert load().drugs.find(dose["drug"]) is not None, row_id
                assert dose.get("every", "") == every, row_id
    in_table = {row_id for row_ids in DOSES[case] for row_id in row_ids}
    assert {row["id"] for row in rows(case, "doses")} - in_table == BESIDE_DOSES.get(case, set())
