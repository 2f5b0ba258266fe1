"""A case folder -> canonical tables, or everything that is wrong with it."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from casetrace import vocabulary
from casetrace.core.errors import NotFoundError, Problem
from casetrace.core.params import Params
from casetrace.extract import checks, claims, results, statements
from casetrace.extract.case_reading import Case
from casetrace.extract.case_times import resolve_times
from casetrace.extract.dose_amounts import Span
from casetrace.extract.doses import exposure_doses, exposures
from casetrace.extract.raw_tables import FORMS, RawRow, read_table, read_text, unknown_files
from casetrace.extract.results import Weight
from casetrace.extract.source_file import Source, read_source
from casetrace.extract.source_keys import FILE as SOURCE
from casetrace.extract.wide_labs import melt_wide_labs
from casetrace.extract.workbook import FILE as WORKBOOK
from casetrace.extract.workbook import read_workbook, sheet_label
from casetrace.schemas import CANONICAL, empty
from casetrace.schemas.base import dtypes
from casetrace.values.instants import Tolerance
from casetrace.values.timeline import Timeline

Frames = dict[str, pl.DataFrame]


def read_case(folder: Path, params: Params, *, validate: bool = True) -> tuple[Frames, list[Problem]]:
    """One case folder as canonical tables.

    Args:
        folder: The folder of one case; its name is the case id.
        params: For what 'about' means beside a time or a value.
        validate: Whether the tables are held against their schemas; False only for a caller that does so itself for
            many cases at once, which is ten times as fast.

    Returns:
        Every canonical table by name, typed also when it is empty, and all problems. Files in problems begin with the
        name of the folder. When one of the problems is an error, all tables are empty.

    Raises:
        NotFoundError: when there is no such folder.
    """
    if not folder.is_dir():
        raise NotFoundError(f"no case folder {folder}")
    frames, problems = _read(folder, params)
    if validate:
        frames = {name: CANONICAL[name].checked(frame) for name, frame in frames.items()}
    problems = [in_workbook(folder, problem) for problem in problems]
    # A cell that many rows share (the time of a row of labs_wide.csv) is told once.
    named = {replace(problem, file=f"{folder.name}/{problem.file}") for problem in problems}
    return frames, sorted(named, key=Problem.place)


def _read(folder: Path, params: Params) -> tuple[Frames, list[Problem]]:
    problems = unknown_files(folder)
    source, source_problems = read_source(folder)
    problems += source_problems
    tables, table_problems = read_sheets(folder)
    problems += table_problems
    tables, wide_problems = melt_wide_labs(tables, vocabulary.load().analytes)
    problems += wide_problems
    rows, id_problems = checks.with_ids(tables)
    problems += id_problems
    if source is None:
        # Without any key of the source no time can be resolved: say so much first.
        return _empty_frames(), problems
    case = Case(source, vocabulary.load(), Decimal(str(params.number("values.approximate_value_pct"))), rows)
    records = _records(case, params)
    # A cell that the sheet could not give is told by that alone, not as an empty one besides.
    refused = {_cell(in_workbook(folder, problem)) for problem in table_problems if problem.column is not None}
    problems += [problem for problem in case.problems if _cell(in_workbook(folder, problem)) not in refused]
    if any(problem.severity == "error" for problem in problems):
        return _empty_frames(), problems
    return {name: _frame(name, records[name]) for name in CANONICAL}, problems


def _cell(problem: Problem) -> tuple[str, int | None, str | None]:
    return problem.file, problem.row, problem.column


def read_sheets(folder: Path) -> tuple[dict[str, list[RawRow]], list[Problem]]:
    """The rows of every sheet of a case folder: of its CSV files, or of its workbook, never of both."""
    tables: dict[str, list[RawRow]] = {}
    problems: list[Problem] = []
    for name in FORMS:
        if (folder / name).is_file():
            tables[name], found = read_table(folder / name)
            problems += found
    if not (folder / WORKBOOK).is_file():
        return tables, problems
    if tables:
        what = f"the folder holds the sheets twice: here and in {', '.join(tables)}"
        return tables, [*problems, Problem(WORKBOOK, what=what, allowed="either the workbook or the CSV files")]
    sheets = read_workbook(folder / WORKBOOK, tuple(FORMS))
    for name, text in sheets.texts.items():
        tables[name], found = read_text(name, text)
        problems += found
    return {name: tables[name] for name in FORMS if name in tables}, [*problems, *sheets.problems]


def in_workbook(folder: Path, problem: Problem) -> Problem:
    """The problem with the sheet of the workbook in place of the file that does not exist."""
    if not (folder / WORKBOOK).is_file():
        return problem
    if problem.file in (*FORMS, SOURCE) and not (folder / problem.file).is_file():
        problem = replace(problem, file=sheet_label(problem.file))
    if (folder / SOURCE).is_file():
        return problem
    return replace(
        problem, **{part: getattr(problem, part).replace(SOURCE, "the sheet source") for part in ("what", "allowed")}
    )


def among_cases(raw: Path, problem: Problem) -> Problem:
    """The same for a problem whose file begins with the name of its case.

    Args:
        raw: The folder that holds the case folders.
        problem: One that was found in the tables, which do not know of workbooks.
    """
    case_id, _, file = problem.file.partition("/")
    told = in_workbook(raw / case_id, replace(problem, file=file))
    return replace(told, file=f"{case_id}/{told.file}")


def _records(case: Case, params: Params) -> dict[str, list[dict[str, Any]]]:
    """Every canonical row of the case; what is wrong is collected in the case."""
    tolerance = Tolerance(
        minutes=int(params.number("time.approximate_time_min")), days=int(params.number("time.approximate_day_d"))
    )
    resolve_times(case, Timeline(case.source.observed, tolerance, case.source.clocks))
    patient, weights = results.patient_rows(case)
    targets, in_force = results.target_rows(case)
    doses = exposure_doses(case, weights)
    records = {
        "cases": [_case_row(case.source, weights)],
        "sources": [_source_row(case.source)],
        "patient": patient,
        "targets": targets,
        "labs": results.lab_rows(case, in_force, exposures(doses)),
        "doses": doses,
        "events": statements.event_rows(case),
        "findings": statements.finding_rows(case),
        "reported_scores": statements.score_rows(case),
        "claims": claims.claim_rows(case),
    }
    for rows in case.rows.values():
        case.problems += checks.typed_twice(rows)
    case.problems += checks.steps_against_times(case)
    return records


def _frame(name: str, records: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Records as the typed and sorted table."""
    model = CANONICAL[name]
    for record in records:
        # A column that no code fills would be null in silence, and null has a meaning.
        if record.keys() != dtypes(model).keys():
            raise TypeError(f"{name}: columns {sorted(record.keys() ^ dtypes(model).keys())} do not match the schema")
    frame = pl.DataFrame(list(records), schema=dtypes(model), orient="row")
    order = [column for column in ("case_id", "raw_file", "raw_row", "occurrence") if column in frame.columns]
    return frame.sort(order, maintain_order=True)


def _empty_frames() -> Frames:
    return {name: empty(model) for name, model in CANONICAL.items()}


def _case_row(source: Source, weights: list[Weight]) -> dict[str, Any]:
    weight = weights[0] if weights else None
    value = weight.value if weight else None
    columns = Span(value.best, value.low, value.high).columns("weight") if value else Span().columns("weight")
    return {
        "case_id": source.case_id,
        "title": source.title,
        "status": source.status,
        "read": source.read,
        "is_fictional": source.is_fictional,
        "patient_label": source.patient_label,
        "same_patient_as": source.same_patient_as,
        "time_zero": source.time_zero,
        "day_zero_starts": source.day_zero_starts,
        "observed_start_min": source.observed.start,
        "observed_end_min": source.observed.end,
        "span_start_min": None,  # an article is the whole record of its case
        "span_end_min": None,
        "weight_kg": columns["weight"],
        "weight_low_kg": columns["weight_low"],
        "weight_high_kg": columns["weight_high"],
        "weight_row_id": weight.row_id if weight else None,
    }


def _source_row(source: Source) -> dict[str, Any]:
    citation = source.citation
    return {
        "case_id": source.case_id,
        "authors": source.authors,
        "article_title": citation.get("title"),
        "journal": citation.get("journal"),
        "year": source.year,
        **{key: citation.get(key) for key in ("volume", "issue", "pages", "doi", "pmid", "pmcid", "url")},
        "licence": source.licence,
        "curators": source.curators,
        "source_text_sha256": source.source_text_sha256,
    }
