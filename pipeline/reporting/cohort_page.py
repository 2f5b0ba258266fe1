"""The page that compares the cases of a corpus. It shows what stands in the cohort tables and computes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl
from markupsafe import Markup

from pipeline.cohort.statistics import CURVE_FROM, PERCENT_FROM
from pipeline.params import Params
from pipeline.reporting import cohort_figures as figures
from pipeline.reporting import cohort_tables as tables
from pipeline.reporting.listing import Cell, Line, Listing, downloads, page, word
from pipeline.reporting.tables import Column

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
    """What the page compares: the corpus, and the words of --by and --where."""

    corpus: str
    by: str | None = None
    where: str | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    index: str = ""


def cohort_page(frames: Frames, params: Params, selection: Selection) -> str:
    """The page as HTML that needs nothing else.

    Args:
        frames: The cohort tables by name.
        params: For the lower reference limit that figures show.
        selection: What is compared.
    """
    n = frames["characteristics"]["case_id"].n_unique()
    parts = _numbered(
        [
            _table_one(frames, selection),
            _by_case(frames, selection),
            _intervals(frames),
            _platelets(frames, params),
            _courses(frames),
            _times(frames),
            _missing(frames),
        ]
    )
    heading = f"{n} case{'' if n == 1 else 's'} compared"
    about = (
        "Published cases side by side." if selection.corpus == "case_reports" else f"The cases of {selection.corpus}."
    )
    if selection.where:
        about += f" Only cases with {selection.where}."
    if selection.by:
        about += f" Grouped by {selection.by}."
    return page(
        "cohort.html.j2",
        title=heading,
        heading=heading,
        about=about,
        caution=_caution(n),
        corpus=selection.corpus,
        parts=parts,
        index=selection.index,
    )


def _caution(n: int) -> str:
    few = "With so few cases every summary is a description of these patients. " if n < PERCENT_FROM else ""
    return (
        f"{few}Cases are published because they are unusual, by authors who chose what to print: frequencies here are "
        "not frequencies among patients, and a difference between groups is no effect of a treatment."
    )


def _numbered(parts: Sequence[Part]) -> list[Part]:
    numbered, count = [], 0
    for part in parts:
        drawn = [figure for figure in part.figures if figure.picture]
        pictures = [Figure(f.picture, f.caption, count + place) for place, f in enumerate(drawn, start=1)]
        count += len(drawn)
        numbered.append(Part(part.id, part.title, part.text, pictures, part.tables, part.empty))
    return numbered


def _table_one(frames: Frames, selection: Selection) -> Part:
    return Part("table1", "Characteristics", tables=[tables.table_one(frames)])


def _by_case(frames: Frames, selection: Selection) -> Part:
    return Part("cases", "Case by case", tables=[tables.by_case(frames, selection.links)])


def _intervals(frames: Frames) -> Part:
    found = frames["characteristics"]
    labels = dict(found.select("variable", "label").iter_rows())
    drawn = [
        Figure(
            figures.forest(found, name),
            f"{labels[name]}. Dot: best value; bar: what the source allows; arrow: no upper bound.",
        )
        for name in _INTERVALS
        if name in labels
    ]
    return Part("intervals", "What each source allows", figures=drawn)


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


def _times(frames: Frames) -> Part:
    steps, rows = frames["survival"], frames["times_to_event"]
    drawn = []
    for curve, label in rows.select("curve", "label").unique(maintain_order=True).iter_rows():
        mine = rows.filter((pl.col("curve") == curve) & pl.col("is_event").is_not_null())
        if mine.height < CURVE_FROM:
            continue
        events = int(mine["is_event"].sum())
        caption = (
            f"{label}. Kaplan-Meier estimate: {mine.height} cases, {events} events, "
            f"{mine.height - events} censored (+). "
            "Dashed: with every time at its earliest and latest. Cases in no curve are named in the table."
        )
        drawn.append(Figure(figures.curves(steps, curve, label), caption))
    few = f"No curve is drawn of fewer than {CURVE_FROM} cases; their times stand in the table."
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
