"""How numbers, units and times are written."""

import pytest
from casetrace.values import display
from casetrace.values.display import MINUS, THIN

DAY = 1440


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (46711.4, 0, f"46{THIN}711"),
        (46711.5, 0, f"46{THIN}712"),
        (9999.0, 0, "9999"),
        (10000.0, 0, f"10{THIN}000"),
        (1234567.0, 0, f"1{THIN}234{THIN}567"),
        (21.35, 1, "21.4"),
        (2.675, 2, "2.68"),
        (12.0, 1, "12"),
        (-98.0, 0, f"{MINUS}98"),
        (-0.04, 1, "0"),
        (0.0, 0, "0"),
        (1e-9, 2, "0"),
    ],
)
def test_number(value: float, decimals: int, written: str) -> None:
    assert display.number(value, decimals) == written


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (None, "not printed"),
        ("13", "13"),
        ("0.63", "0.63"),
        ("4.0", "4.0"),
        ("30000", f"30{THIN}000"),
        ("-98", f"{MINUS}98"),
        ("-12000", f"{MINUS}12{THIN}000"),
        ("45..90", "45 to 90"),
        ("<5", "< 5"),
        (">=20", "≥ 20"),
        ("~40", "about 40"),
        ("negative", "negative"),
    ],
)
def test_reported_values_keep_every_digit(typed: str | None, written: str) -> None:
    assert display.reported(typed) == written


@pytest.mark.parametrize(
    ("unit", "about", "written"),
    [
        ("[iU]", "iv_ufh_total", "U"),
        ("[iU]", "antithrombin", "IU"),
        ("[iU]/kg/h", "iv_ufh_highest_rate_per_kg", "U/kg/h"),
        ("[iU]/mL", "anti_xa_ufh", "IU/mL"),
        ("10*9/L", "", "10⁹/L"),
        ("ug/kg/min", "argatroban", "µg/kg/min"),
        ("{INR}", "", ""),
        ("{yes_no}", "", ""),
        (None, "", ""),
        ("s", "", "s"),
    ],
)
def test_units(unit: str | None, about: str, written: str) -> None:
    assert display.unit_text(unit, about) == written


def test_a_power_of_ten_is_multiplied() -> None:
    assert display.quantity("90", "10⁹/L") == "90\u00a0×\u00a010⁹/L"
    assert display.quantity("90", "g/L") == "90\u00a0g/L"
    assert display.quantity("1.1", "") == "1.1"


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [
        (46435.2, 46985.8, f"46{THIN}435 to 46{THIN}986"),
        (56000.0, 56000.0, f"56{THIN}000"),
        (None, 5.0, "at most 5"),
        (83071.0, None, f"at least 83{THIN}071"),
        (None, None, ""),
    ],
)
def test_span(low: float | None, high: float | None, written: str) -> None:
    assert display.span(low, high) == written


#                form           best         earliest     latest            written
TIMES = [
    ("minute", 5 * DAY + 1380, 5 * DAY + 1380, 5 * DAY + 1380, "day 5, 23:00"),
    ("day", 5 * DAY + 719, 5 * DAY, 6 * DAY - 1, "day 5"),
    ("interval", 4 * DAY + 97, 4 * DAY, 4 * DAY + 195, "day 4, 00:00 to 03:15"),
    ("interval", 5 * DAY, 4 * DAY, 7 * DAY - 1, "day 4 to day 6"),
    ("interval", 7 * DAY, 6 * DAY + 327, 12 * DAY - 1, "day 6, 05:27 to day 11, 23:59"),
    ("approximate", 6 * DAY + 357, 6 * DAY + 327, 6 * DAY + 387, "about day 6, 05:57"),
    ("approximate", 5 * DAY + 719, 4 * DAY, 7 * DAY - 1, "about day 5"),
    ("open", None, 0, 4 * DAY + 195, "not after day 4, 03:15"),
    ("open", None, 6 * DAY + 357, 26 * DAY - 1, "not before day 6, 05:57"),
    ("open", None, 11 * DAY, 26 * DAY - 1, "not before day 11"),
    ("open", None, 0, 26 * DAY - 1, "time not given"),
    ("unknown", None, 0, 26 * DAY - 1, "time not given"),
    ("unknown", None, None, None, "time not given"),
    ("minute", -3 * DAY, -3 * DAY, -3 * DAY, f"day {MINUS}3, 00:00"),
]


@pytest.mark.parametrize(("form", "best", "earliest", "latest", "written"), TIMES)
def test_times_are_as_precise_as_the_source(
    form: str, best: int | None, earliest: int | None, latest: int | None, written: str
) -> None:
    text = display.when(form, best, earliest, latest, observed=(0, 26 * DAY - 1))
    assert text.replace("\u00a0", " ") == written


def test_hours_after_hour_zero_are_no_clock_time() -> None:
    assert display.instant(4 * DAY + 195, "hour_zero").replace("\u00a0", " ") == "day 4, +3 h 15 min"


@pytest.mark.parametrize(
    ("minutes", "written"),
    [
        (0, "0 min"),
        (45, "45 min"),
        (120, "2 h"),
        (125, "2 h 05 min"),
        (1440, "24 h"),
        (5 * 1440 + 120, "5 d 2 h"),
        (-90, f"{MINUS}1 h 30 min"),
    ],
)
def test_duration(minutes: int, written: str) -> None:
    assert display.duration(minutes).replace("\u00a0", " ") == written


def test_exact_keeps_all_digits() -> None:
    assert display.exact(1090.8) == "1090.8"
    assert display.exact(63.0) == "63"
    assert display.exact(30000) == f"30{THIN}000"


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.2584, "0.26"), (0.03, "0.03"), (0.2, "0.20"), (0.0079, "0.008"), (0.001, "0.001"), (0.00099, "< 0.001"),
        (0.0, "< 0.001"), (0.9999, "> 0.99"), (0.99, "0.99"), (1.0, "1.00"),
    ],
)  # fmt: skip
def test_a_p_value_is_never_0_and_never_1_by_rounding(p, text):
    assert display.p_value(p) == text


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (2.727273, "2.73"),
        (12.0, "12"),
        (9.6, "9.6"),
        (0.012, "0.012"),
        (0.0123456, "0.0123"),
        (1090.8, "1091"),
        (0, "0"),
    ],
)
def test_a_rate_in_a_figure_has_three_digits_and_never_vanishes(value, told):
    assert display.in_digits(value) == told
