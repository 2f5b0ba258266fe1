"""What would change a verdict: everything the source leaves open, and what hangs on it."""

from typing import Any

from markupsafe import Markup

from casetrace.report.case_data import CaseData, Metric
from casetrace.report.case_page import audit_view
from casetrace.report.case_page.metric_tables import named_rows
from casetrace.report.render.tables import Column, Group, Table
from casetrace.report.text import metric_text, row_text
from casetrace.report.text.evidence import Evidence

#: Numbers whose bounds a verdict hangs on.
PIVOTAL = ("iv_ufh_total", "iv_ufh_max_24h", "iv_ufh_max_24h_mean_rate_per_kg", "four_ts_total", "platelets_baseline")

#: Reasons that are told; the list of derived numbers has all of them.
REASONS = 4

#: Verdicts on a statement of the article that the printed numbers leave open.
UNDECIDED = ("possible", "not shown by the printed numbers", "not computable")
#: The verdicts that hang on a number, by the beginning of its name.
HANGS_ON = {
    "iv_ufh_max_24h": ["resistance_dose_24h"],
    "iv_ufh_max_24h_mean_rate_per_kg": ["resistance_mean_rate", "resistance_mean_rate_icu"],
    "four_ts_total": ["four_ts_is_low"],
}


def table(case: CaseData, evidence: Evidence) -> Table:
    """Table 13: open verdicts, open totals, claims that could not be decided, and times not known to the minute."""
    metrics = list(case.metrics.values())
    open_verdicts = [m for m in metrics if m.unit == "{yes_no}" and m.value is None and m.status == "not_computable"]
    spread = [m for m in metrics if m.name.startswith(PIVOTAL) and m.low != m.high and m.status != "no_data"]
    undecided = [r for r in case.rows("audit") if r["by"] == "authors" and r["verdict"] in UNDECIDED]
    groups = [
        Group("Verdicts that stay open", [_open(case, evidence, m) for m in open_verdicts]),
        Group("Numbers that the source leaves between bounds", [_open(case, evidence, m) for m in spread]),
        Group("Claims that the printed numbers do not decide", [_claim(evidence, r) for r in undecided]),
        Group("Doses without a known amount", _doses(case, evidence)),
    ]
    return Table(
        id="table-unknowns",
        number=13,
        caption="What the source leaves open, and what it could turn.",
        columns=[
            Column("Question"),
            Column("Could be"),
            Column("What hangs on it"),
            Column("What is missing", is_prose=True),
            Column("Rows"),
        ],
        groups=groups,
        empty="Nothing that a verdict hangs on is left open.",
    )


def _open(case: CaseData, evidence: Evidence, metric: Metric) -> list[Markup | str]:
    could = metric_text.bounds(metric, case) or ("yes or no" if metric.unit == "{yes_no}" else "any value")
    missing = evidence.prose(metric.reasons, metric.reason, REASONS) or Markup(
        "times or values known only within bounds"
    )
    return [
        metric_text.label_in(metric, case),
        evidence.metric(metric, could),
        _hanging(case, evidence, metric),
        missing,
        named_rows(evidence, metric),
    ]


def _hanging(case: CaseData, evidence: Evidence, metric: Metric) -> Markup:
    """The verdicts that rest on the number, and whether they hold at both of its bounds."""
    if metric.unit == "{yes_no}":
        return Markup("this verdict")
    parts = []
    for verdict in (case.metric(name) for name in HANGS_ON.get(metric.name, [])):
        if verdict is None or verdict.status == "no_data":
            continue
        word = "open" if verdict.value is None else f"{metric_text.best(verdict, case)} at both bounds"
        parts.append(Markup("{}: {}").format(metric_text.label(verdict), evidence.metric(verdict, word)))
    return Markup("; ").join(parts)


def _claim(evidence: Evidence, row: dict[str, Any]) -> list[Markup | str]:
    ids = [str(i) for i in row["row_ids"]] if isinstance(row["row_ids"], list) else []
    claim = evidence.value(str(row["claim"]), [str(row["claim_id"])])
    return [claim, str(row["verdict"]), "the claim", audit_view.explained(evidence, row), evidence.links(ids)]


def _doses(case: CaseData, evidence: Evidence) -> list[list[Markup | str]]:
    """A row for each dosing entry; the occurrences of a repeated one lack the same."""
    unknown = {str(r["row_id"]): r for r in case.rows("doses") if r["amount_status"] != "known"}
    return [
        [
            row_text.noun(case, row_id),
            "any amount",
            "every total of the drug that it counts in",
            row_text.AMOUNT_LACKS[str(row["amount_status"])],
            evidence.links([row_id]),
        ]
        for row_id, row in unknown.items()
    ]
