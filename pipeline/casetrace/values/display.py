"""How numbers, units and times are written for a reader: the only place where anything is rounded.

Derived numbers are rounded half up to the decimals of their unit; reported values are shown as typed.
Thousands are parted by a narrow no-break space, negative numbers have a minus sign, and a number that
is missing is called missing, with its reason: never a blank and never 0.
"""

import math
from decimal import ROUND_HALF_UP, Decimal

THIN = "\u202f"
MINUS = "\u2212"
MINUTES_PER_DAY = 1440
MINUTES_PER_HOUR = 60

#: UCUM code -> what a clinician reads. ``[iU]`` is not here: see `unit_text`.
UNIT_TEXT = {
    "10*9/L": "10⁹/L",
    "10*3/uL": "10³/µL",
    "ug": "µg",
    "ug/L": "µg/L",
    "ug/L{FEU}": "µg/L FEU",
    "ng/mL{FEU}": "ng/mL FEU",
    "ug/mL{FEU}": "µg/mL FEU",
    "ug/kg/min": "µg/kg/min",
    "umol/L": "µmol/L",
    "[arb'U]/mL": "AU/mL",
    "mm[Hg]": "mmHg",
    "Cel": "°C",
    "s.kg/[iU]": "s per U/kg",
    "{unit}": "units",
    "{score}": "points",
    "{OD_unit}": "OD",
    "{ratio}": "",
    "{INR}": "",
    "{index}": "",
    "{count}": "",
    "[pH]": "",
    "1": "",
    "a": "years",
    "d": "days",
}

#: Decimals shown for a derived number in this unit; every other unit has one.
DECIMALS = {
    "[iU]": 0,
    "[iU]/h": 0,
    "[iU]/kg": 0,
    "{count}": 0,
    "{unit}": 0,
    "points": 0,
    "{score}": 0,
    "d": 0,
    "mg": 1,
    "mg/kg/h": 3,
    "g/L": 2,
    "[iU]/mL": 2,
    "s.kg/[iU]": 3,
    "{INR}": 2,
    "{ratio}": 2,
}

HEPARIN_WORDS = ("ufh", "heparin", "resistance")


def unit_text(ucum: str | None, about: str = "") -> str:
    """The unit as printed. ``about`` names the drug or metric: heparin is in U, other [iU] in IU."""
    if not ucum or ucum == "{yes_no}":
        return ""
    if ucum in UNIT_TEXT:
        return UNIT_TEXT[ucum]
    is_heparin = any(word in about.lower() for word in HEPARIN_WORDS) and "anti_xa" not in about
    return ucum.replace("[iU]", "U" if is_heparin else "IU").replace("ug/", "µg/").replace("10*", "10^")


def decimals_for(ucum: str | None) -> int:
    """Decimals that a derived number in this unit is shown with."""
    return DECIMALS.get(ucum or "", 1)


def number(value: float, decimals: int = 0) -> str:
    """The number rounded half up, with a narrow space between thousands; trailing zeros are dropped."""
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{abs(rounded):f}".partition(".")
    fraction = fraction.rstrip("0")
    groups = f"{int(whole):,}".replace(",", THIN) if len(whole) > 4 else whole
    sign = MINUS if rounded < 0 else ""
    return f"{sign}{groups}" + (f".{fraction}" if fraction else "")


def in_digits(value: float, digits: int = 3) -> str:
    """The number with that many significant digits, and every digit before the point."""
    if value == 0:
        return number(0)
    return number(value, max(0, digits - 1 - math.floor(math.log10(abs(value)))))


def reported(text: str | None) -> str:
    """A value as typed in the raw file, in the signs of a printed page."""
    if text is None:
        return "not printed"
    low, is_range, high = text.partition("..")
    if is_range and low and high:
        return f"{reported(low)} to {reported(high)}"
    signs = {"<=": "≤ ", ">=": "≥ ", "<": "< ", ">": "> ", "~": "about "}
    for sign, printed in signs.items():
        if text.startswith(sign):
            return printed + reported(text[len(sign) :])
    whole, point, fraction = text.partition(".")
    digits = whole.removeprefix("-")
    if digits.isdecimal() and (not point or fraction.isdecimal()):
        groups = f"{int(digits):,}".replace(",", THIN) if len(digits) > 4 else digits
        return (MINUS if whole.startswith("-") else "") + groups + point + fraction
    return text


def quantity(value: str, unit: str) -> str:
    """A written number with its unit behind a no-break space; powers of ten are multiplied."""
    if value == "1" and unit in ("points", "units", "days", "years"):
        unit = unit.removesuffix("s")
    if unit.startswith("10"):
        return f"{value}\u00a0×\u00a0{unit}"
    return f"{value}\u00a0{unit}" if unit else value


def span(low: float | None, high: float | None, decimals: int = 0) -> str:
    """Bounds in words; an absent bound is named. Empty when there is neither."""
    if low is None and high is None:
        return ""
    if low is None:
        return f"at most {number(high or 0.0, decimals)}"
    if high is None:
        return f"at least {number(low, decimals)}"
    left, right = number(low, decimals), number(high, decimals)
    return left if left == right else f"{left} to {right}"


def p_value(p: float) -> str:
    """``0.03``, ``0.004``, ``< 0.001``, ``> 0.99``: never 0, and 1 only for what is 1."""
    if p < 0.001:
        return "< 0.001"
    if 0.99 < p < 1:
        return "> 0.99"
    decimals = 3 if p < 0.01 else 2
    return f"{Decimal(repr(float(p))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP):f}"


def day_of(minute: int) -> int:
    """Study day that holds the minute."""
    return minute // MINUTES_PER_DAY


def clock(minute: int, starts: str = "midnight") -> str:
    """Time within the study day: clock time, or hours after its start where day 0 starts at hour 0."""
    hours, minutes = divmod(minute % MINUTES_PER_DAY, MINUTES_PER_HOUR)
    return f"{hours:02d}:{minutes:02d}" if starts == "midnight" else f"+{hours}\u00a0h\u00a0{minutes:02d}\u00a0min"


def day_text(day: int) -> str:
    """``day 4``; days before time zero have a minus sign."""
    return f"day\u00a0{MINUS if day < 0 else ''}{abs(day)}"


def instant(minute: int, starts: str = "midnight") -> str:
    """``day 5, 23:00``."""
    return f"{day_text(day_of(minute))}, {clock(minute, starts)}"


def period(earliest: int, latest: int, starts: str = "midnight") -> str:
    """An instant known only as lying between two minutes: whole days are named as days."""
    if earliest == latest:
        return instant(earliest, starts)
    first, last = day_of(earliest), day_of(latest)
    whole_days = earliest % MINUTES_PER_DAY == 0 and latest % MINUTES_PER_DAY == MINUTES_PER_DAY - 1
    if whole_days:
        return day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"
    if first == last:
        return f"{day_text(first)}, {clock(earliest, starts)} to {clock(latest, starts)}"
    return f"{instant(earliest, starts)} to {instant(latest, starts)}"


def when(
    form: str,
    best: int | None,
    earliest: int | None,
    latest: int | None,
    starts: str = "midnight",
    observed: tuple[int, int] | None = None,
) -> str:
    """A time as precisely as the source tells it, and no more precisely."""
    if earliest is None or latest is None or form == "unknown":
        return "time not given"
    if form == "approximate" and best is not None:
        middle = day_text(day_of(best)) if latest - earliest >= MINUTES_PER_DAY else instant(best, starts)
        return f"about {middle}"
    if form == "open" and observed is not None:
        if earliest <= observed[0] and latest >= observed[1]:
            return "time not given"
        if earliest <= observed[0]:
            return not_after(latest, starts)
        if latest >= observed[1]:
            return not_before(earliest, starts)
    return period(earliest, latest, starts)


def not_before(minute: int, starts: str = "midnight") -> str:
    """``not before day 4``; the clock time is told where it is not the first minute of the day."""
    is_first = minute % MINUTES_PER_DAY == 0
    return f"not before {day_text(day_of(minute)) if is_first else instant(minute, starts)}"


def not_after(minute: int, starts: str = "midnight") -> str:
    """``not after day 4``; the clock time is told where it is not the last minute of the day."""
    is_last = minute % MINUTES_PER_DAY == MINUTES_PER_DAY - 1
    return f"not after {day_text(day_of(minute)) if is_last else instant(minute, starts)}"


def duration(minutes: float) -> str:
    """``2 h 05 min``, ``3 d 4 h``; a negative one has a minus sign."""
    total = int(Decimal(repr(float(abs(minutes)))).to_integral_value(ROUND_HALF_UP))
    sign = MINUS if minutes < 0 else ""
    hours, rest = divmod(total, MINUTES_PER_HOUR)
    if hours >= 48:
        days, hours = divmod(hours, 24)
        return f"{sign}{days}\u00a0d" + (f"\u00a0{hours}\u00a0h" if hours else "")
    if hours and rest:
        return f"{sign}{hours}\u00a0h\u00a0{rest:02d}\u00a0min"
    return f"{sign}{hours}\u00a0h" if hours else f"{sign}{rest}\u00a0min"


def comparator(sign: str) -> str:
    """The comparator of a claim in front of its value; nothing for an equality."""
    return {"=": "", "~": "about ", "<=": "≤ ", ">=": "≥ "}.get(sign, f"{sign} ")


def exact(value: float | Decimal) -> str:
    """A canonical value with all its digits, thousands parted; nothing is rounded."""
    return reported(f"{Decimal(str(value)).normalize():f}")
