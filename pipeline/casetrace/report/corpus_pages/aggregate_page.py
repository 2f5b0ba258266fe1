"""The page of a corpus in aggregate: counts and classes, and nothing of a single case. It computes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from casetrace.cohort.limits import Limits
from casetrace.report.corpus_pages import aggregate_words as words
from casetrace.report.corpus_pages.aggregate_figures import distributions
from casetrace.report.corpus_pages.aggregate_tables import characteristics
from casetrace.report.corpus_pages.listing import page

Frames = Mapping[str, pl.DataFrame]

_UNITS = {"stay": "ICU stays", "admission": "hospital admissions", "patient": "patients, each one case"}
_RULES = (
    "No case, row, date or identifier is shown, and no file with rows can be taken from here.",
    "Counts are told as classes of ten (11 to 20, 21 to 30) or as 10 or fewer, which may be none; wider where the sum "
    "of a table would tell more. A difference of two counts told so can always be 0, or 11 and more.",
    "A class of numbers or an answer has at least 11 cases and 11 patients, or is joined with others; ages of 90 and "
    "more are never parted. The edges are round numbers; smallest and largest values are not told.",
    "A median or a quartile is told by the class that it lies in.",
    "Groups, selections and tests are refused, since pages of parts could be subtracted from each other.",
)
_LEFT_OUT = (
    "Courses, single platelet counts, intervals of single cases and times to an event are left out: each of their "
    "points, or steps, is one patient."
)
_MANY = (
    "There are too many cases for one row each: tables of cases, courses and curves are on the page of a smaller "
    "selection (casetrace cohort --where), and every case is in data/processed."
)


@dataclass(frozen=True)
class About:
    """What the page is about: the corpus, where it comes from, and the words of --by and --where."""

    corpus: str
    database: str | None = None
    unit: str | None = None
    by: str | None = None
    where: str | None = None
    index: str = ""


def aggregate_page(frames: Frames, about: About, limits: Limits) -> str:
    """The page as HTML that needs nothing else.

    Args:
        frames: The tables `sizes`, `known`, `counts` and `quantiles` by name.
        about: What they are about.
        limits: From how many known cases on a public corpus has quartiles and percentages.
    """
    sizes = frames["sizes"]
    is_protected, is_empty = bool(sizes["is_protected"].any()), frames["known"].height == 0
    heading = "Too few cases to show anything" if is_empty else f"{_cases(sizes)} cases in aggregate"
    panels = distributions(frames["counts"]) if sizes.height == 1 else []
    return page(
        "aggregate.html.j2",
        title=heading,
        heading=heading,
        about=_about(sizes, about, is_empty),
        corpus=about.corpus,
        index=about.index,
        rules=_RULES if is_protected else (),
        is_empty=is_empty,
        is_grouped=sizes.height > 1,
        table=None if is_empty else characteristics(frames, limits),
        panels=panels,
        caption=_caption(is_protected),
        left_out=_LEFT_OUT if is_protected else _MANY,
    )


def _cases(sizes: pl.DataFrame) -> str:
    if sizes.height == 1:
        return words.count(sizes["cases_low"][0], sizes["cases_high"][0])
    return words.count(int(sizes["cases_low"].sum()), int(sizes["cases_high"].sum()))


def _about(sizes: pl.DataFrame, about: About, is_empty: bool) -> str:
    what = (
        "Published cases" if about.database is None else f"{_UNITS.get(about.unit or '', 'Cases')} of {about.database}"
    )
    sentences = [f"{what[0].upper()}{what[1:]}, described as a whole."]
    if is_empty:
        sentences.append("The corpus is not public and has 10 or fewer cases or patients.")
    elif sizes.height == 1:
        patients = words.count(sizes["patients_low"][0], sizes["patients_high"][0])
        sentences.append(f"They are of {patients} patients.")
    if about.where:
        sentences.append(f"Only cases with {about.where}.")
    if about.by:
        sentences.append(f"Grouped by {about.by}.")
    sentences.append("A difference between groups of patients is no effect of a treatment.")
    return " ".join(sentences)


def _caption(is_protected: bool) -> str:
    if not is_protected:
        return "Cases in each class of values; the outer classes are open."
    return (
        "Cases in each class of values; the classes differ in width, and the outer ones are open. Dark: at least so "
        "many; pale: at most so many."
    )
