"""The page that compares the cases of a corpus. It shows what stands in the cohort tables and computes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

import polars as pl
from markupsafe import Markup

from casetrace.cohort.differences import NOT_KNOWN
from casetrace.cohort.limits import Limits, limits_of
from casetrace.core.params import Params
from casetrace.core.paths import PUBLISHED_CASES
from casetrace.report.corpus_pages import cohort_curves, cohort_groups
from casetrace.report.corpus_pages import cohort_figures as figures
from casetrace.report.corpus_pages import cohort_tables as tables
from casetrace.report.corpus_pages.listing import Cell, Line, Listing, downloads, page, word
from casetrace.report.render.tables import Column

Frames = Mapping[str, pl.DataFrame]

#: Variables drawn as intervals.
_INTERVALS = (
    "iv_ufh_max_24h",
    "iv_ufh_max_24h_mean_rate_per_kg",
    "platelets_fall_since_heparin",
    "four_ts_total",
    "hep_total",
)
_KEY = Markup(
    '<span class="key heparin"></span>unfractionated heparin<span class="key lmwh"></span>low-molecular-weight heparin'
    '<span class="key other"></span>other anticoagulants; pale where start or end is not certain. † death, '
    "▷ discharge, E ECMO starts, e ends, H heparin held, S surgery."
)


@dataclass(frozen=True)
class Figure:
    """A picture with its caption."""

    picture: Markup
    caption: Markup | str
    number: int = 0

    @property
    def name(self) -> str:
        """The first sentence of the caption, for a screen reader."""
        return str(Markup(self.caption).striptags()).split(".")[0]


@dataclass(frozen=True)
class Part:
    """A section of the page; without figures and tables it says why it is empty."""

    id: str
    title: str
    text: str = ""
    figures: Sequence[Figure] = ()
    tables: Sequence[Listing] = ()
    empty: str = "No case has numbers of this kind."


@dataclass(frozen=True)
class Selection:
    """What the page compares: the corpus, and the words of --by, --where and --test."""

    corpus: str
    by: str | None = None
    where: str | None = None
    test: bool = False
    links: Mapping[str, str] = field(default_factory=dict)
    index: str = ""


def cohort_page(frames: Frames, params: Params, selection: Selection) -> str:
    """The page as HTML that needs nothing else.

    Args:
        frames: The cohort tables by name.
        params: For the lower reference limit that figures show.
        selection: What is compared.
    """
    n, limits = frames["characteristics"]["case_id"].n_unique(), limits_of(params)
    parts = _numbered(
        [
            _table_one(frames, limits),
            *_tests(frames, limits, selection),
            _by_case(frames, selection),
            _intervals(frames),
            _platelets(frames, params),
            _courses(frames),
            _times(frames, limits),
            _missing(frames),
        ]
    )
    heading = f"{n} case{'' if n == 1 else 's'} compared"
    about = (
        "Published cases side by side." if selection.corpus == PUBLISHED_CASES else f"The cases of {selection.corpus}."
    )
    if selection.where:
        about += f" Only cases with {selection.where}."
    if selection.by:
        about += f" Grouped by {selection.by}{', with tests' if selection.test else ''}."
    return page(
        "cohort.html.j2",
        title=heading,
        heading=heading,
        about=about,
        caution=_caution(n, limits, selection.corpus),
        left_out=tables.left_out(frames, selection.links),
        corpus=selection.corpus,
        parts=parts,
        index=selection.index,
    )


def _caution(n: int, limits: Limits, corpus: str) -> str:
    few = "With so few cases every summary is a description of these patients. " if n < limits.percent else ""
    if corpus != PUBLISHED_CASES:
        return f"{few}A difference between groups of patients is no effect of a treatment."
    return (
        f"{few}Cases are published because they are unusual, by authors who chose what to print: frequencies here are "
        "not frequencies among patients, and a difference between groups is no effect of a treatment."
    )


def _numbered(parts: Sequence[Part]) -> list[Part]:
    """The parts with their figures and tables counted through; a folded table, the data of a figure, has no number."""
    figure, table, numbered = count(1), count(1), []
    for part in parts:
        pictures = [replace(drawn, number=next(figure)) for drawn in part.figures if drawn.picture]
        listed = [one if one.folded else replace(one, number=next(table)) for one in part.tables]
        numbered.append(replace(part, figures=pictures, tables=listed))
    return numbered


def _table_one(frames: Frames, limits: Limits) -> Part:
    return Part("table1", "Characteristics", tables=[cohort_groups.table_one(frames, limits)])


def _tests(frames: Frames, limits: Limits, selection: Selection) -> list[Part]:
    """Tests stand on a page only where they were asked for."""
    if not selection.test:
        return []
    return [Part("tests", "Tests between the groups", tables=[cohort_groups.tests(frames, limits)])]


def _by_case(frames: Frames, selection: Selection) -> Part:
    return Part("cases", "Case by case", tables=[tables.by_case(frames, selection.links)])


def _intervals(frames: Frames) -> Part:
    found = frames["characteristics"]
    labels = dict(found.select("variable", "label").iter_rows())
    others = found.filter((pl.col("section") == "Other anticoagulants") & (pl.col("kind") == "number"))
    doses = [name for name in others["variable"].unique(maintain_order=True) if figures.bounded(found, name).height > 1]
    drawn = [
        Figure(figures.forest(found, name), f"{labels[name]}. {_drawn(found, name)}")
        for name in [*_INTERVALS, *doses]
        if name in labels
    ]
    return Part("intervals", "What each source allows", figures=drawn)


def _drawn(found: pl.DataFrame, name: str) -> str:
    """The key of a figure of intervals, and the cases that it has nothing to show of."""
    is_open = (pl.col("variable") == name) & (pl.col("state") == "open")
    left_out = found.filter(is_open).height - figures.bounded(found, name).filter(is_open).height
    key = "Dot: best value; bar: what the source allows; arrow: no bound on that side."
    if not left_out:
        return key
    return f"{key} Not drawn: {left_out} case{'' if left_out == 1 else 's'} of which only 0 or more is known."


def _platelets(frames: Frames, params: Params) -> Part:
    frame, limit = frames["aligned_platelets"], float(params.number("platelets.recovery_10e9_l"))
    told = f"Horizontal bars: the time is not certain. Dotted: {limit:g} × 10⁹/L. Counts in 10⁹/L, time in days."
    drawn = [
        Figure(
            figures.aligned(frame, "first_heparin", limit, "the first heparin"),
            f"Platelets from the first heparin. {told}",
        ),
        Figure(
            figures.aligned(frame, "switch", limit, "the switch"),
            f"Platelets from the first dose of another anticoagulant. {told}",
        ),
    ]
    return Part(
        "platelets", "Platelets", figures=drawn, tables=[_data("platelet-counts", "Counts of the figures", frame)]
    )


def _courses(frames: Frames) -> Part:
    caption = Markup(
        "Courses. Drawn from 30 days before time zero to day 60 (→: later). Grey: what the source covers. {}"
    ).format(_KEY)
    return Part(
        "courses",
        "Courses",
        figures=[Figure(figures.swimmer(frames["courses"]), caption)],
        tables=[_data("course-rows", "Stretches of the figure", frames["courses"])],
    )


def _times(frames: Frames, limits: Limits) -> Part:
    steps, drawn = frames["survival"], []
    named = [name for name in frames["summary"]["group"].unique(maintain_order=True) if not name.endswith(NOT_KNOWN)]
    for curve, label in frames["times_to_event"].select("curve", "label").unique(maintain_order=True).iter_rows():
        groups, fewer = cohort_curves.of_curve(steps, curve, named, limits.curve)
        picture = cohort_curves.curves(steps, curve, label, groups)
        drawn.append(Figure(picture, cohort_curves.caption(steps, curve, label, groups, fewer, limits.curve)))
    few = f"A curve is drawn from {limits.curve} cases on, of all or of a group; the times of fewer stand in the table."
    return Part("events", "Times to an event", text=few, figures=drawn, tables=[tables.times(frames)])


def _missing(frames: Frames) -> Part:
    return Part("missingness", "What is not known", tables=[tables.missing(frames)])


def _data(name: str, caption: str, frame: pl.DataFrame) -> Listing:
    """The numbers of a figure as a folded table."""
    columns = [Column(c.replace("_", " "), is_number=t.is_numeric()) for c, t in frame.schema.items()]
    rows = [Line([_plain(value) for value in row]) for row in frame.iter_rows()]
    return Listing(
        name, caption, columns, rows, downloads=downloads(name, frame), folded="The numbers of this part as a table"
    )


def _plain(value: object) -> Cell:
    if isinstance(value, float):
        return Cell(f"{value:.2f}".rstrip("0").rstrip("."), str(value))
    return word(", ".join(value) if isinstance(value, list) else value)
