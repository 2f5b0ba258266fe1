"""One archive per case for a journal's supplement: report, data, codebook, citation and parameters.

Equal input gives equal bytes: entries are sorted, and every entry has the same date and the same rights.
"""

import csv
import io
import zipfile
from collections.abc import Mapping

import polars as pl

from casetrace.report.case_data import CaseData
from casetrace.report.case_page.overview import FICTIONAL
from casetrace.report.render.downloads import flat, safe_csv
from casetrace.report.text import citation
from casetrace.report.text.citable import citable_table
from casetrace.schemas import CANONICAL, RESULTS

#: The first instant that a zip archive can hold; readable by all, writable by the owner.
FIRST_DATE, RIGHTS = (1980, 1, 1, 0, 0, 0), 0o100644 << 16

README = """{title}
{case_id}
{about}
report.html     the report as one page; open it in any browser, no network is needed
report.pdf      the same report for printing; report.docx for a word processor
report.ipynb    the executed notebook that the pages were made from
summary.json    every derived number with unit, bounds, status and rows
tables/         the case as data: one CSV for each table (UTF-8, comma separated; lists are parted by "; ")
results/        what was derived from it: metrics, claims held against the numbers, scores, terms of sums
codebook.csv    every column of these tables: meaning, type, unit
params.yaml     every threshold with its unit and source
citation.bib    the article that the case comes from (also citation.ris)

Times are whole minutes since time zero ({time_zero}). An empty cell is a value that the source does not give;
it never means normal and never 0. Computed numbers have 12 significant digits. A text that a spreadsheet would take
for a formula (it begins with = + - or @) has an apostrophe before it.

Source: {licence}
The transcription of facts and figures is licensed CC BY 4.0; cite the article.
"""


def archive(case: CaseData, pages: Mapping[str, bytes], params: bytes) -> bytes:
    """The archive as bytes; ``pages`` are the files of the report by name, ``params`` the parameter file."""
    readme = README.format(
        title=case.case["title"], case_id=case.case_id, time_zero=case.case["time_zero"],
        licence=case.source["licence"] or "licence not recorded",
        about=f"{FICTIONAL}\n" if case.case["is_fictional"] else "",
    )  # fmt: skip
    files = dict(pages)
    files["README.txt"] = readme.encode()
    files["params.yaml"] = params
    files["citation.bib"] = citation.bibtex(case).encode()
    files["citation.ris"] = citation.ris(case).encode()
    files["codebook.csv"] = codebook().encode()
    files |= {f"tables/{name}.csv": as_csv(frame) for name, frame in case.tables.items()}
    # Only what was derived from this case: a comparison rests on other patients, whose data may be restricted.
    files |= {f"results/{name}.csv": as_csv(case.results[name]) for name in RESULTS}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{case.case_id}/{name}", FIRST_DATE)
            entry.external_attr, entry.create_system, entry.compress_type = RIGHTS, 3, zipfile.ZIP_DEFLATED
            target.writestr(entry, files[name], zipfile.ZIP_DEFLATED, 6)
    return made.getvalue()


def as_csv(frame: pl.DataFrame) -> bytes:
    """A table as CSV; lists become text, floating-point numbers have 12 significant digits, all else stays whole."""
    return safe_csv(flat(citable_table(frame)))


def codebook() -> str:
    """Table, column, meaning, type and unit of everything in the archive, from the one declaration of each column."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["folder", "table", "column", "meaning", "type", "unit", "may_be_empty"])
    for folder, models in (("tables", CANONICAL), ("results", RESULTS)):
        for name, model in models.items():
            for column, declared in model.to_schema().columns.items():
                unit = (declared.metadata or {}).get("unit") or ""
                writer.writerow([folder, name, column, declared.description, declared.dtype, unit,
                                 "yes" if declared.nullable else "no"])  # fmt: skip
    return text.getvalue()
