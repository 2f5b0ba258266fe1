"""What each test of a statement takes, and what numbers that are not printed could do to it.

One declaration for what `check` accepts, for the audit, and for docs/audit.md. An article prints a selection: a
statement about a set of values (a mean, a count, an extreme, a total) can rest on values that are not printed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

#: In which direction values that are not printed could move what the printed ones give.
Unprinted = Literal["none", "higher", "lower", "either"]

ROWS = "ids of rows"
ANALYTE = "an analyte"
DRUG = "a drug"
DOSES = "ids of doses"


@dataclass(frozen=True)
class ClaimTest:
    """One value of `compute`.

    Args:
        gives: What the printed numbers give.
        of: What `of` may name; empty when the test takes none.
        ends: What `from` and `to` are: a span within which values count, two values, two times, or nothing.
        per: What `per` may hold.
        window: Whether it takes a `window`.
        needs: Columns that it cannot do without, beside `claim` and `compute`.
        unprinted: What values that are not printed could do, where `of` names a set.
        contradicted: When the printed numbers contradict a statement, in words.
    """

    gives: str
    of: tuple[str, ...] = ()
    ends: Literal["", "span", "values", "times"] = ""
    per: str = ""
    window: bool = False
    needs: tuple[str, ...] = ()
    unprinted: Unprinted = "none"
    contradicted: str = ""

    @property
    def takes(self) -> tuple[str, ...]:
        """The argument columns that may be filled."""
        found = [name for name, is_taken in (
            ("of", bool(self.of)), ("from", bool(self.ends)), ("to", bool(self.ends)), ("window", self.window),
            ("per", bool(self.per)), ("complete", self.is_of_a_set),
        ) if is_taken]  # fmt: skip
        return (*found, "gave")

    @property
    def is_of_a_set(self) -> bool:
        """Whether the test may speak of a set of which the article prints a selection."""
        return (self.unprinted != "none" and self.ends == "span") or self.per == "h, d, kg"


_NUMBERS = "the two values are printed and differ from it"

CLAIM_TESTS: Mapping[str, ClaimTest] = {
    "level": ClaimTest(
        "one value: of the row, or of the only result of the analyte or patient item",
        (ROWS, ANALYTE, "a patient item"), needs=("of",), unprinted="either",
        contradicted="`of` names a row and its printed value is another; a name stands for a result that may not be printed",
    ),
    "min": ClaimTest(
        "the lowest printed result between `from` and `to`", (ANALYTE,), "span", needs=("of",), unprinted="lower",
        contradicted="a printed result lies below the stated minimum",
    ),
    "max": ClaimTest(
        "the highest printed result between `from` and `to`", (ANALYTE,), "span", needs=("of",), unprinted="higher",
        contradicted="a printed result lies above the stated maximum",
    ),
    "mean": ClaimTest(
        "the printed mean, or a mean of the printed results between `from` and `to`", (ANALYTE,), "span",
        needs=("of",), unprinted="either", contradicted="never, unless the printed results are said to be all",
    ),
    "count": ClaimTest(
        "the number of printed results, or of doses of a kind, between `from` and `to`",
        (ANALYTE, "a drug and a kind of dose (heparin bolus)"), "span", needs=("of",), unprinted="higher",
        contradicted="more are printed than stated",
    ),
    "change": ClaimTest(
        "the later value minus the earlier; with doses in `per`, for each unit of what they give", (ANALYTE,), "values",
        per=DOSES, needs=("from", "to"), contradicted=_NUMBERS,
    ),
    "fall_pct": ClaimTest(
        "the fall in per cent of the earlier value", (ANALYTE,), "values", needs=("from", "to"),
        contradicted=_NUMBERS,
    ),
    "rise_pct": ClaimTest(
        "the rise in per cent of the earlier value", (ANALYTE,), "values", needs=("from", "to"),
        contradicted=_NUMBERS,
    ),
    "ratio": ClaimTest(
        "the later value over the earlier", (ANALYTE,), "values", needs=("from", "to"), contradicted=_NUMBERS,
    ),
    "dose_total": ClaimTest(
        "what the doses give in all, or those of the drug between `from` and `to`; with `window`, the largest total over "
        "any time of that length", (DOSES, DRUG), "span", window=True, needs=("of",), unprinted="higher",
        contradicted="the printed doses give more than stated; `of` names the doses that were added up, or the printed "
        "doses are said to be all, and they give another sum",
    ),
    "dose_rate": ClaimTest(
        "the rate of the dose, the mean rate of a total or a regimen, or the highest printed rate of the drug",
        (DOSES, DRUG), per="h, d, kg", needs=("of",), unprinted="higher",
        contradicted="`of` names a dose and its printed rate is another; a printed rate is above the stated highest",
    ),
    "duration": ClaimTest(
        "the time from one row to another; with `d` and a plain value the number of days as days are counted",
        ends="times", needs=("from", "to"), contradicted="the two printed times are another length apart",
    ),
    "bmi": ClaimTest(
        "weight over the square of height", contradicted="the printed weight and height give another",
    ),
    "score_sum": ClaimTest(
        "the sum of the printed points of the items", ("a score",), needs=("of",),
        contradicted="the printed items add up to another sum",
    ),
    "score_item": ClaimTest(
        "the points that the printed label of the item has in the published table; without a label those by the data",
        ("a score and its item (4ts timing)",), needs=("of",), unprinted="either",
        contradicted="never: a label beside other points is two places that differ",
    ),
    "score_band": ClaimTest(
        "the limits of the band in the published score", ("a score and its band (4ts low)",), needs=("of",),
        contradicted="never: other limits are two places that differ",
    ),
    "score_total": ClaimTest(
        "the total by the printed data, unknown items left open", ("a score",), needs=("of",), unprinted="either",
        contradicted="never: data that are not printed may give the points",
    ),
    "agrees": ClaimTest(
        "whether the rows say the same", (ROWS,), needs=("of",),
        contradicted="never: one thing told in two ways is two places that differ; two results of one day can both be true",
    ),
    "other": ClaimTest(
        "the metric of that name; nothing where `of` is empty or names rows (a judgement on them)",
        ("a metric, or metric.stratum", ROWS), unprinted="either",
        contradicted="never: data that are not printed may change the metric",
    ),
}  # fmt: skip

COMPUTE = list(CLAIM_TESTS)
