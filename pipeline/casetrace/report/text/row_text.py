"""A raw row in words: what it is about, what it says, and when. Its id stands beside the words."""

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

from casetrace.report.case_data import CaseData
from casetrace.report.text import names
from casetrace.values import display

Row = dict[str, Any]
#: Makes the words of rows a link, or leaves them as they are.
Link = Callable[[str, Sequence[str]], Markup]

#: Rows within a sentence that are told one by one; more are counted.
TOLD = 3

#: What an amount lacks that cannot be added up.
AMOUNT_LACKS = {
    "not_printed": "no amount is printed",
    "needs_weight": "printed per kg, and no weight is printed",
    "needs_unit": "not in a unit of the drug",
    "implausible_weight": "per kg, and the weight is not plausible",
    "unreadable": "the amount cannot be read",
    "disputed": "the source gives more than one amount",
}
#: Routes by which a single dose is not called a bolus.
NOT_INTO_A_VEIN = ("sc", "oral", "im", "inhaled", "local")
#: What a number is when it is not one measurement, as it is said behind the number.
STATS = {"min": "lowest", "max": "highest", "range": "span of several", "initial": "initial value"}


def what(table: str, row: Row) -> str:
    """What the row is about: an analyte, a drug with its route and kind, an event."""
    if table == "patient":
        return names.term(str(row["item"]))
    if table in ("labs", "targets"):
        name = names.term(str(row["analyte"]))
        return f"{name} target" if table == "targets" else name
    if table == "doses":
        return " ".join(str(part) for part in (row["drug"], row["route"], kind(row)) if part)
    if table == "events":
        return names.term(str(row["event"]))
    if table == "findings":
        return f"{row['finding']} ({row['site']})" if row["site"] else str(row["finding"])
    if table == "reported_scores":
        return f"{names.term(str(row['score']))}, {names.term(str(row['item']))}"
    return str(row["claim"])


def kind(row: Row) -> str:
    """The kind of a dose; what is typed as a bolus because it is given at one instant is no bolus under the skin."""
    return "dose" if row["kind"] == "bolus" and row["route"] in NOT_INTO_A_VEIN else str(row["kind"])


def reported_value(table: str, row: Row) -> str:
    """The value of a row as the source prints it, with its unit."""
    if table == "events":
        return ""
    if table == "findings":
        grade = f", {row['grade']}" if row["grade"] else ""
        return str(row["status"]).replace("_", " ") + grade
    if table == "reported_scores":
        points = f"{display.reported(str(row['points_reported']))} points" if row["points_reported"] else ""
        label = f"labelled “{row['label']}”" if row["label"] else ""
        return ", ".join(p for p in (points, label) if p) or "not printed"
    amount = row["amount_reported"] if table == "doses" else row["value_reported"]
    text = _with_unit(row, None if amount is None else str(amount))
    if table == "claims":
        text = "" if amount is None else f"{display.comparator(str(row['comparator']))}{text}"
    stat = row.get("stat")
    return f"{text} ({stat})" if stat else text


def _with_unit(row: Row, amount: str | None) -> str:
    about = str(row.get("drug") or row.get("analyte") or "")
    unit = display.unit_text(str(row["unit_reported"]), about) if row["unit_reported"] else ""
    is_number = amount is not None and any(sign.isdigit() for sign in amount)  # a word carries no unit
    return display.quantity(display.reported(amount), unit if is_number else "")


def time(case: CaseData, row: Row, name: str = "time") -> str:
    """``time``, ``start`` or ``end`` of a row as precisely as the source tells it, else ``time not given``."""
    bounds = (row[f"{name}_earliest_min"], row[f"{name}_latest_min"])
    return display.when(row[f"{name}_form"], row[f"{name}_min"], *bounds, case.day_starts, case.observed)


def noun(case: CaseData, row_id: str) -> str:
    """The row within a sentence: ``platelets 224 × 10⁹/L (day 0)``, ``unfractionated heparin (day 0)``, ``sepsis``."""
    table, row = case.row_of[row_id]
    if table == "labs":
        aside = ", ".join(p for p in (STATS.get(row["stat"], row["stat"] or ""), _known_time(case, table, row)) if p)
        return f"{what(table, row)} {_lab_value(row)}" + (f" ({aside})" if aside else "")
    if table == "doses":
        said = " ".join(p for p in (str(row["drug"]), _dose(row)) if p)
        at = _known_time(case, table, row)
        return f"{said} ({at})" if at else said
    if table == "claims":
        return f"the statement “{row['claim']}”"
    at = _known_time(case, table, row) if table in ("events", "findings") else ""
    return f"{what(table, row)} ({at})" if at else what(table, row)


def aside(case: CaseData, row_id: str) -> str:
    """The row behind words that already say what it is: its time, else its place in the source."""
    table, row = case.row_of[row_id]
    at = _known_time(case, table, row)
    place = str(row["evidence"] or "")
    if table in ("findings", "reported_scores", "claims"):
        return place or at or "no place given"
    return at or "time not given"


def listed(
    case: CaseData, ids: Sequence[str], words: Callable[[str], str], link: Link, is_aside: bool = False
) -> Markup:
    """Rows within a sentence, each a link; many of one drug, or rows that read alike, are counted.

    Args:
        case: The case that has the rows.
        ids: The rows.
        words: Row id -> its words: `noun` or `aside`.
        link: Makes the words of rows a link; it escapes them.
        is_aside: Whether the words stand in brackets behind what they are about; they are never counted there.
    """
    said: dict[str, list[str]] = {}
    for row_id in ids:
        said.setdefault(words(row_id), []).append(row_id)
    if not is_aside and len(ids) > TOLD:
        return link(_kind(case, ids), ids)
    linked = [
        link(f"{len(rows)} × {text}" if len(rows) > 1 and not is_aside else text, rows) for text, rows in said.items()
    ]
    if is_aside or len(linked) == 1:
        return Markup(", ").join(linked)
    return Markup(", ").join(linked[:-1]) + Markup(" and ") + linked[-1]


def _kind(case: CaseData, ids: Sequence[str]) -> str:
    """What many rows are: doses of a drug, results of an analyte, findings by name."""
    tables = {case.row_of[row][0] for row in ids}
    drugs = {str(case.row_of[row][1].get("drug") or "") for row in ids}
    analytes = {str(case.row_of[row][1].get("analyte") or "") for row in ids}
    if tables == {"findings"}:
        return ", ".join(dict.fromkeys(what(*case.row_of[row]) for row in ids))
    kind = "rows"
    if tables == {"doses"}:
        kind = f"dosing entries of {drugs.pop()}" if len(drugs) == 1 else "dosing entries"
    elif tables == {"labs"}:
        kind = f"results of {names.term(analytes.pop())}" if len(analytes) == 1 else "results"
    return f"{len(ids)} {kind}"


def nothing_word(without: int, doses: int) -> str:
    """What to call an amount of which nothing is known, when so many of the dosing entries behind it have no amount."""
    return "not printed" if doses and without == doses else "not known"


def _lab_value(row: Row) -> str:
    """In the unit that metrics are computed in, so that it agrees with the numbers beside it; a word as printed."""
    value = row["value_reported"]
    if value is None:
        return "without a number"
    if row["value"] is not None and row["unit"] is not None:
        return display.quantity(display.exact(row["value"]), display.unit_text(row["unit"], row["analyte"]))
    is_number = any(sign.isdigit() for sign in str(value))
    return _with_unit(row, str(value)) if is_number else f"“{value}”"


def _dose(row: Row) -> str:
    """The amount or rate as printed, or as it was read where the print cannot be used; empty where none is printed."""
    if row["read_as"]:
        amount, _, unit = str(row["read_as"]).partition(" ")
        return display.quantity(display.reported(amount), unit)
    return "" if row["amount_reported"] is None else _with_unit(row, str(row["amount_reported"]))


def _known_time(case: CaseData, table: str, row: Row) -> str:
    name = "start" if table in ("doses", "targets") else "time"
    if f"{name}_form" not in row or row[f"{name}_earliest_min"] is None:
        return ""
    said = time(case, row, name)
    return "" if said == "time not given" else said
