"""What was probably meant by a cell that cannot be read: a text that can be, or advice, for the end of a message.

A suggestion is made only where the typed text has one reading. `1,234` has two (a decimal comma, or thousands), so it
gets the rule and no suggestion. Nothing here changes a value: the curator types the cell again.
"""

import difflib
import re
from collections.abc import Iterable

_DAY_WORD = r"(?:d|day|study day|tag|jour)"
_CLOCK_TIME = r"(?:[ T,]+(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?::[0-9]{2})?(?: ?(?:h|uhr))?)?"
_STUDY_DAY = re.compile(rf"{_DAY_WORD}? ?(?P<number>-?[0-9]{{1,4}}){_CLOCK_TIME}(?P<about>~)?", re.IGNORECASE)
_OWN_DAY = re.compile(rf"(?P<clock>[A-Za-z]{{2,5}}) ?(?P<number>-?[0-9]{{1,4}}){_CLOCK_TIME}(?P<about>~)?")
_SPAN = re.compile(r"(?P<start>\S.*?)\s*(?:-|–|—|\bto\b|\bbis\b)\s*(?P<end>(?:[A-Za-z]+ ?)?[0-9].*)")
_UNIT = r"(?P<unit>min|minutes?|h|hours?|d|days?|w|weeks?|mo|months?)"
_FROM_ROW = re.compile(rf"@?(?P<row>[A-Za-z][A-Za-z0-9_]*)\s*(?P<sign>[+-])\s*(?P<amount>[0-9]+)\s*{_UNIT}")
_AFTER_ROW = re.compile(
    rf"(?P<amount>[0-9]+)\s*{_UNIT}\s+(?P<sign>after|before|post)\s+@?(?P<row>[A-Za-z][A-Za-z0-9_-]*)", re.IGNORECASE
)

_NOT_TOLD = re.compile(
    r"n\.?\s?[dakr]\.?|n/[adkr]|k\.?\s?a\.?|-+|–|—|\?+|unknown|missing|unclear"
    r"|not (?:given|known|reported|stated|available|told|printed|mentioned)",
    re.IGNORECASE,
)
#: Words of the wards for words of the sheets.
_SAME = {
    "intravenous": "iv", "ivbolus": "iv", "subcutaneous": "sc", "subcut": "sc", "po": "oral", "peros": "oral",
    "intramuscular": "im", "loading": "bolus", "loadingdose": "bolus", "push": "bolus", "drip": "infusion",
    "continuous": "infusion", "yes": "present", "average": "mean", "w": "female", "f": "female", "m": "male",
}  # fmt: skip
_TIMES_A_DAY = {
    "daily": "1d", "once daily": "1d", "od": "1d", "qd": "1d", "twice daily": "12h", "bid": "12h", "bd": "12h",
    "three times daily": "8h", "tid": "8h", "tds": "8h", "qid": "6h", "qds": "6h", "weekly": "1w",
}  # fmt: skip
#: How alike two words must be for one to be taken as a slip of the other.
_SLIP_RATIO = 0.8
#: Shorter words (AST, ALT, IgG, IgM) differ by a letter and are different things.
_SHORTEST_SLIP = 4
_FIRST_DAY = " D0 is the first day; a count of the article's own has a name in clocks"
#: Words that many names share.
_SAYS_LITTLE = frozenset(
    ("level", "count", "time", "dose", "test", "activity", "start", "stop", "end", "bolus", "the", "and", "with", "for")
)
#: Words that name a kind of thing of its own: lactate is no lactate dehydrogenase, creatine no creatine kinase.
_KINDS = frozenset(
    (
        "dehydrogenase",
        "kinase",
        "transaminase",
        "aminotransferase",
        "phosphatase",
        "peptide",
        "clearance",
        "ratio",
        "index",
        "antibody",
        "inhibitor",
        "complex",
        "product",
        "products",
        "feu",
        "ddu",
        "free",
        "direct",
        "igg",
        "igm",
    )
)
#: Words with that many first letters in common are alike.
_STEM = 6
_ABOUT = re.compile(r"(?:ca\.?|circa|approx\.?|approximately|about|around|≈)\s*", re.IGNORECASE)


def near_word(text: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that the text is a spelling or a slip of: `Infusion`, `i.v.`, `abstrakt`."""
    by_letters = {_letters(word): word for word in allowed}
    wanted = _letters(text)
    same = _SAME.get(wanted)
    if same in by_letters.values():
        return same
    near = difflib.get_close_matches(wanted, by_letters, n=1, cutoff=0.75) if wanted else []
    beginnings = [word for letters, word in by_letters.items() if wanted and letters.startswith(wanted)]
    if near:
        return by_letters[near[0]]
    return beginnings[0] if len(beginnings) == 1 else None


def is_slip(name: str, known: str) -> bool:
    """Whether a plain name is probably a slip of a plain known one.

    Words are compared one by one. A word that is short or holds a digit (factor VIII, PF4) must be equal, for there a
    letter makes another thing.
    """
    words, known_words = name.split(), known.split()
    if len(words) != len(known_words):
        joined, known_joined = "".join(words), "".join(known_words)
        return joined == known_joined and len(joined) >= _SHORTEST_SLIP
    return all(_is_word_slip(a, b) for a, b in zip(words, known_words, strict=True))


def _is_word_slip(word: str, known: str) -> bool:
    if word == known:
        return True
    if min(len(word), len(known)) < _SHORTEST_SLIP or re.search(r"\d", word + known):
        return False
    if re.fullmatch(r"[ivxl]+", word) and re.fullmatch(r"[ivxl]+", known):
        return False
    return difflib.SequenceMatcher(None, word, known).ratio() >= _SLIP_RATIO


def alike(name: str, known: Iterable[str]) -> list[str]:
    """Names that share a word with a name, or its first letters (thrombus, thrombosis), those most like it first.

    Args:
        name: A name without case, its words with one space between them.
        known: Names of the same form.
    """
    words = set(re.findall(r"\w{3,}", name)) - _SAYS_LITTLE
    found = []
    for position, other in enumerate(known):
        of_other = re.findall(r"\w+", other)
        shared = sum(any(_same_stem(word, mine) for mine in words) for word in of_other)
        if shared and not _KINDS & (words ^ set(of_other)):
            found.append((-shared / len(of_other), position, other))
    return [other for _, _, other in sorted(found)]


def about_time(text: str, rule: str) -> str:
    """What to say of a text that is no time.

    Args:
        text: One time without `/`.
        rule: The forms that are allowed, said where nothing better is known.
    """
    if (meant := _time(text)) is not None:
        # "Day 1" of an article is often the first, which is D0 here: a suggestion must not move a row by a day.
        is_counted = re.match("d-?[0-9]", text, re.IGNORECASE) is None and meant.startswith("D")
        return f"did you mean '{meant}'?{_FIRST_DAY if is_counted else ''}"
    if _NOT_TOLD.fullmatch(text):
        return "an empty cell where the time is not told"
    if re.fullmatch(r"[0-9]{1,2}[:.][0-9]{2}( ?(h|uhr))?", text, re.IGNORECASE):
        return "the day before the hour: D0T08:00"
    if re.fullmatch(rf"[+-]?\s*[0-9]+\s*{_UNIT}", text, re.IGNORECASE):
        return "a distance behind the row that it is counted from: @ID+2h, @ID+4d, @ID+2w"
    if re.fullmatch(r"@\S+[+-][0-9.]+.*", text):
        return f"{rule}; a distance is a whole number of min, h, d, w or mo"
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", text):
        return f"@{text} where that is the id of a row; a day is D4, a time D4T03:15"
    if re.search("[A-Za-z]{3}", text):
        return "D4, D4T03:15, @ID for the time of an event that has a row, or an empty cell where it is not told"
    return rule


def about_every(text: str, rule: str) -> str:
    """What to say of a text that is no distance between two doses: `q8h`, `bid`, `every 12 hours`."""
    typed = " ".join(re.sub(r"[.]", "", text).lower().split())
    match = re.fullmatch(rf"(?:q|every|all|alle)? ?(?P<amount>[0-9]+) ?{_UNIT}", typed)
    meant = f"{match['amount']}{_unit(match['unit'])}" if match else _TIMES_A_DAY.get(typed)
    return f"did you mean '{meant}'?" if meant is not None else rule


def european(text: str) -> str | None:
    """The whole number that a text with points between groups of three digits may mean: `64.000` -> 64000."""
    match = re.fullmatch(r"[<>=~≤≥]*\s*(?P<number>[1-9][0-9]{0,2}(?:\.[0-9]{3})+)", text.strip())
    return match["number"].replace(".", "") if match else None


def about_value(text: str, rule: str, *, may_be_undone: bool = False) -> str:
    """What to say of a text that is no value.

    Args:
        text: A value cell.
        rule: The forms that are allowed, said where nothing better is known.
        may_be_undone: Whether the cell may say that a test was not done.
    """
    if _NOT_TOLD.fullmatch(text):
        undone = ", 'not done' where the test was not done" if may_be_undone else ""
        return f"an empty cell where the number is not told{undone}"
    if (meant := _value(text)) is not None and meant != text:
        return f"did you mean '{meant}'?"
    if match := re.fullmatch(r"[<>=~≤≥]*\s*([0-9]{1,3}),([0-9]{3})", text):
        first, rest = match.groups()
        return f"{rule}; no separator between thousands ({first}{rest}), a point before decimals ({first}.{rest})"
    if re.fullmatch(r"[<>=~≤≥]*\s*[0-9]{1,3}(,[0-9]{3})+", text):
        return f"{rule}; no separator between thousands"
    if re.fullmatch(r"[<>=~≤≥]*\s*[0-9]+([.,][0-9]+)?\s*[A-Za-z%/µ\[].*", text):
        return f"{rule}; the unit stands in its own column"
    return rule


def _same_stem(word: str, other: str) -> bool:
    return word == other or (min(len(word), len(other)) > _STEM and word[:_STEM] == other[:_STEM])


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


def _time(text: str) -> str | None:
    """The time in its right form, where the text has one reading."""
    typed = " ".join(text.split())
    if match := _STUDY_DAY.fullmatch(typed):
        return _day("D", match)
    if (match := _FROM_ROW.fullmatch(typed)) and not re.fullmatch("D[0-9]+", match["row"]):
        return f"@{match['row']}{match['sign']}{match['amount']}{_unit(match['unit'])}"
    if match := _AFTER_ROW.fullmatch(typed):
        sign = "-" if match["sign"].lower() == "before" else "+"
        return f"@{match['row']}{sign}{match['amount']}{_unit(match['unit'])}"
    if match := _OWN_DAY.fullmatch(typed):
        return _day(match["clock"].upper(), match)
    if match := _SPAN.fullmatch(typed):
        sides = [_STUDY_DAY.fullmatch(match[side]) for side in ("start", "end")]
        days = [_day("D", side) for side in sides if side is not None]
        return f"{days[0]}/{days[1]}" if len(days) == 2 and None not in days else None
    return None


def _day(clock: str, match: re.Match[str]) -> str | None:
    hour, minute = match["hour"], match["minute"]
    if hour is None:
        return f"{clock}{int(match['number'])}{match['about'] or ''}"
    if int(hour) > 23 or int(minute) > 59:
        return None
    return f"{clock}{int(match['number'])}T{int(hour):02d}:{minute}{match['about'] or ''}"


def _unit(word: str) -> str:
    """`hours` -> `h`."""
    lower = word.lower()
    return next(unit for unit in ("min", "mo", "h", "d", "w") if lower.startswith(unit))


def _value(text: str) -> str | None:
    """The value in its right form, where the text has one reading."""
    typed = " ".join(text.split())
    about = _ABOUT.match(typed)
    if about is not None:
        number = _number(typed[about.end() :])
        return None if number is None else f"~{number}"
    if match := re.fullmatch(r"(?P<sign>[<>]=?|=[<>]|[≤≥~])?\s*(?P<number>[0-9].*)", typed):
        sign = {"≤": "<=", "≥": ">=", "=<": "<=", "=>": ">="}.get(match["sign"] or "", match["sign"] or "")
        number = _number(match["number"])
        if number is not None:
            return sign + number
    if match := re.fullmatch(
        r"(?P<low>[0-9][0-9.,]*)\s*(?:-|–|—|\.\.\.?|…|\bto\b|\bbis\b)\s*(?P<high>[0-9][0-9.,]*)", typed
    ):
        low, high = _number(match["low"]), _number(match["high"])
        return f"{low}..{high}" if low is not None and high is not None and float(low) <= float(high) else None
    return None


def _number(text: str) -> str | None:
    """A number with a point and no separators; None where a comma or point may be either."""
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return text
    if re.fullmatch(r"[0-9]+,[0-9]{1,2}|[0-9]+,[0-9]{4,}|0+,[0-9]+", text):
        return text.replace(",", ".")
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]+", text):
        return text.replace(".", "").replace(",", ".")
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(,[0-9]{3}){2,}", text):
        return text.replace(",", "")
    if re.fullmatch(r"[0-9]{1,3}([ '’][0-9]{3})+(\.[0-9]+)?", text):
        return re.sub(r"[ '’]", "", text)
    return None
