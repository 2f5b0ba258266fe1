"""The audit of claims: counts by verdict, the claims that need a look, the whole table."""

from dataclasses import dataclass

from markupsafe import Markup

from casetrace.report.case_data import CaseData
from casetrace.report.render.tables import Column, Table, single
from casetrace.report.text.evidence import Evidence, anchor
from casetrace.schemas.results import VERDICTS
from casetrace.values import display

#: A sign for each verdict, so that nothing rests on colour.
SIGNS = {
    "reproduced": "●",
    "possible": "◐",
    "contradicted by the printed numbers": "✕",
    "two places differ": "≠",
    "not computable": "?",
    "nothing to test against": "–",
}
#: What needs a look stands first.
ORDER = ["contradicted by the printed numbers", "two places differ", "not computable", "possible",
         "nothing to test against", "reproduced"]  # fmt: skip
LOOK_AT = ["contradicted by the printed numbers", "two places differ"]


@dataclass(frozen=True)
class Count:
    """How many claims got a verdict."""

    sign: str
    verdict: str
    number: int
    kind: str


def kind(verdict: str) -> str:
    """Class name of a verdict."""
    return verdict.split(" ")[0]


def counts(case: CaseData) -> list[Count]:
    """Claims by verdict in the order of the vocabulary, without the verdicts that none got."""
    found = [str(r["verdict"]) for r in case.rows("audit")]
    return [Count(SIGNS[v], v, found.count(v), kind(v)) for v in VERDICTS if v in found]


def to_look_at(case: CaseData, evidence: Evidence) -> list[Markup]:
    """One line for each claim that the printed numbers do not bear out, with a link to its row of the audit."""
    return [
        Markup('<a href="#{}">{}</a> <b>{}</b>: {}').format(
            anchor("claim-", str(r["claim_id"])),
            f"{SIGNS[str(r['verdict'])]} {r['verdict']}",
            r["claim"],
            evidence.prose(str(r["explanation"])),
        )
        for verdict in LOOK_AT
        for r in case.rows("audit")
        if r["verdict"] == verdict
    ]


def table(case: CaseData, evidence: Evidence) -> Table:
    """Table 11: each claim, what is stated, what the printed numbers give, and the verdict."""
    rows: list[list[Markup | str]] = []
    for r in sorted(case.rows("audit"), key=lambda r: (ORDER.index(str(r["verdict"])), str(r["claim_id"]))):
        verdict = str(r["verdict"])
        claim = Markup('<span id="{}">{}</span>').format(anchor("claim-", str(r["claim_id"])), str(r["claim"]))
        stated = evidence.value(str(r["stated"] or "no number"), [str(r["claim_id"])])
        ids = [str(i) for i in _list(r["row_ids"])]
        rows.append([claim, stated, evidence.value(_given(r), ids) if _given(r) else "",
                     Markup('<span class="verdict {}">{}</span>').format(kind(verdict), f"{SIGNS[verdict]} {verdict}"),
                     evidence.prose(str(r["explanation"])), evidence.links(ids)])  # fmt: skip
    return Table(
        id="table-audit",
        number=11,
        caption="What the authors state, and what their own printed numbers give.",
        columns=[Column("Claim, in our words"), Column("Stated"), Column("Printed numbers give"), Column("Verdict"),
                 Column("Why, and what would have to be true", is_prose=True), Column("Rows")],
        groups=single(rows),
        empty="No claim of this case was audited.",
    )  # fmt: skip


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _given(row: dict[str, object]) -> str:
    """Best value with bounds; the bounds alone where there is no best value."""
    unit = str(row["unit"] or "")
    shown = display.unit_text(unit, f"{row['claim']} heparin" if "heparin" in str(row["claim"]).lower() else "")
    places = display.decimals_for(unit)
    if unit == "{yes_no}":
        return "yes or no" if row["value"] is None else "yes" if row["value"] == 1 else "no"
    low, high = (None if row[k] is None else float(str(row[k])) for k in ("low", "high"))
    bounds = display.span(low, high, places)
    if row["value"] is None:
        return display.quantity(bounds, shown) if bounds else ""
    best = display.quantity(display.number(float(str(row["value"])), places), shown)
    return f"{best} ({bounds})" if low != high and bounds else best
