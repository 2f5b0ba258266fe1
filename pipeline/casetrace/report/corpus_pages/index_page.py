"""`reports/index.html`: one line for each case of every corpus that has reports. It works from the file system."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

from casetrace.cohort.in_aggregate import has_aggregate
from casetrace.core.paths import Corpus, ProjectFolder
from casetrace.privacy import is_restricted
from casetrace.report.corpus_pages.cohort_figures import sparkline
from casetrace.report.corpus_pages.cohort_tables import shown
from casetrace.report.corpus_pages.listing import Cell, Filter, Line, Listing, page
from casetrace.report.render.tables import Column
from casetrace.report.text import row_text
from casetrace.schemas.base import empty
from casetrace.schemas.results import RESULTS
from casetrace.values import display

Row = dict[str, Any]

#: What a number is when it is the difference of two results.
_CHANGES = ("fall", "rise")
ABSENT = ("missing", "not_applicable")
NONE = Markup('<span class="why">none reported</span>')
_COLUMNS = [
    Column("Case"),
    Column("Patient"),
    Column("Platelets", "10⁹/L"),
    Column("Heparin", "U in 24 h"),
    Column("aPTT", "s"),
    Column("Next anticoagulant"),
    Column("Last seen"),
    Column("Claims that hold", "of those tested"),
]
_FACTS = {"corpus": "Collection", "status": "Status", "read": "Read", "sex": "Sex", "next": "Next anticoagulant"}
_NOTE = (
    "Trend lines run over the days that the source covers, from zero; the dot is the last value. Under them stand the "
    "lowest platelet count, the largest amount of therapeutic intravenous heparin in any 24 h, and the highest aPTT. A "
    "claim holds when the printed numbers reproduce or allow it."
)


def index_page(project: ProjectFolder) -> str:
    """The page as HTML that needs nothing else. Of a corpus in aggregate there is a link to its page, and no line."""
    found = _corpora(project)
    in_aggregate = {corpus.name for corpus in found if is_restricted(corpus) or has_aggregate(corpus)}
    rows = [line for corpus in found if corpus.name not in in_aggregate for line in _lines(corpus)]
    filters = [Filter(n, label, sorted({line.facts[n] for line in rows} - {""})) for n, label in _FACTS.items()]
    table = Listing(
        "cases",
        "Cases",
        _COLUMNS,
        rows,
        search="Search cases",
        filters=[choice for choice in filters if len(choice.words) > 1],
        notes=[_NOTE],
        is_cards=True,
    )
    cohorts = [
        {"href": f"{c.name}/cohort.html", "label": _compared(c.name, len(found), c.name in in_aggregate)}
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
        empty="No case has a report yet. casetrace run makes the reports of every case folder in data/raw/.",
    )


def _compared(name: str, corpora: int, is_in_aggregate: bool) -> str:
    if is_in_aggregate:
        return f"{name} in aggregate"
    return "Compare these cases" if corpora == 1 else f"Compare {name}"


def _corpora(project: ProjectFolder) -> list[Corpus]:
    folder = project.root / "reports"
    names = sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
    corpora = [project.corpus(name) for name in names]
    return [corpus for corpus in corpora if (corpus.cohort / "characteristics.parquet").is_file()]


def _lines(corpus: Corpus) -> list[Line]:
    tables = {name: pl.read_parquet(corpus.table(name)) for name in ("cases", "sources", "labs", "doses")}
    trailing = pl.read_parquet(corpus.series / "trailing_24h.parquet").filter(pl.col("bound") == "best")
    audit = corpus.metrics / "audit.parquet"
    claims = pl.read_parquet(audit) if audit.is_file() else empty(RESULTS["audit"])
    tables_of_cases = [corpus.cohort / f"{name}.parquet" for name in ("characteristics", "left_out")]
    found = pl.concat(pl.read_parquet(path) for path in tables_of_cases if path.is_file())
    sources = {row["case_id"]: row for row in tables["sources"].iter_rows(named=True)}
    lines = []
    for case in tables["cases"].sort("case_id").iter_rows(named=True):
        mine = pl.col("case_id") == case["case_id"]
        told = {row["variable"]: row for row in found.filter(mine).iter_rows(named=True)}
        if not told or not (corpus.case_report(case["case_id"]) / "report.html").is_file():
            continue
        labs, doses = tables["labs"].filter(mine), tables["doses"].filter(mine)
        facts = {
            "corpus": corpus.name,
            "status": case["status"],
            "read": case["read"],
            "sex": told["sex"]["word"] or "",
            "next": told["first_alternative"]["word"] or "",
        }
        source = _citation(sources[case["case_id"]])
        cells = [
            _case(corpus, case, source),
            _patient(told),
            _under(_trend(labs, "platelets", "Platelets"), _reported(told["platelets_nadir"])),
            _under(_heparin(trailing.filter(mine)), _most(told["iv_ufh_max_24h"], doses)),
            _under(_trend(labs, "aptt", "aPTT"), _highest(labs, "aptt")),
            shown(told["first_alternative"]),
            shown(told["last_seen"]),
            _claims(claims.filter(mine)),
        ]
        words = [case["case_id"], case["title"], source, _kind(case), str(cells[1].text), *facts.values()]
        lines.append(Line(cells, {**facts, "words": " ".join(words)}))
    return lines


def _case(corpus: Corpus, case: Row, source: str) -> Cell:
    """Title, source, status and the files, which lead to the case."""
    place = f"{corpus.name}/{case['case_id']}"
    about = " · ".join(part for part in (source, case["status"], _kind(case)) if part)
    text = Markup('<a href="{}/report.html">{}</a><br><span class="why">{}</span>').format(place, case["title"], about)
    files = _files(corpus, case)
    text += Markup('<span class="why files"><code>{}</code>{}</span>').format(case["case_id"], files)
    return Cell(text, case["case_id"])


def _kind(case: Row) -> str:
    """What is said of a case that is no patient; nothing of a patient."""
    return "teaching case, fictional" if case["is_fictional"] else ""


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


def _under(trend: Markup, number: Cell) -> Cell:
    """A trend line with its number below; sorted by the number."""
    return Cell(trend + number.text, number.sort)


def _trend(labs: pl.DataFrame, analyte: str, label: str) -> Markup:
    rows = labs.filter(
        (pl.col("analyte") == analyte)
        & pl.col("value").is_not_null()
        & pl.col("time_min").is_not_null()
        & pl.col("stat").is_null()
    ).sort("time_min", "order", "raw_row", nulls_last=True)
    points = list(rows.select("time_min", "value").iter_rows())
    n = len(points)
    # A single result is a number and no trend.
    return sparkline(points, f"{label}: {n} results, last {points[-1][1]:g}") if n > 1 else Markup("")


def _highest(labs: pl.DataFrame, analyte: str) -> Cell:
    """The highest printed result, in the unit of the column."""
    printed = labs.filter((pl.col("analyte") == analyte) & ~pl.col("stat").is_in(_CHANGES).fill_null(False))
    most = printed["value"].max()
    if most is None:
        return Cell(Markup('<span class="why">no number printed</span>') if printed.height else NONE)
    return Cell(display.exact(float(str(most))), str(most))


def _heparin(trailing: pl.DataFrame) -> Markup:
    """The heparin of the trailing 24 h, with its jumps; nothing where no best total exists."""
    points = [
        (t, v)
        for t, before, after in trailing.sort("time_min").select("time_min", "before", "after").iter_rows()
        for v in (before, after)
    ]
    if not points:
        return Markup("")
    return sparkline(points, f"Heparin in the trailing 24 h: at most {max(v for _, v in points):.0f} U")


def _reported(row: Row) -> Cell:
    return Cell(NONE) if row["state"] in ABSENT else shown(row)


def _most(row: Row, doses: pl.DataFrame) -> Cell:
    """The largest amount in any 24 h; where nothing bounds it, whether the doses are printed at all."""
    if row["state"] in ABSENT or row["value"] is not None or row["high"] is not None or row["low"]:
        return _reported(row)
    heparin = doses.filter(pl.col("drug") == "unfractionated heparin")
    entries = heparin.unique("row_id")
    without = entries.filter(pl.col("amount_status") == "not_printed").height
    said = row_text.nothing_word(without, entries.height)
    hover = f"{without} of {entries.height} dosing entries lack an amount"
    return Cell(Markup('<span class="why" title="{}">{}</span>').format(hover, said), "")


def _claims(claims: pl.DataFrame) -> Cell:
    """Statements of the article that the printed numbers bear out, of those that they can decide."""
    undecided = ["not computable", "nothing to test against", "not shown by the printed numbers"]
    tested = claims.filter((pl.col("by") == "authors") & ~pl.col("verdict").is_in(undecided))
    held = tested.filter(pl.col("verdict").is_in(["reproduced", "possible"])).height
    return Cell(
        f"{held} / {tested.height}" if tested.height else "—", str(held / tested.height) if tested.height else ""
    )


def _files(corpus: Corpus, case: Row) -> Markup:
    folder = corpus.case_report(case["case_id"])
    names = {"report.pdf": "PDF", "report.docx": "DOCX", "report.ipynb": "notebook", "summary.json": "numbers"}
    links = [
        Markup('<a href="{}/{}/{}">{}</a>').format(corpus.name, case["case_id"], name, label)
        for name, label in names.items()
        if (folder / name).is_file()
    ]
    return Markup(" ").join(links)
