"""Clinical scores as a box: items by readings, with printed points, printed labels and data side by side."""

from typing import Any

from markupsafe import Markup, escape

from pipeline import display
from pipeline.reporting import metric_text, names
from pipeline.reporting.case_data import CaseData
from pipeline.reporting.evidence import Evidence
from pipeline.reporting.metric_tables import named_rows
from pipeline.reporting.tables import Column, Group, Table

READINGS = {
    "printed_points": "Points as printed",
    "printed_labels": "Points of the printed label",
    "data": "From the data",
    "data:before_heparin": "Data, baseline before heparin",
    "data:since_heparin": "Data, baseline since heparin",
}
FOUR_TS = "4ts"
#: The metric that holds the total of a reading.
TOTALS = {
    "printed_points": "four_ts_printed_points",
    "printed_labels": "four_ts_printed_labels",
    "data": "four_ts_total",
}
#: Told below the box.
BESIDE = ["four_ts_printed_total", "four_ts_total", "four_ts_is_low"]


def four_ts(case: CaseData, evidence: Evidence) -> Table:
    """Table 9: the 4Ts box; an item without points in a reading says so."""
    rows = [r for r in case.rows("score_items") if r["score"] == FOUR_TS]
    found = {str(row["reading"]) for row in rows}
    readings = [r for r in READINGS if r in found] + sorted(found - set(READINGS))
    plain = {"printed_points"} | ({"data"} if any(r.startswith("data:") for r in found) else set())
    items = sorted({(int(str(r["position"])), str(r["item"])) for r in rows})
    cells: list[list[Markup | str]] = []
    for _, item in items:
        by_reading = {str(r["reading"]): r for r in rows if r["item"] == item}
        cells.append(
            [_item(item, by_reading), *(_points(evidence, by_reading.get(r), r not in plain) for r in readings)]
        )
    totals: list[Markup | str] = ["Total", *(_total(case, evidence, reading) for reading in readings)]
    groups = [Group("", [*cells, totals])]
    return Table(
        id="table-4ts",
        number=9,
        caption="4Ts score for heparin-induced thrombocytopenia: each item by reading of the source.",
        columns=[Column("Item"), *(Column(READINGS.get(r, r.replace("_", " ")), "points") for r in readings)],
        groups=groups if cells else [],
        notes=_beside(case, evidence),
        empty="The 4Ts score was not evaluated for this case.",
    )


def _item(item: str, by_reading: dict[str, dict[str, Any]]) -> str:
    bases = sorted({str(r["basis"]) for r in by_reading.values()} - {"printed"})
    return names.heading(names.term(item)) + (f" ({', '.join(bases)})" if bases else "")


def _points(evidence: Evidence, row: dict[str, Any] | None, has_reason: bool) -> Markup:
    """Points as a number or an interval, and what decides them unless another column says so."""
    if row is None:
        return escape("not in this reading")
    text = display.span(row["low"], row["high"]) or "not computable"
    linked = evidence.value(text, row["row_ids"] or []) if row["row_ids"] else Markup("<b>{}</b>").format(text)
    if not has_reason:
        return Markup('<span class="points">{}</span>').format(linked)
    return Markup('<span class="points">{}</span> <span class="why">{}</span>').format(linked, row["reason"])


def _total(case: CaseData, evidence: Evidence, reading: str) -> Markup | str:
    """The total of a reading as the metrics have it; a reading without one has no total here."""
    metric = case.metric(TOTALS[reading]) if reading in TOTALS else None
    if metric is None or metric.status == "no_data":
        return ""
    return Markup('<span class="points">{}</span>').format(evidence.metric(metric, metric_text.full(metric, case)))


def _beside(case: CaseData, evidence: Evidence) -> list[Markup | str]:
    """The printed total, and the total from the data with its reason and band, one line each."""
    notes: list[Markup | str] = []
    for metric in (case.metric(name) for name in BESIDE):
        if metric is not None and metric.status != "no_data":
            linked = evidence.metric(metric, metric_text.full(metric, case))
            reason = (
                f" ({metric.reason})" if metric.reason and metric.reason not in metric_text.full(metric, case) else ""
            )
            notes.append(
                Markup("{}: {}{}. Rows: {}.").format(
                    metric_text.label(metric), linked, reason, named_rows(evidence, metric)
                )
            )
    return notes
