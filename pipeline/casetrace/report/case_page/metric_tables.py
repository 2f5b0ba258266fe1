"""Tables of derived numbers: heparin by day and window, platelets, monitoring, resistance criteria."""

from markupsafe import Markup

from casetrace.report.case_data import CaseData, Metric
from casetrace.report.case_page import day_runs, platelet_episodes
from casetrace.report.render.tables import Column, Group, Table, single
from casetrace.report.text import metric_text, names
from casetrace.report.text.evidence import Evidence

#: Reasons that are told; the list of derived numbers has all of them.
REASONS = 4
#: Rows of a number that are named in a table; more are counted, and listed under the number's entry.
ROWS_NAMED = 8

HEPARIN = [
    "iv_ufh_total",
    "iv_ufh_bolus_total",
    "iv_ufh_infusion_total",
    "iv_ufh_n_boluses",
    "iv_ufh_total_per_kg",
    "iv_ufh_first_start",
    "iv_ufh_last_end",
    "any_heparin_first_exposure",
]
RATES = ["iv_ufh_highest_rate", "iv_ufh_highest_rate_per_kg", "iv_ufh_max_24h_mean_rate_per_kg"]
WINDOW = ["iv_ufh_max_24h", "iv_ufh_max_24h_window_start", "iv_ufh_max_24h_window_end"]
#: The order in which a course of counts is told; others follow. The lowest count stands as the nadir.
PLATELETS = [
    "platelets_n",
    "platelets_first",
    "platelets_baseline_before_heparin",
    "platelets_baseline_since_heparin",
    "platelets_at_anticoagulant_start",
    "platelets_fall_onset",
    "platelets_fall_before_heparin",
    "platelets_any_fall_before_heparin",
    "platelets_nadir",
    "platelets_nadir_day",
    "platelets_fall_pct",
    "platelets_fall_abs",
    "platelets_largest_fall_24h_pct",
    "platelets_largest_fall_24h_abs",
    "platelets_recovery_first",
    "platelets_recovery_sustained",
    "platelets_recovery_reference_first",
    "platelets_recovery_reference_sustained",
    "platelets_last",
]
RESISTANCE = "resistance_"
MONITORING = ("aptt_", "anti_xa_", "act_", "inhibitor_")
RESPONSE = "heparin_response_"
PAIRS = ["aptt_anti_xa_pairs", "aptt_anti_xa_discordant"]


def heparin(case: CaseData, evidence: Evidence) -> Table:
    """Table 4: totals, the largest 24-hour window, rates, and totals by study day."""
    groups = [
        Group("Whole course", _rows(case, evidence, _named(case, HEPARIN))),
        Group("Largest amount in any 24 h", _rows(case, evidence, _named(case, WINDOW))),
        Group("Rates", _rows(case, evidence, _named(case, RATES))),
        Group("By study day", _days(case, evidence, case.strata("iv_ufh_day_total"))),
    ]
    return _table("table-heparin", 4, "Therapeutic intravenous heparin: totals, windows and rates.", groups,
                  "No therapeutic intravenous heparin is reported.")  # fmt: skip


def platelets(case: CaseData, evidence: Evidence) -> Table:
    """Table 5: platelet counts, baselines, falls and recovery, and each episode of fall."""
    found = [m for m in case.metrics.values() if m.name.startswith("platelets_") and m.name != "platelets_lowest"]
    found.sort(key=lambda m: PLATELETS.index(m.name) if m.name in PLATELETS else len(PLATELETS))
    groups = [Group("Counts and falls", _rows(case, evidence, found))]
    groups.append(Group("Episodes of fall", platelet_episodes.rows(case, evidence)))
    return _table("table-platelets", 5, "Platelet counts: baselines, lowest count, falls and recovery.", groups,
                  "No platelet count is reported.")  # fmt: skip


def monitoring(case: CaseData, evidence: Evidence) -> Table:
    """Table 6: aPTT, anti-Xa and ACT under each anticoagulant, drawn together, and in response to heparin."""
    found = [m for m in case.metrics.values() if m.name.startswith(MONITORING) and m.name not in PAIRS]
    strata = sorted({m.stratum for m in found})
    groups = [
        Group(
            f"Under {s}" if s else "", _rows(case, evidence, [m for m in found if m.stratum == s], with_stratum=False)
        )
        for s in strata
    ]
    together = _rows(case, evidence, _named(case, PAIRS))
    response = _rows(case, evidence, [m for m in case.metrics.values() if m.name.startswith(RESPONSE)])
    groups += [Group("aPTT and anti-Xa drawn together", together)] if together else []
    groups += [Group("Response to a bolus of heparin", response)] if response else []
    nothing = "No aPTT, anti-Xa or ACT is reported that was drawn under an anticoagulant in therapeutic dose."
    return _table("table-monitoring", 6, "Monitoring of anticoagulation, by anticoagulant.", groups, nothing)


def other_results(case: CaseData, evidence: Evidence) -> Table:
    """Every remaining derived number: antithrombin, haemoglobin, transfusions, other drugs."""
    shown = (*HEPARIN, *RATES, *WINDOW, "iv_ufh_day_total")
    skip = ("platelets_", *MONITORING, RESPONSE, RESISTANCE, "four_ts_", "hep_", "isth_dic_", "sic_")
    found = [m for m in case.metrics.values() if m.name not in shown and not m.name.startswith(skip)]
    return _table("table-other", 7, "Other derived numbers.", single(_rows(case, evidence, found)), "There are none.")


def resistance(case: CaseData, evidence: Evidence) -> Table:
    """Table 8: each criterion of heparin resistance by itself, never one verdict over all."""
    found = [m for m in case.metrics.values() if m.name.startswith(RESISTANCE)]
    rows: list[list[Markup | str]] = [
        [
            metric_text.label(m),
            evidence.metric(m, verdict(m)),
            evidence.prose(m.reasons, m.reason, REASONS),
            named_rows(evidence, m),
        ]
        for m in found
    ]
    return Table(
        id="table-resistance",
        number=8,
        caption="Criteria of heparin resistance, one by one. No definition is agreed on: no single verdict is drawn.",
        columns=[Column("Criterion"), Column("Verdict"), Column("What decides it", is_prose=True), Column("Rows")],
        groups=single(rows),
        empty="No criterion of heparin resistance was evaluated.",
    )


def verdict(metric: Metric) -> str:
    """A yes/no metric as a word with a sign of its own, so that nothing rests on colour."""
    if metric.status == "no_data":
        return "– no data"
    if metric.status == "not_applicable":
        return "– not applicable"
    if metric.value is None:
        return "? open" if (metric.low, metric.high) == (0, 1) else "? not computable"
    return "● met" if metric.value == 1 else "○ not met"


def named_rows(evidence: Evidence, metric: Metric) -> Markup:
    """Links to the rows behind a number; a long list ends in a link to the whole."""
    links = evidence.links(metric.row_ids[:ROWS_NAMED])
    rest = len(metric.row_ids) - ROWS_NAMED
    return links + Markup(" and ") + evidence.metric(metric, f"{rest} more") if rest > 0 else links


def _table(id_: str, number: int, caption: str, groups: list[Group], empty: str) -> Table:
    columns = [Column("Quantity"), Column("Best value", is_number=True), Column("Lowest to highest", is_number=True),
               Column("What the number rests on, or leaves open", is_prose=True), Column("Rows")]  # fmt: skip
    return Table(id=id_, number=number, caption=caption, columns=columns, groups=groups, empty=empty)


def _rows(
    case: CaseData, evidence: Evidence, metrics: list[Metric], with_stratum: bool = True
) -> list[list[Markup | str]]:
    return [
        [
            metric_text.label_in(m, case, with_stratum),
            evidence.metric(m, metric_text.best_or_absent(m, case)),
            _bounds(case, evidence, m),
            evidence.prose(m.reasons, m.reason, REASONS),
            named_rows(evidence, m),
        ]
        for m in metrics
        if m.status != "no_data"
    ]


def _days(case: CaseData, evidence: Evidence, metrics: list[Metric]) -> list[list[Markup | str]]:
    """A row for each study day; successive days that say the same share one."""
    found = [run for run in day_runs.runs(metrics) if run[0].status != "no_data"]
    cells = _rows(case, evidence, [run[0] for run in found])
    return [[names.heading(day_runs.days_text(run)), *rest] for run, (_, *rest) in zip(found, cells, strict=True)]


def _bounds(case: CaseData, evidence: Evidence, metric: Metric) -> Markup | str:
    """The bounds; nothing for an instant, which stands as a period in place of a best value."""
    text = "" if metric_text.is_instant(metric) else metric_text.bounds(metric, case)
    return evidence.metric(metric, text) if text else ""


def _named(case: CaseData, wanted: list[str]) -> list[Metric]:
    return [m for m in (case.metric(n) for n in wanted) if m is not None]
