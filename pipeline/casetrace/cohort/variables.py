"""What cases are compared by: the lines of variables.csv, and of a project's own `vocabulary/cohort_variables.csv`."""

import csv
import re
from dataclasses import dataclass, fields
from pathlib import Path

from casetrace.core.errors import InputError, Problem
from casetrace.vocabulary import own_terms

VARIABLES = Path(__file__).with_name("variables.csv")
#: What a variable of a project may be, and where it may come from.
_OWN_KINDS = ("number", "choice", "yes_no")
_OWN_SOURCES = ("patient", "metric", "finding")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Variable:
    """One line: the variable, how it is shown, and where it comes from."""

    variable: str
    section: str
    label: str
    kind: str
    source: str
    name: str
    stratum: str


def lines() -> list[Variable]:
    """Every line, ours first.

    Raises:
        InputError: everything that is wrong with the project's own lines.
    """
    with VARIABLES.open(encoding="utf-8", newline="") as file:
        found = [Variable(**row) for row in csv.DictReader(file, strict=True)]
    problems: list[Problem] = []
    for number, row in own_terms.own_variables([field.name for field in fields(Variable)]):
        problems += _problems(number, row, {variable.variable for variable in found})
        found.append(Variable(**row))
    if problems:
        raise InputError(problems)
    return found


def _problems(number: int, row: dict[str, str], known: set[str]) -> list[Problem]:
    file = f"vocabulary/{own_terms.VARIABLES}"
    allowed = {"kind": _OWN_KINDS, "source": _OWN_SOURCES}
    wrong = [
        Problem(file, number, column, f"'{row[column]}' is no {column} of a variable", ", ".join(words))
        for column, words in allowed.items()
        if row[column] not in words
    ]
    if row["variable"] in known or not _NAME.fullmatch(row["variable"]):
        what = f"'{row['variable']}' cannot name another variable"
        wrong.append(Problem(file, number, "variable", what, "small letters, digits and underscores, each name once"))
    wrong += [
        Problem(
            file,
            number,
            column,
            "the cell is empty",
            "words for a reader" if column != "name" else "what it is called there",
        )
        for column in ("section", "label", "name")
        if not row[column]
    ]
    return wrong
