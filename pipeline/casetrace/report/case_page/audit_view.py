"""The audit of claims: counts by verdict, the claims that need a look, the whole table; the checks of the curator."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from casetrace.report.case_data import CaseData
from casetrace.report.render.tables import Column, Table, single
from casetrace.report.text import names
from casetrace.report.text.evidence import Evidence, anchor
from casetrace.schemas.results import CONSEQUENCES, VERDICTS
from casetrace.vocabulary import reasons

#: A sign for each verdict, so that nothing rests on colour.
SIGNS = {
    "reproduced": "●",
    "possible": "◐",
    "not shown by the printed numbers": "○",
    "contradicted by the printed numbers": "✕",
    "two places differ": "≠",
    "not computable": "?",
    "nothing to test against": "–",
}
LOOK_AT = ["contradicted by the printed numbers", "two places differ"]
#: What needs a look stands first.
ORDER = [
    *LOOK_AT,
    "not computable",
    "not shown by the printed numbers",
    "possible",
    "nothing to test against",
    "reproduced",
]
#: What stands in rounding or assay variation is a remark, not a finding.
REMARK = CONSEQUENCES[-1]


@dataclass(frozen=True)
class Count:
    """How many claims got a verdict, and how many of them lie within rounding or assay variation."""

    sign: str
    verdict: str
    number: int
    kind: str
    remarks: int


def kind(verdict: str) -> str:
    """Class name of a verdict."""
    return verdict.split(" ")[0]


def counts(case: CaseData) -> list[Count]:
    """Statements of the article by verdict in the order of the vocabulary, without the verdicts that none got."""
    found = [(str(r["verdict"]), r["consequence"] == REMARK) for r in _rows(case, "authors")]
    numbers = {v: (sum(f[0] == v for f in found), found.count((v, True))) for v in VERDICTS}
    return [Count(SIGNS[v], v, n, kind(v), remarks) for v, (n, remarks) in numbers.items() if n]


def to_look_at(case: CaseData, evidence: Evidence) -> list[Markup]:
    """One line for each statement of the article that the printed numbers do not bear out, what matters most first."""
    return [
        Markup('<a href="#{}">{}</a> <b>{}</b>: {}').format(
            anchor("claim-", str(r["claim_id"])),
            _verdict(r),
            r["claim"],
            explained(evidence, r),
        )
        for r in _rows(case, "authors")
        if r["verdict"] in LOOK_AT
    ]


def table(case: CaseData, evidence: Evidence) -> Table:
    """Table 11: each statement of the article, what the printed numbers give, and the verdict."""
    return Table(
        id="table-audit",
        number=11,
        caption="What the authors state, and what their own printed numbers give.",
        columns=_columns("Claim, in our words", "Stated"),
        groups=single(_lines(case, evidence, "authors")),
        empty="No claim of this case was audited.",
    )


def checks(case: CaseData, evidence: Evidence) -> Table:
    """What the curator worked out from the printed figures, tested in the same way."""
    return Table(
        id="table-checks",
        caption="Worked out by the curator from the printed figures; none of it is a statement of the article.",
        columns=_columns("Check", "Worked out"),
        groups=single(_lines(case, evidence, "curator")),
        empty="Nothing was worked out beside what the article states.",
    )


def explained(evidence: Evidence, row: dict[str, Any]) -> Markup:
    """What follows from which numbers; why there is nothing to test is told from its codes."""
    found = reasons.read(row["reasons"])
    if not found:
        return evidence.prose((), str(row["explanation"]))
    return Markup("{}: {}.").format(names.heading(str(row["verdict"])), evidence.prose(found, None))


def _columns(first: str, stated: str) -> list[Column]:
    return [
        Column(first), Column(stated), Column("Printed numbers give"), Column("Verdict"),
        Column("What follows from which numbers", is_prose=True), Column("Rows"),
    ]  # fmt: skip


def _rows(case: CaseData, by: str) -> list[dict[str, Any]]:
    """Rows of the audit: what changes most first, then by verdict."""

    def place(row: dict[str, Any]) -> tuple[int, int, str]:
        weight = str(row["consequence"])
        grade = CONSEQUENCES.index(weight) if weight in CONSEQUENCES else len(CONSEQUENCES)
        return grade, ORDER.index(str(row["verdict"])), str(row["claim_id"])

    return sorted((r for r in case.rows("audit") if r["by"] == by), key=place)


def _lines(case: CaseData, evidence: Evidence, by: str) -> list[list[Markup | str]]:
    lines: list[list[Markup | str]] = []
    for r in _rows(case, by):
        claim = Markup('<span id="{}">{}</span>').format(anchor("claim-", str(r["claim_id"])), str(r["claim"]))
        stated = evidence.value(str(r["stated"] or "no number"), [str(r["claim_id"])])
        ids = [str(i) for i in _list(r["row_ids"])]
        name = "remark" if r["consequence"] == REMARK else kind(str(r["verdict"]))
        verdict = Markup('<span class="verdict {}">{}</span>').format(name, _verdict(r))
        given = evidence.value(str(r["given"]), ids) if r["given"] else ""
        lines.append([claim, stated, given, verdict, explained(evidence, r), evidence.links(ids)])
    return lines


def _verdict(row: dict[str, Any]) -> str:
    """Sign and verdict, with what a contradiction changes."""
    word = str(row["verdict"])
    weight = f" ({row['consequence']})" if row["consequence"] else ""
    return f"{SIGNS[word]} {word}{weight}"


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []
