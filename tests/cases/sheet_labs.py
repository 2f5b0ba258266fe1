"""Laboratory rows of the fact sheets in the raw form, row by row; what the sheets write otherwise is named here."""

import re
from collections import Counter
from collections.abc import Iterator

from casetrace.vocabulary import load

from tests.cases import known
from tests.cases.raw_rows import Row, labs, sheet_table

#: (analyte, value, unit, ref_low, ref_high, when, order)
Lab = tuple[str, str, str, str, str, str, str]

WORDS = {
    "subtherapeutic (no value)": "below target",
    "supratherapeutic (no value)": "above target",
    "within normal limit": "normal",
    "Negative": "negative",
    "Positive": "positive",
    "+": "positive",
    "−": "negative",
}
#: What two words of the sheet stand for here: the analyte with the unit that it has.
NAMES = {
    ("anti-Xa", ""): "anti_xa_ufh",
    ("anti-PF4", "UA/mL"): "anti_pf4_clia",
    ("D-dimer", "ng/mL FEU"): "d_dimer_feu",
}
UNITS = {"(no unit)": "", "g/L (printed)": "g/L"}
REFERENCES = {"23 (sign lost)": ("", "23"), "aim 300-350": ("", ""), "target 40-80": ("", "")}
#: Times of the sheets -> (when, order).
TIMES: dict[str, dict[str, tuple[str, str]]] = {
    known.ACP: {"admission": ("HD1", ""), "day 3": ("HD3", ""), "day 6": ("HD6", "")},
    known.HIGH_DOSE: {
        "baseline": ("../@PLT12", ""),
        "13 days after heparin start": ("@HEP+13d", ""),
        "5 days of argatroban": ("@ARG+5d", ""),
    },
    known.CPB: {
        "baseline, on argatroban": ("@SURG", "1"),
        "during surgery": ("@SURG", "3"),
        "36 h hold after surgery": ("@ARG-OP.end/@ARG-RE", ""),
        "after restart": ("@ARG-RE/..", ""),
    },
    known.PSEUDO: {"POD 27": ("POD27", ""), "POD 27 on": ("POD27/..", "")},
    known.GIRL: {"after ECMO start": ("@ECMO/@PLT44", ""), "over 5 days": ("@ECMO+5d", "")},
    known.DELRUE: {"before heparin": ("../@ENOX", ""), "on heparin": ("@ENOX/..", ""), "": ("@ENOX/..", "")},
    known.GREEN: {"before day 6": ("../@PLT26", ""), "day 6": ("D6", ""), "day 10": ("D10", "")},
    known.FONDA: {"third day of UFH infusion": ("INF3", "")},
    known.RIVA: {"start": ("D0", ""), "five days after restart": ("@UFH2+5d", ""), "same": ("@UFH2+5d", "")},
    known.BOY: {
        "admission": ("@ADM", ""),
        "before": ("@ADM/@PLT40", ""),
        "three days before surgery": ("D-3", ""),
    },
    known.OGAWA: {"admission": ("D0", ""), "day 3": ("D3", "")},
    known.PHAN: {"on UFH": ("@UFH-BOL/..", "")},
    known.PCI: {
        "day 8": ("HD8", ""),
        "day 8 of admission": ("HD8", ""),
        "day 8 of admission, before PCI": ("HD8", "1"),
        "after 16,000 U UFH in total": ("HD8", "4"),
        "after 2,400 U AT gamma + 5,000 U UFH": ("HD8", "6"),
        "after the procedure": ("HD8/..", "7"),
    },
    known.PAROTID: {
        "admission": ("HD1", ""),
        "12th day of admission": ("HD12", ""),
        "within the next 3 days (day 15)": ("@INR8/@INR8+3d", ""),
        "before the fall": ("../@PLT15", ""),
        "28th day of admission = 8 days after starting heparin": ("HD28", ""),
        "5 days after stopping heparin (day 33)": ("@LMWH.end+5d", ""),
    },
    known.DOG_BITE: {
        "arrival": ("@ADM", "1"),
        "arrival (before heparin)": ("@ADM", "1"),
        "thirteen hours after admission": ("@ADM+13h", ""),
        "HD 2": ("HD2", ""),
        "HD 1": ("HD1", ""),
        "HD 6": ("HD6", ""),
    },
}
#: Sheet rows that are no laboratory row of the folder: (analyte, value) -> (table, id) that holds them.
HELD_ELSEWHERE = {
    known.OGAWA: {("platelets", "'thrombocytopenia' (no value in the part read)"): ("findings", "TCP")},
    known.DOG_BITE: {("platelets", "recovered (no value)"): ("events", "RECOVER")},
}
#: Typed rows that the sheet states outside its laboratory table, or that only the abstract or the part of the text that
#: was read again states, as (analyte, value).
BESIDE = {
    known.CPB: [("anti_pf4", "positive")],
    known.GREEN: [("anti_pf4", "not done")],
    known.BOY: [("anti_pf4", "positive"), ("systolic_bp", "78"), ("diastolic_bp", "47"), ("heart_rate", "124"), ("lvef", "7.1")],
    known.OGAWA: [("anti_pf4", "positive")],
    known.PCI: [("anti_pf4", "negative")],
    known.GIRL: [("anti_pf4_elisa", "strongly positive")],
    known.DELRUE: [("anti_pf4_pagia", "positive"), ("anti_pf4_elisa_igg", "positive"),
             ("serotonin_release_assay", "positive")],
    known.FONDA: [("platelet_aggregation_heparin", "positive")],
    known.PHAN: [("anti_pf4", "positive")],
    known.PAROTID: [("anti_pf4", "positive")],
    known.POSTPARTUM: [("sars_cov2_pcr", "negative")] * 3,
    known.DOG_BITE: [("systolic_bp", "93"), ("diastolic_bp", "54"), ("pcr_unspecified", "negative"),
               ("anti_pf4_elisa", "negative")],
}  # fmt: skip


def analyte(name: str, unit: str = "") -> str:
    """The vocabulary term of an analyte; what stands in brackets after it is no part of the name."""
    if (name, unit) in NAMES:
        return NAMES[name, unit]
    term = load().analytes.find(name) or load().analytes.find(re.sub(r" \(.*\)", "", name))
    assert term, f"analyte {name} is not in the vocabulary"
    return term.name


def is_target(row: Row) -> bool:
    """Whether a row of the laboratory table is a target."""
    return "target" in row["analyte"] or row["time as reported"] == "target"


def _when(case: str, reported: str) -> tuple[str, str]:
    if stay := re.fullmatch(r"\d+ \w+ \d{4} = LOS day (\d+)", reported):
        return f"LOS{stay[1]}", ""
    if case == known.POSTPARTUM:
        return f"H{reported}", ""
    return TIMES[case][reported]


def _reference(printed: str) -> tuple[str, str]:
    if printed in REFERENCES:
        return REFERENCES[printed]
    if "–" in printed:
        low, _, high = printed.split()[0].partition("–")
        return low, high
    return (printed, "") if printed.startswith(">") else ("", printed)


def _parts(case: str, row: Row) -> Iterator[tuple[str, str, str, str]]:
    """A row of the sheet as (analyte, value, unit, time): a cell with several results gives several."""
    name, value, unit, time = row["analyte"], row["value"].replace(",", ""), row["unit"], row["time as reported"]
    if name == "blood pressure":
        systolic, _, diastolic = value.partition("/")
        yield "blood pressure (first figure)", systolic, unit, time
        yield "blood pressure (second figure)", diastolic, unit, time
    elif case == known.POSTPARTUM and "/" in name:
        of_part = {"SARS": "", **dict(zip(name.split("/"), unit.split("; ") * 3, strict=False))}
        names = [f"SARS-CoV-2 {part}" if part.startswith("Ig") else part for part in name.split("/")]
        for part, result in zip(names, value.split("/"), strict=False):
            if result.strip() not in ("-", ""):
                yield part, result.strip(), of_part.get(part, "").replace("µ", "u"), time
    elif name == "LVEF" and " then " in value:
        first, last = value.split(" then ")
        yield from ((name, first, unit, time.split("; ")[0]), (name, last, unit, time.split("; ")[1]))
    elif match := re.fullmatch(r"(?:nadir )?(>=\d+|\d+) \(?fall (>\d+) ?%\)?", value):
        yield from (("platelets", match[1], unit, time), ("platelet_fall", match[2], "%", time))
    elif match := re.fullmatch(r"([\d.]+)-([\d.]+)", value):
        yield from ((name, match[1], unit, time), (name, match[2], unit, time))
    else:
        yield name, WORDS.get(row["value"], value), unit, time


def expected(case: str) -> Counter[Lab]:
    """Every laboratory value of the sheet."""
    found: Counter[Lab] = Counter()
    for row in sheet_table(case, "Labs and measured values"):
        if is_target(row) or (row["analyte"], row["value"]) in HELD_ELSEWHERE.get(case, {}):
            continue
        low, high = _reference(row["ref range"])
        for name, value, unit, time in _parts(case, row):
            term = analyte(name, unit)
            # The sheet notes that the aPTT column of the dated table has no unit although it writes one.
            printed = "" if (case, term) == (known.TABLE, "aptt") else UNITS.get(unit, unit)
            found[term, WORDS.get(value, value), printed, low, high, *_when(case, time)] += 1
    return found


def typed(case: str) -> Counter[Lab]:
    """Every typed laboratory row in the same shape."""
    return Counter(
        (
            analyte(row["analyte"], row.get("unit", "")), row["value"], row.get("unit", ""), row.get("ref_low", ""),
            row.get("ref_high", ""), row["when"], row.get("order", ""),
        )
        for row in labs(case)
    )  # fmt: skip
