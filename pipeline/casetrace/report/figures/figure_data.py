"""What the timeline draws: results, doses and events of one case as places on a time axis.

Nothing is computed here but places on paper: values and times come from the canonical tables.
Times are minutes since time zero.
"""

from dataclasses import dataclass

from casetrace.report.case_data import CaseData
from casetrace.report.text import names
from casetrace.report.text.evidence import Evidence, anchor
from casetrace.values import display

DAY = display.MINUTES_PER_DAY

#: Analytes with a panel of their own, most important first; the first few that have numbers are drawn.
PANEL_ANALYTES = ["platelets", "hemoglobin", "aptt", "anti_xa_ufh", "act", "d_dimer_feu", "d_dimer", "fibrinogen"]
PANELS_SHOWN = 4
#: Analytes that get a panel even for a single result; the others need two, or there is no course to see.
CORE_ANALYTES = {"platelets", "hemoglobin", "aptt", "act", "anti_xa_ufh"}

#: A value that stands for several measurements over its span is a bar and no point; how it is named there.
OF_SEVERAL = {"mean": "mean", "median": "median", "range": ""}
#: A difference is no level.
NOT_A_LEVEL = ("fall", "rise")

HEPARIN = "unfractionated heparin"


@dataclass(frozen=True)
class Mark:
    """One result, event or dose on the time axis: best place (None when there is none) and bounds."""

    row_id: str
    text: str
    hover: str
    t: float | None
    t0: int
    t1: int
    v: float | None = None
    v0: float | None = None
    v1: float | None = None
    order: int | None = None
    is_of_several: bool = False

    @property
    def href(self) -> str:
        """Link to the row."""
        return f"#{anchor('row-', self.row_id)}"

    @property
    def is_exact(self) -> bool:
        """True when the time is known to the minute."""
        return self.t0 == self.t1

    def surely_before(self, other: "Mark") -> bool:
        """True when the source leaves no doubt that this comes first."""
        if self.t1 < other.t0:
            return True
        overlap = self.t0 <= other.t1 and other.t0 <= self.t1
        return overlap and self.order is not None and other.order is not None and self.order < other.order


@dataclass(frozen=True)
class Segment:
    """One dose row on the time axis; ``rate`` is per kg and hour where the source allows it, in ``unit``."""

    row_id: str
    drug: str
    lane: str
    kind: str
    start: Mark
    end: Mark | None
    amount: float | None
    rate: float | None
    unit: str
    start_boundary: str
    end_boundary: str

    @property
    def has_amount(self) -> bool:
        """True when a bolus or a rate can be drawn to scale."""
        return self.amount is not None and self.kind in ("bolus", "infusion")

    @property
    def is_circuit(self) -> bool:
        """True for what is given to a circuit or a line, not to the patient."""
        return self.lane != self.drug


def results(case: CaseData, evidence: Evidence, analyte: str) -> list[Mark]:
    """Results of an analyte that have a number and some knowledge of their time, in order of time."""
    marks = []
    for row in case.rows("labs"):
        bounds = (row["value"], row["value_low"], row["value_high"])
        has_number = row["value_kind"] != "word" and bounds != (None, None, None)
        if row["analyte"] != analyte or not has_number or row["stat"] in NOT_A_LEVEL:
            continue
        mark = _mark(case, evidence, row, "time")
        if mark is not None:
            marks.append(mark)
    return sorted(marks, key=lambda m: ((m.t0 + m.t1) / 2, m.order or 0, m.row_id))


def events(case: CaseData, evidence: Evidence) -> list[Mark]:
    """Events within the observed span whose time is known better than that span, in order of time."""
    found = [_mark(case, evidence, row, "time") for row in case.rows("events")]
    start, end = case.observed
    inside = [m for m in found if m is not None and m.t1 >= start and m.t0 <= end and (m.t0 > start or m.t1 < end)]
    return sorted(inside, key=lambda m: ((m.t0 + m.t1) / 2, m.order or 0, m.row_id))


def doses(case: CaseData, evidence: Evidence) -> list[Segment]:
    """Every dose row with some knowledge of its time, in order of start."""
    segments = []
    for row in case.rows("doses"):
        start = _mark(case, evidence, row, "start")
        if start is None:
            continue
        unit = row["unit_per_kg"] if row["amount_per_kg"] is not None else row["unit"]
        rate = row["amount_per_kg"] if row["amount_per_kg"] is not None else row["amount"]
        segments.append(
            Segment(
                row_id=str(row["row_id"]),
                drug=str(row["drug"]),
                lane=_lane(row),
                kind=str(row["kind"]),
                start=start,
                end=_mark(case, evidence, row, "end") if row["kind"] in ("infusion", "total") else None,
                amount=_float(row["amount"]),
                rate=_float(rate),
                unit=str(unit or ""),
                start_boundary=str(row["start_boundary"]),
                end_boundary=str(row["end_boundary"]),
            )
        )
    return sorted(segments, key=lambda s: (s.start.t0, s.row_id))


def panel_analytes(case: CaseData, evidence: Evidence) -> list[str]:
    """Analytes that get a panel: the most important ones that have a number."""
    counts = {a: len(results(case, evidence, a)) for a in PANEL_ANALYTES}
    return [a for a, n in counts.items() if n > (0 if a in CORE_ANALYTES else 1)][:PANELS_SHOWN]


def not_drawn(case: CaseData, evidence: Evidence, analytes: list[str]) -> list[str]:
    """Row ids of the analytes' results that have no number or no time, so that no point stands for them."""
    drawn = {m.row_id for a in analytes for m in results(case, evidence, a)}
    return [str(r["row_id"]) for r in case.rows("labs") if r["analyte"] in analytes and r["row_id"] not in drawn]


def dosing_days(case: CaseData, segments: list[Segment]) -> tuple[int, int] | None:
    """The days that hold the heparin given into the patient, with one day after them; None without any."""
    heparin = heparin_segments(segments)
    if not heparin:
        return None
    start = min(s.start.t0 for s in heparin)
    end = max(_last_known(s) for s in heparin)
    first, last = case.observed
    return max(start // DAY * DAY, first // DAY * DAY), min((end // DAY + 2) * DAY, (last // DAY + 1) * DAY)


def heparin_segments(segments: list[Segment]) -> list[Segment]:
    """Heparin given into the patient: no coated circuit and no flush."""
    return [s for s in segments if s.drug == HEPARIN and not s.is_circuit]


def _lane(row: dict[str, object]) -> str:
    """The drug; apart from it what goes to a circuit or a line, which is no treatment."""
    if row["purpose"] == "flush":
        return f"{row['drug']} (flush)"
    return f"{row['drug']} (circuit)" if "circuit" in (row["purpose"], row["route"]) else str(row["drug"])


def _last_known(segment: Segment) -> int:
    if segment.end is None:
        return segment.start.t1
    return segment.end.t1 if segment.end.t is not None else segment.start.t1


def _mark(case: CaseData, evidence: Evidence, row: dict[str, object], prefix: str) -> Mark | None:
    earliest, latest, best = (row[f"{prefix}{suffix}"] for suffix in ("_earliest_min", "_latest_min", "_min"))
    form = row["time_form"] if prefix == "time" else row[f"{prefix}_form"]
    if earliest is None or latest is None or form == "unknown":
        return None
    view = evidence.row(str(row["row_id"]))
    value = row.get("value")
    return Mark(
        row_id=view.row_id,
        text=names.heading(view.what) if "event" in row else _value_text(row),
        hover=view.hover,
        t=None if best is None else float(str(best)),
        t0=int(str(earliest)),
        t1=int(str(latest)),
        v=None if value is None else float(str(value)),
        v0=_float(row.get("value_low")),
        v1=_float(row.get("value_high")),
        order=None if row.get("order") is None else int(str(row["order"])),
        is_of_several=row.get("stat") in OF_SEVERAL,
    )


def _value_text(row: dict[str, object]) -> str:
    """The value in the unit of its panel, which need not be the unit of the print; a mean is named as one."""
    if row.get("stat") in OF_SEVERAL:
        return f"{OF_SEVERAL[str(row['stat'])]} {_value_text(row | {'stat': None})}".strip()
    value, low, high = (_float(row.get(k)) for k in ("value", "value_low", "value_high"))
    if value is not None:
        return ("about " if row.get("value_kind") == "approximate" else "") + display.exact(value)
    if high is not None and low is None:
        return ("< " if row["high_is_strict"] else "≤ ") + display.exact(high)
    if low is not None and high is None:
        return ("> " if row["low_is_strict"] else "≥ ") + display.exact(low)
    return "" if low is None or high is None else f"{display.exact(low)} to {display.exact(high)}"


def _float(value: object) -> float | None:
    return None if value is None else float(str(value))
