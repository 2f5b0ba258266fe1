"""Clinical scores: the 4Ts as a box of items by readings; HEP, ISTH overt DIC and SIC item by item."""

from typing import Any

from markupsafe import Markup, escape

from casetrace.report.case_data import CaseData, Metric
from casetrace.report.case_page.metric_tables import named_rows
from casetrace.report.render.tables import Column, Group, Table
from casetrace.report.text import metric_text, names
from casetrace.report.text.evidence import Evidence
from casetrace.values import display
from casetrace.vocabulary import reasons

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
#: CountRange below the box.
SCORES = {
    "hep": ("HEP score (HIT expert probability)", ["hep_total", "hep_at_least_2", "hep_at_least_5"]),
    "isth_dic_2001": (
        "ISTH overt DIC score, form of 2001",
        ["isth_dic_2001_total", "isth_dic_2001_total_without_inr", "isth_dic_2001_overt"],
    ),
    "isth_dic_2025": (
        "ISTH overt DIC score, revision of 2025",
        ["isth_dic_2025_total", "isth_dic_2025_total_without_inr", "isth_dic_2025_overt"],
    ),
    "sic": ("Sepsis-induced coagulopathy (SIC)", ["sic_total", "sic_met"]),
}
#: What a reading beside `data` leaves out, behind the item that it changes.
VARIANTS = {
    "data:without_inr": "PT in seconds only",
    "data:cause_counts": "a cause counts",
    "data:no_other_cause": "no other cause counts",
}
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
    return Markup('<span class="points">{}</span> <span class="why">{}</span>').format(
        linked, evidence.prose(reasons.read(row["reasons"]), row["reason"])
    )


def _total(case: CaseData, evidence: Evidence, reading: str) -> Markup | str:
    """The total of a reading as the metrics have it; a reading without one has no total here."""
    baseline = reading.removeprefix("data:")
    if reading in TOTALS:
        metric = case.metric(TOTALS[reading])
    else:
        metric = case.metric("four_ts_total_by_baseline", baseline) if baseline != reading else None
    if metric is None or metric.status == "no_data":
        return ""
    return Markup('<span class="points">{}</span>').format(evidence.metric(metric, metric_text.full(metric, case)))


def _beside(case: CaseData, evidence: Evidence) -> list[Markup | str]:
    """The printed total, and the total from the data with its reason and band, one line each."""
    notes: list[Markup | str] = []
    for metric in (case.metric(name) for name in BESIDE):
        if metric is not None and metric.status != "no_data":
            linked = evidence.metric(metric, metric_text.full(metric, case))
            # The box above tells what decides each item of the total.
            has_reason = metric.reason and metric.name != TOTALS["data"] and metric_text.has_value(metric, case)
            reason = Markup(" ({})").format(evidence.prose(metric.reasons, metric.reason)) if has_reason else ""
            notes.append(
                Markup("{}: {}{}. Rows: {}.").format(
                    metric_text.label(metric), linked, reason, named_rows(evidence, metric)
                )
            )
    return notes


def others(case: CaseData, evidence: Evidence) -> Table:
    """Table 10: HEP, ISTH overt DIC and SIC, item by item, with totals and verdicts."""
    groups = [
        Group(
            title + (", worst day" if score in DAILY else ""),
            [*_items(case, evidence, score), *_sums(case, evidence, metrics), *_split(case, evidence, score)],
        )
        for score, (title, metrics) in SCORES.items()
        if any(r["score"] == score and r["status"] != "not_applicable" for r in case.rows("score_items"))
    ]
    return Table(
        id="table-scores",
        number=10,
        caption="Other scores from the data: each item with the points that the source allows.",
        columns=[
            Column("Item"), Column("Points", is_number=True), Column("Basis"),
            Column("What decides it, or is missing", is_prose=True), Column("Rows"),
        ],
        groups=groups,
        notes=[n for score in SCORES for n in _not_applicable(case, evidence, score)],
        empty="No other score was evaluated for this case.",
    )  # fmt: skip


def _items(case: CaseData, evidence: Evidence, score: str) -> list[list[Markup | str]]:
    """The items of the first reading, and of the others those that differ from it."""
    rows = [r for r in case.rows("score_items") if r["score"] == score]
    rows.sort(key=lambda r: (r["position"], r["reading"]))
    first = {r["item"]: _said(r) for r in rows if r["reading"] == "data"}
    kept = [r for r in rows if r["reading"] == "data" or _said(r) != first.get(r["item"])]
    return [_item_row(evidence, r) for r in kept]


def _said(row: dict[str, Any]) -> tuple[object, ...]:
    return (row["low"], row["high"], row["reasons"], row["reason"])


def _item_row(evidence: Evidence, row: dict[str, Any]) -> list[Markup | str]:
    ids = [str(i) for i in row["row_ids"] or []]
    reading = str(row["reading"])
    variant = "" if reading == "data" else f" ({VARIANTS.get(reading, reading.partition(':')[2].replace('_', ' '))})"
    basis = "not decided" if row["status"] == "not_computable" and not ids else str(row["basis"])
    return [
        names.heading(names.term(str(row["item"]))) + variant,
        evidence.value(display.span(row["low"], row["high"]) or "not computable", ids),
        basis if basis == str(row["basis"]) else f"{row['basis']}, {basis}",
        evidence.prose(reasons.read(row["reasons"]), row["reason"]),
        evidence.some(ids),
    ]


def _sums(case: CaseData, evidence: Evidence, metrics: list[str]) -> list[list[Markup | str]]:
    """Totals and verdicts as the metrics have them; what is open is named once, with the total."""
    found = [m for m in (case.metric(name) for name in metrics) if m is not None and m.status != "not_applicable"]
    return [
        [
            Markup("<b>{}</b>").format(metric_text.label(m)),
            Markup("<b>{}</b>").format(evidence.metric(m, _result(m, case))),
            "total" if m.unit == "{score}" else "verdict",
            evidence.prose(m.reasons, m.reason, 8),
            named_rows(evidence, m),
        ]
        for m in found
    ]


#: Scores of one day.
DAILY = ("isth_dic_2001", "isth_dic_2025", "sic")
#: Totals of a score that are split: by day, or by what the source says of other causes.
SPLIT = {
    "hep": "hep_total_by_causes",
    **{score: f"{score}_total_by_day" for score in DAILY},
}


def _split(case: CaseData, evidence: Evidence, score: str) -> list[list[Markup | str]]:
    """The total of each day, or under each reading of the causes."""
    found = [m for m in case.strata(SPLIT[score]) if m.status != "not_applicable"]
    found.sort(key=lambda m: (len(m.stratum), m.stratum))
    return [
        [
            Markup("{}: {}").format("Total", _stratum(m.stratum)),
            evidence.metric(m, _result(m, case)),
            "total",
            evidence.prose(m.reasons, m.reason, 3),
            named_rows(evidence, m),
        ]
        for m in found
    ]


def _stratum(stratum: str) -> str:
    return (
        f"day {display.number(int(stratum[1:]))}" if stratum[1:].lstrip("-").isdigit() else VARIANTS[f"data:{stratum}"]
    )


def _result(metric: Metric, case: CaseData) -> str:
    if metric.unit == "{yes_no}" and metric.value is None:
        return "open"
    return metric_text.full(metric, case) if metric.unit == "{yes_no}" else display.span(metric.low, metric.high)


def _not_applicable(case: CaseData, evidence: Evidence, score: str) -> list[Markup | str]:
    rows = [r for r in case.rows("score_items") if r["score"] == score and r["status"] == "not_applicable"]
    said = sorted({evidence.prose(reasons.read(r["reasons"]), r["reason"]) for r in rows})
    return [Markup("{}: does not apply; {}.").format(SCORES[score][0], Markup(", ").join(said))] if said else []
