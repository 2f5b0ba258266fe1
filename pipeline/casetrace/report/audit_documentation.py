"""docs/audit.md: what each test of a statement takes and gives, from the declarations that the code reads."""

from casetrace.core.params import Params
from casetrace.schemas.claim_tests import CLAIM_TESTS, ClaimTest
from casetrace.schemas.results import CONSEQUENCES, VERDICTS
from casetrace.vocabulary import scores
from casetrace.vocabulary.variation import variations

_HEAD = """
The audit holds each statement of an article against the numbers that the article prints. It judges what is printed,
not what happened: an article prints a selection, so a mean, a count, an extreme or a total can rest on values that are
not printed. `claims.csv` holds the statements that the authors make, `checks.csv` (of the same form) what the curator
works out; they are tested in the same way, shown in sections of their own, and only the first are counted.
"""
_VERDICTS = {
    "reproduced": "everything that the printed numbers allow rounds to the statement",
    "possible": "the printed numbers allow it, and what the source leaves open decides; or several values are printed "
    "that can all be true",
    "not shown by the printed numbers": "the printed numbers give something else, and values that are not printed "
    "could bear the statement out",
    "contradicted by the printed numbers": "no value that is not printed could save the statement",
    "two places differ": "one thing is told in two ways, or a score's definition says something else",
    "not computable": "the numbers, or a unit, that the test needs are not printed",
    "nothing to test against": "no number is stated, the only rows were typed from the statement, or it is a judgement",
}
_COMPLETE = """
A statement whose cell `complete` says `yes` speaks of values that the article gives as all there are: then none is left
that could save it.
"""
_ROUNDING = """
Numbers are compared as they would be printed: rounded half up at the digits that the statement prints, a half going
away from 0. The zeros at the end of a whole number may be digits or filling, so such a number is tested at its last
digit that is not 0, and never at fewer than two digits: 61 000 holds 60 500 to 61 499, 60 000 holds 59 500 to 60 499.
The verdict says so where it decides. Limits (`<`, `<=`, `>`, `>=`) are not rounded, and the ends of a range count to
their last printed digit. `~` allows {about} % either way.
"""
_DAYS = """
A plain number of days (`=`, `~`) is counted from the day of one row to the day of the other. Within a day, or more than
so many days, is of the hours that passed: a start that is not printed to the hour leaves it open.
"""
_NAMED_ROWS = """
Where `of` names rows (doses that were added up, one result), these are meant and no others: then values that are not
printed can do nothing.
"""
_COULD = {
    "none": "nothing: the numbers that it names are printed",
    "higher": "make it higher",
    "lower": "make it lower",
    "either": "make it higher or lower",
}


def audit_page(params: Params, generated: str) -> str:
    """The whole page."""
    about = params.number("values.approximate_value_pct")
    return "\n".join([
        "# The audit of claims\n", generated, _HEAD.strip() + "\n",
        "## Verdicts\n", "| verdict | when |", "|---|---|", *(f"| {v} | {_VERDICTS[v]} |" for v in VERDICTS), "",
        _COMPLETE.strip() + "\n",
        "## What each test gives, and when it contradicts\n", *_truth_table(), "",
        _NAMED_ROWS.strip() + "\n",
        "## Arguments\n", *_arguments(), "",
        "## Rounding\n", _ROUNDING.format(about=about).strip() + "\n", "## Days\n", _DAYS.strip() + "\n",
        "## What a contradiction changes\n", *_consequences(params), "",
        "## Scores and their items\n", *_scores(), "",
    ])  # fmt: skip


def _truth_table() -> list[str]:
    lines = ["| `compute` | the printed numbers give | numbers that are not printed could | contradicted when |",
             "|---|---|---|---|"]  # fmt: skip
    return lines + [
        f"| `{name}` | {test.gives} | {_COULD[test.unprinted]} | {test.contradicted} |"
        for name, test in CLAIM_TESTS.items()
    ]


def _arguments() -> list[str]:
    lines = [
        "What a test does not take is an error, and so is a name that is not known, with the nearest one.\n",
        "| `compute` | `of` | `from`, `to` | `per` | `window` | `complete` | needs |",
        "|---|---|---|---|---|---|---|",
    ]
    ends = {"": "", "span": "the span: rows or times", "values": "the two values: rows", "times": "two rows or times"}
    return lines + [
        f"| `{name}` | {' or '.join(test.of)} | {ends[test.ends]} | {test.per} | {'24h' if test.window else ''} | "
        f"{'yes' if test.is_of_a_set else ''} | {_needs(test)} |"
        for name, test in CLAIM_TESTS.items()
    ]


def _needs(test: ClaimTest) -> str:
    return ", ".join(f"`{name}`" for name in test.needs)


def _consequences(params: Params) -> list[str]:
    limits = ", ".join(f"`{e.name}` ({e.value} {e.unit})" for e in params.entries() if e.name.startswith("audit."))
    turns, plain, noise = CONSEQUENCES
    lines = [
        f"- **{turns}**: the stated and the printed number lie on two sides of a limit (the resistance criteria, "
        f"`platelets.fall_onset_pct`, {limits}), or the points of a score differ. It stands first.",
        f"- **{plain}**.",
        f"- **{noise}**: a remark. The statement is the number with its further digits cut off, or lies no further "
        "from a result than two laboratories may find in one sample:",
        "",
        "| analyte | allowed | unit | source |",
        "|---|---|---|---|",
    ]
    for v in variations().values():
        parts = [f"{v.pct:g} %" if v.pct else "", f"{v.absolute:g} {v.unit}" if v.absolute else ""]
        lines.append(f"| `{v.analyte}` | {' or '.join(p for p in parts if p)} | `{v.unit}` | {v.source} |")
    return [*lines, "", "Where two are given, the larger holds."]


def _scores() -> list[str]:
    lines = ["| score | also typed as | items | bands |", "|---|---|---|---|"]
    return lines + [
        f"| `{s.name}` | {'; '.join(s.met_as)} | {', '.join(f'`{i}`' for i in s.items)} | {', '.join(s.bands)} |"
        for s in scores.all_scores()
    ]
