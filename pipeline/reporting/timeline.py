"""The timeline as a block: both panels for wide and narrow pages, caption, and alternative text from data."""

from typing import Any

from pipeline.display import day_of, day_text
from pipeline.reporting import figures, metric_text, names
from pipeline.reporting.block import Block, fill
from pipeline.reporting.case_data import CaseData
from pipeline.reporting.evidence import Evidence
from pipeline.reporting.figure_data import not_drawn, panel_analytes, results

#: Derived numbers that the alternative text tells.
TOLD = ["iv_ufh_max_24h", "iv_ufh_total", "platelets_nadir"]


def figure(case: CaseData, evidence: Evidence, params: Any) -> Block:
    """Figure 1. Without scripts it is complete: drawings are static, marks are links."""
    limit = float(params.value("heparin.resistance_dose_24h_u"))
    wide = (figures.course(case, evidence, figures.WIDE), figures.dosing(case, evidence, figures.WIDE, limit))
    narrow = (figures.course(case, evidence, figures.NARROW), figures.dosing(case, evidence, figures.NARROW, limit))
    analytes = panel_analytes(case, evidence)
    html = fill("figure", wide=wide, narrow=narrow, alternative=alternative(case, evidence),
                left_out=evidence.links(not_drawn(case, evidence, analytes)))  # fmt: skip
    return Block("Figure 1: timeline", html, svg=wide[0])


def alternative(case: CaseData, evidence: Evidence) -> str:
    """The figure in sentences: span, number of results drawn, and the key derived numbers."""
    first, last = (day_text(day_of(m)) for m in case.observed)
    counts = {a: len(results(case, evidence, a)) for a in panel_analytes(case, evidence)}
    drawn = [f"{n} result{'' if n == 1 else 's'} of {names.term(a)}" for a, n in counts.items()]
    told = [m for m in (case.metric(n) for n in TOLD) if m is not None and m.status != "no_data"]
    sentences = [f"Timeline from {first} to {last}."]
    sentences += [f"It shows {', '.join(drawn)}."] if drawn else ["No laboratory result with a number is drawn."]
    sentences += [f"{metric_text.label(m)}: {metric_text.full(m, case)}." for m in told]
    return " ".join(sentences)
