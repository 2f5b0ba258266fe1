"""Every episode of a platelet fall in words: its peak, onset, nadir and recovery, and whether the scores use it."""

from typing import Any

from markupsafe import Markup

from casetrace.report.case_data import CaseData
from casetrace.report.text.evidence import Evidence
from casetrace.values import display

SCORED = {"yes": "scored", "possible": "possibly scored", "no": "not scored"}
RECOVERY = {"no": "not recovered", "open": "whether it recovered is not certain"}


def rows(case: CaseData, evidence: Evidence) -> list[list[Markup | str]]:
    """Rows of the platelet table: the episode, its fall with bounds, its course, its rows."""
    return [
        [
            f"Episode {row['episode']}, {SCORED[row['scored']]}",
            evidence.value(_fall(row), row["row_ids"]),
            _bounds(row),
            _course(case, row),
            evidence.some(row["row_ids"]),
        ]
        for row in case.rows("platelet_episodes")
    ]


def _fall(row: dict[str, Any]) -> str:
    return "not certain" if row["fall_pct"] is None else display.quantity(display.number(row["fall_pct"], 1), "%")


def _bounds(row: dict[str, Any]) -> str:
    text = display.span(row["fall_low_pct"], row["fall_high_pct"], 1)
    return "" if row["fall_low_pct"] == row["fall_high_pct"] else display.quantity(text, "%")


def _course(case: CaseData, row: dict[str, Any]) -> str:
    def when(name: str) -> str:
        return display.period(row[f"{name}_earliest_min"], row[f"{name}_latest_min"], case.day_starts)

    peak = f"from {_count(row, 'peak')} ({when('peak')})"
    nadir = f"to a nadir of {_count(row, 'nadir')} ({when('nadir')})"
    back = f"back at 70 % of the peak {when('recovery')}" if row["recovered"] == "yes" else RECOVERY[row["recovered"]]
    doubt = [] if row["is_certain"] else ["whether it is an episode of its own is not certain"]
    return "; ".join([f"{peak} {nadir}", f"onset {when('onset')}", back, *doubt, row["reason"]])


def _count(row: dict[str, Any], name: str) -> str:
    best, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    return display.number(best) if best is not None else display.span(low, high)
