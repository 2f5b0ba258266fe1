"""The end of a report: every derived number with its rows, every raw row, methods, versions, source."""

import re
import sys
from collections.abc import Sequence
from importlib import metadata
from typing import Any

from markupsafe import Markup

from casetrace.core.version import __version__
from casetrace.report.case_data import TABLES, CaseData, Metric
from casetrace.report.case_page import day_runs
from casetrace.report.render.block import Block, fill
from casetrace.report.render.downloads import download
from casetrace.report.render.tables import Column, Group, Table, single
from casetrace.report.text import citation, metric_text
from casetrace.report.text.evidence import Evidence, anchor
from casetrace.values import display

#: Libraries that numbers and pages depend on.
LIBRARIES = ["polars", "pandera", "duckdb", "altair", "vl-convert-python", "jinja2", "nbclient", "pypandoc_binary",
             "typst"]  # fmt: skip

#: Parameters end in their unit.
UNIT_AT_END = re.compile(r"_(u_kg_h|10e9_l|min|pct|u|d|h)$")

TABLE_TITLES = {"patient": "Patient", "targets": "Targets", "labs": "Laboratory", "doses": "Doses", "events": "Events",
                "findings": "Findings", "reported_scores": "Scores as printed", "claims": "Claims"}  # fmt: skip


def derived(case: CaseData, evidence: Evidence) -> Table:
    """Table 16: every derived number under its stable name, with status, reason and all its rows.

    Successive study days that say the same share a row, which has the target of each of them.
    """
    rows: list[Sequence[Markup | str]] = [
        [
            _named(run, case),
            metric_text.full(run[0], case, with_reason=not run[0].reason),
            evidence.prose(run[0].reasons, run[0].reason),
            evidence.links(run[0].row_ids),
        ]
        for run in day_runs.runs(list(case.metrics.values()))
    ]
    columns = [
        Column("Number"),
        Column("Value"),
        Column("What it rests on, or leaves open", is_prose=True),
        Column("Rows"),
    ]
    return Table(id="table-derived", number=16, caption="Every derived number, with the rows that it comes from.",
                 columns=columns, groups=single(rows), empty="No number was derived.")  # fmt: skip


def _named(run: list[Metric], case: CaseData) -> Markup:
    """Label and stable name; a run of days has the target of each day, and its first and last name."""
    first, last = run[0], run[-1]
    label = metric_text.label_in(first, case)
    if len(run) > 1:
        label = f"{metric_text.label(first, with_stratum=False)}, {day_runs.days_text(run)}"
    targets = Markup("").join(Markup('<span id="{}"></span>').format(anchor("m-", m.key)) for m in run[1:])
    key = _breakable(first.key) + (Markup(" to ") + last.stratum if len(run) > 1 else "")
    return Markup('<span id="{}">{}</span>{}<br><code>{}</code>').format(anchor("m-", first.key), label, targets, key)


def _breakable(key: str) -> Markup:
    """A stable name that may break after its underscores and nowhere else."""
    return Markup("_<wbr>").join(key.split("_"))


def raw_rows(evidence: Evidence) -> Table:
    """Table 17: every raw row as typed, with its place in the source and in the raw file."""
    groups = []
    for table in TABLES:
        rows: list[Sequence[Markup | str]] = [
            [
                Markup('<span id="{}">{}</span>').format(anchor("row-", v.row_id), v.row_id),
                v.what,
                v.value,
                v.when,
                v.place or "no place given",
                v.position,
                "; ".join(p for p in (f"read as {v.read_as}" if v.read_as else "", v.conversion, v.note) if p),
            ]
            for v in evidence.rows.values()
            if v.table == table
        ]
        groups.append(Group(TABLE_TITLES[table], rows))
    columns = [
        Column("Row"),
        Column("What"),
        Column("Value as reported"),
        Column("Time as typed"),
        Column("Place in the source"),
        Column("Raw file"),
        Column("Conversion and notes", is_prose=True),
    ]
    return Table(id="table-rows", number=17, caption="Every raw row.", columns=columns, groups=groups)


def methods_paragraph(case: CaseData, params: Any) -> Block:
    """What was transcribed and how it was measured, as one paragraph with the counts and limits of this case."""
    counts = [
        (len({row["row_id"] for row in case.rows(table) if table != "claims" or row["by"] == "authors"}), words)
        for table, words in COUNTED
    ]
    held = ", ".join(f"{n} {words if n > 1 else words.removesuffix('s')}" for n, words in counts if n)
    limits = "; ".join(f"{_parameter(e.name)} {_with_unit(e)}" for e in params.case_entries() if e.unit)
    measured = sum(m.status == "ok" for m in case.metrics.values())
    extent = f"{READ[str(case.case['read'])]}; {held or 'no rows'}"
    claims = _statements(sum(row["by"] == "authors" for row in case.rows("audit")))
    fictional = ", which its publisher calls fictional," if case.case["is_fictional"] else ""
    text = (
        f"The published case{fictional} "
        f"was transcribed into tables with casetrace {__version__} ({extent}), each row with its "
        f"place in the source. Times were held as whole minutes since time zero ({case.case['time_zero']}) or as "
        f"intervals. Of {len(case.metrics)} derived numbers {measured} have a value; the others stay open between "
        f"bounds, have no data or do not apply. No missing value was replaced. {claims} held against the article's own "
        f"numbers. Parameters: {limits}."
    )
    return Block("methods paragraph", fill("methods_paragraph", text=text))


def _statements(count: int) -> str:
    return "One statement of the article was" if count == 1 else f"{count or 'No'} statements of the article were"


def _with_unit(entry: Any) -> str:
    return display.quantity(display.reported(str(entry.value)), display.unit_text(entry.unit, entry.name))


def methods(params: Any) -> Block:
    """How the numbers were made: the parameters with unit and source."""
    entries = [
        (_parameter(e.name), display.reported(str(e.value)), display.unit_text(e.unit, e.name), e.source)
        for e in params.case_entries()
        if e.unit
    ]
    columns = [Column("Parameter"), Column("Value", is_number=True), Column("Unit"), Column("Source")]
    table = Table(
        id="table-parameters", number=15, caption="Parameters.", columns=columns, groups=single(list(entries))
    )
    return table.block()


READ = {"full": "full text read", "part": "read in part", "abstract": "abstract only"}
#: Tables that the methods paragraph counts, and what their rows are called.
COUNTED = [("labs", "laboratory results"), ("doses", "dosing entries"), ("events", "events"), ("findings", "findings"),
           ("claims", "claims")]  # fmt: skip


def _parameter(name: str) -> str:
    """``heparin.resistance_dose_24h_u`` in words; its unit stands in a column of its own."""
    section, _, rest = name.partition(".")
    return f"{section}: {UNIT_AT_END.sub('', rest).replace('_', ' ')}"


def versions() -> dict[str, str]:
    """Versions that the numbers and the page depend on; Python without its patch version."""
    found = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    return found | {name: metadata.version(name) for name in LIBRARIES}


def colophon(case: CaseData) -> Block:
    """Source, licence, curators and versions."""
    files = [
        download(f"{case.case_id}.bib", "BibTeX", "application/x-bibtex", citation.bibtex(case).encode()),
        download(f"{case.case_id}.ris", "RIS", "application/x-research-info-systems", citation.ris(case).encode()),
    ]
    html = fill("colophon", case=case.case, source=case.source, versions=versions(), files=files, about="the citation")
    return Block("source", html)
