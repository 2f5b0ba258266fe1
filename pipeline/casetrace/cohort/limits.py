"""How many known cases a summary, a curve or a test needs: the section `cohort` of params.yaml."""

from dataclasses import dataclass

from casetrace.core.params import Params


@dataclass(frozen=True)
class Limits:
    """Numbers of known cases from which on something is shown; in each group where groups are compared.

    Attributes:
        median: Fewer values are listed one by one.
        quartiles: Fewer have the median with its range only.
        percent: Fewer have counts without a share.
        curve: Fewer are no curve.
        difference: Fewer have no standardised difference.
        test: Fewer are not tested.
        arrangements: Up to so many arrangements an exact test goes through all; beyond, it draws so many.
    """

    median: int
    quartiles: int
    percent: int
    curve: int
    difference: int
    test: int
    arrangements: int


def limits_of(params: Params) -> Limits:
    """The limits that params.yaml sets; the source of each stands there."""

    def of(name: str) -> int:
        return int(params.number(f"cohort.{name}"))

    return Limits(
        median=of("median_from_cases"),
        quartiles=of("quartiles_from_cases"),
        percent=of("percent_from_cases"),
        curve=of("curve_from_cases"),
        difference=of("difference_from_cases"),
        test=of("test_from_cases"),
        arrangements=of("test_arrangements"),
    )
