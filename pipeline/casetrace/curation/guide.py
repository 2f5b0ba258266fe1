"""How to fill a case, in words: the README of a new folder and the first sheet of a new workbook."""

from collections.abc import Iterator

from casetrace.curation.columns import PURPOSE, choices, explain, in_typing_order, terms
from casetrace.extract.raw_tables import FORMS

#: More words than this are listed in the vocabulary, not in the guide.
_LISTED = 25

RULES = (
    "Type facts, never sentences of the article. A sheet with nothing to say stays empty.",
    "Where the article does not tell, leave the cell empty: missing is never normal.",
    "Times: D4T03:15; D5 some time on that day; D4/D6 in between; @ID+2h two hours after another row; empty: not told.",
    "Days are counted from day 0, the first day of the case; calendar dates are not kept.",
    "Values: 13; 0.63 with a point; <5; 60..70 between; ~40 about; normal, low, positive; 56000 without separators.",
    "The unit stands in its own column, as the article prints it.",
)


def column_rows() -> Iterator[tuple[str, str, bool, str, str]]:
    """Sheet, column, whether it is required, what it is for, and the words that it may hold, for every column."""
    for name, form in FORMS.items():
        sheet = name.removesuffix(".csv")
        for column in in_typing_order(form):
            yield sheet, column, column in form.required, explain(sheet, column), words(sheet, column)


def words(sheet: str, column: str) -> str:
    """The words that a column may hold, in one sentence; empty for a free column."""
    only, known = choices(sheet, column), terms(sheet, column)
    if only:
        return f"One of: {', '.join(only)}."
    if len(known) > _LISTED:
        return f"One of {len(known)} names of the vocabulary, or a name of your own; `check` names the nearest."
    return f"In the vocabulary: {', '.join(known)}." if known else ""


def readme(case_id: str) -> str:
    """The README of a new case folder: each file, each column, and the words that it may hold."""
    lines = [
        f"# {case_id}",
        "",
        "Fill `source.yaml` and the CSV files below, then ask `casetrace check` what is still missing. A file with",
        "nothing to say may stay as it is or be deleted. Required columns are marked with *.",
        "",
        *(f"- {rule}" for rule in RULES),
    ]
    before = ""
    for sheet, column, is_required, meaning, allowed in column_rows():
        if sheet != before:
            lines += ["", f"## {sheet}.csv", "", PURPOSE[sheet], "", "| column | what it holds |", "|---|---|"]
            before = sheet
        lines.append(f"| {column}{'*' if is_required else ''} | {f'{meaning} {allowed}'.strip()} |")
    return "\n".join(lines) + "\n"
