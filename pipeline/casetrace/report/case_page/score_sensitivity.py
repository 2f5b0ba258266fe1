"""What each undecided item of a score could turn: the bands that stay possible with its fewest and its most points."""

from typing import Any

from markupsafe import Markup

from casetrace.report.case_data import CaseData
from casetrace.report.case_page.scores import VARIANTS
from casetrace.report.render.tables import Column, Group, Table
from casetrace.report.text import names
from casetrace.report.text.evidence import Evidence
from casetrace.values import display
from casetrace.vocabulary import reasons

TITLES = {
    "4ts": "4Ts",
    "hep": "HEP",
    "isth_dic_2001": "ISTH overt DIC (2001)",
    "isth_dic_2025": "ISTH overt DIC (2025)",
    "sic": "SIC",
}
#: Signs beside the effect, so that nothing rests on colour.
SIGNS = {
    "decides it": "●",
    "narrows it": "◐",
    "can turn it only together with others": "○",
    "cannot turn it": "–",
}


def table(case: CaseData, evidence: Evidence) -> Table:
    """Table 12: a row for each undecided item; readings that agree with the first are told once."""
    rows = [r for r in case.rows("score_sensitivity") if r["reading"] == "data" or r["reading"] in VARIANTS]
    groups = []
    for score, title in TITLES.items():
        for reading in ["data", *VARIANTS]:
            found = sorted(
                (r for r in rows if (r["score"], r["reading"]) == (score, reading)), key=lambda r: int(r["position"])
            )
            if found:
                groups.append(Group(_heading(title, found[0]), [_row(evidence, r) for r in found]))
    return Table(
        id="table-turns",
        number=12,
        caption="Scores: what each undecided item could turn, the other undecided items left as open as they are.",
        columns=[
            Column("Undecided item"), Column("Points", is_number=True), Column("With the fewest points"),
            Column("With the most points"), Column("Alone, the item"), Column("What is missing", is_prose=True),
            Column("Rows"),
        ],
        groups=groups,
        empty="No score of this case has an undecided item.",
    )  # fmt: skip


def _heading(title: str, row: dict[str, Any]) -> str:
    variant = f" ({VARIANTS[row['reading']]})" if row["reading"] in VARIANTS else ""
    day = "" if row["score"] in ("4ts", "hep") else ", worst day"
    return (
        f"{title}{variant}{day}: {display.span(row['total_low'], row['total_high'])} points; possible now: {row['now']}"
    )


def _row(evidence: Evidence, row: dict[str, Any]) -> list[Markup | str]:
    return [
        names.heading(names.term(str(row["item"]))),
        display.span(row["low"], row["high"]),
        str(row["with_fewest"]),
        str(row["with_most"]),
        f"{SIGNS[str(row['effect'])]} {row['effect']}",
        evidence.prose(reasons.read(row["reasons"]), row["reason"]),
        evidence.some(str(i) for i in row["row_ids"] or []),
    ]
