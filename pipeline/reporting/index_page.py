"""`reports/index.html`: one line for each case of every corpus that has reports. It works from the file system."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from pipeline.paths import Corpus, Project
from pipeline.privacy import is_restricted
from pipeline.reporting.cohort_figures import sparkline
from pipeline.reporting.cohort_tables import shown
from pipeline.reporting.listing import Cell, Filter, Line, Listing, page, word
from pipeline.reporting.tables import Column
from pipeline.schemas.base import empty
from pipeline.schemas.results import RESULTS

Row = dict[str, Any]

#: Results drawn as trend lines.
_TRENDS = {"platelets": "Platelets", "aptt": "aPTT"}
#: Numbers of each line.
_NUMBERS = {"iv_ufh_max_24h": Column("Heparin, most in 24 h", "U"), "platelets_nadir": Column("Nadir", "10⁹/L")}
_CHOICES = {"first_alternative": "Next anticoagulant", "last_seen": "Last seen"}


def index_page(project: Project) -> str:
    """The page as HTML that needs nothing else. Corpora that are not public, or have no cohort tables, are left out."""
    found = [corpus for corpus in _corpora(project) if not is_restricted(corpus)]
    rows = [line for corpus in found for line in _lines(corpus)]
    columns = [
        Column("Case"),
        Column("Source"),
        Column("Patient"),
        Column("Status"),
        *(Column(t) for t in _TRENDS.values()),
        Column("Heparin", "24-h total"),
        *_NUMBERS.values(),
        *(Column(t) for t in _CHOICES.values()),
        Column("Claims", "held / all", is_number=True),
        Column("Files"),
    ]
    facts = {"corpus": "Collection", "status": "Status", "read": "Read", "sex": "Sex", "next": "Next anticoagulant"}
    filters = [Filter(n, label, sorted({line.facts[n] for line in rows} - {""})) for n, label in facts.items()]
    table = Listing(
        "cases",
        "Cases",
        columns,
        rows,
        search="Search cases",
        filters=filters,
        notes=[
            "Trend lines run over the days that the source covers, from zero; the dot is the last value. "
            "Claims: those that the printed numbers reproduce or allow, of those that can be tested."
        ],
    )
    cohorts = [
        {"href": f"{c.name}/cohort.html", "label": f"Compare the cases of {c.name}"}
        for c in found
        if c.cohort_page.is_file()
    ]
    heading = f"{len(rows)} case{'' if len(rows) == 1 else 's'}"
    return page(
        "index.html.j2",
        title=f"casetrace: {heading}",
        heading=heading,
        cohorts=cohorts,
        table=table,
        about="Published cases as data, each number traced to its place in the article.",
    )


def _corpora(project: Project) -> list[Corpus]:
    folder = project.root / "reports"
    names = sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
    corpora = [project.corpus(name) for name in names]
    return [corpus for corpus in corpora if (corpus.cohort / "characteristics.parquet").is_file()]


def _lines(corpus: Corpus) -> list[Line]:
    tables = {name: pl.read_parquet(corpus.table(name)) for name in ("cases", "sources", "labs")}
    trailing = pl.read_parquet(corpus.series / "trailing_24h.parquet").filter(pl.col("bound") == "best")
    audit = corpus.metrics / "audit.parquet"
    claims = pl.read_parquet(audit) if audit.is_file() else empty(RESULTS["audit"])
    found = pl.read_parquet(corpus.cohort / "characteristics.parquet")
    sources = {row["case_id"]: row for row in tables["sources"].iter_rows(named=True)}
    lines = []
    for case in tables["cases"].sort("case_id").iter_rows(named=True):
        mine = pl.col("case_id") == case["case_id"]
        told = {row["variable"]: row for row in found.filter(mine).iter_rows(named=True)}
        if not told or not (corpus.case_report(case["case_id"]) / "report.html").is_file():
            continue
        trends = [_trend(tables["labs"].filter(mine), name, label) for name, label in _TRENDS.items()]
        cells = [
            _case(corpus, case),
            word(_citation(sources[case["case_id"]])),
            _patient(told),
            word(case["status"]),
            *trends,
            _heparin(trailing.filter(mine)),
            *(shown(told[name]) for name in _NUMBERS),
            *(shown(told[name]) for name in _CHOICES),
            _claims(claims.filter(mine)),
            _files(corpus, case),
        ]
        facts = {
            "corpus": corpus.name,
            "status": case["status"],
            "read": case["read"],
            "sex": told["sex"]["word"] or "",
            "next": told["first_alternative"]["word"] or "",
        }
        words = [case["case_id"], case["title"], *(str(cell.text) for cell in cells[1:3]), *facts.values()]
        lines.append(Line(cells, {**facts, "words": " ".join(words)}))
    return lines


def _case(corpus: Corpus, case: Row) -> Cell:
    link = f"{corpus.name}/{case['case_id']}/report.html"
    return Cell(
        Markup('<a href="{}">{}</a><br><span class="why">{}</span>').format(link, case["title"], case["case_id"]),
        case["case_id"],
    )


def _citation(source: Row) -> str:
    authors: Sequence[str] = source["authors"] or []
    first = f"{authors[0]}{' et al.' if len(authors) > 1 else ''}" if authors else ""
    named = ", ".join(part for part in (first, source["journal"], str(source["year"] or "")) if part)
    return named or source["pmcid"] or source["doi"] or ""


def _patient(told: Mapping[str, Row]) -> Cell:
    age = shown(told["age"])
    sex = told["sex"]["word"] or "sex not told"
    years = f"{age.text} years" if told["age"]["state"] == "known" else "age not told"
    return Cell(f"{years}, {sex}", age.sort)


def _trend(labs: pl.DataFrame, analyte: str, label: str) -> Cell:
    rows = labs.filter(
        (pl.col("analyte") == analyte)
        & pl.col("value").is_not_null()
        & pl.col("time_min").is_not_null()
        & pl.col("stat").is_null()
    ).sort("time_min", "order", "raw_row", nulls_last=True)
    points = list(rows.select("time_min", "value").iter_rows())
    if not points:
        return Cell("—", "")
    n = len(points)
    return Cell(sparkline(points, f"{label}: {n} result{'' if n == 1 else 's'}, last {points[-1][1]:g}"), str(n))


def _heparin(trailing: pl.DataFrame) -> Cell:
    """The heparin of the trailing 24 h, with its jumps; nothing where no best total exists."""
    points = [
        (t, v)
        for t, before, after in trailing.sort("time_min").select("time_min", "before", "after").iter_rows()
        for v in (before, after)
    ]
    if not points:
        return Cell("—", "")
    most = max(v for _, v in points)
    return Cell(sparkline(points, f"Heparin in the trailing 24 h: at most {most:.0f} U"), f"{most:g}")


def _claims(claims: pl.DataFrame) -> Cell:
    tested = claims.filter(~pl.col("verdict").is_in(["not computable", "nothing to test against"]))
    held = tested.filter(pl.col("verdict").is_in(["reproduced", "possible"])).height
    return Cell(
        f"{held} / {tested.height}" if tested.height else "—", str(held / tested.height) if tested.height else ""
    )


def _files(corpus: Corpus, case: Row) -> Cell:
    folder = corpus.case_report(case["case_id"])
    names = {"report.pdf": "PDF", "report.docx": "DOCX", "report.ipynb": "notebook", "summary.json": "numbers"}
    links = [
        Markup('<a href="{}/{}/{}">{}</a>').format(corpus.name, case["case_id"], name, label)
        for name, label in names.items()
        if (folder / name).is_file()
    ]
    return Cell(Markup(" ").join(links))
