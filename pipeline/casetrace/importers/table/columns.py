"""Columns of a mapped table as SQL: which source column, in which form of numbers and times, under which word."""

from collections.abc import Iterable, Mapping

from casetrace.importers.table.mapping import NUMBERS, TIMES, MappedTable

_SIGNS = {"point": ".", "comma": ",", "space": " "}
#: Columns whose text is reported beside the number that was read in it.
_REPORTED = ("value", "amount", "rate")


def column_expressions(names: Iterable[str], table: MappedTable) -> str:
    """The select list: our columns, the text of the numbers as it stands, and the word that leaves a row out."""
    chosen = [f"{_expression(name, table)} AS {name}" for name in names]
    chosen += [f"{_cell(name, table)} AS raw_{name}" for name in _REPORTED]
    words = ", ".join(quoted(word) for word in table.leave_out)
    term = _cell("term", table)
    chosen.append(
        f"CASE WHEN {term} IN ({words}) THEN {term} END AS left_out_word" if words else "NULL AS left_out_word"
    )
    return ", ".join(chosen)


def quoted(word: str) -> str:
    """A text as SQL."""
    return "'" + word.replace("'", "''") + "'"


def _expression(name: str, table: MappedTable) -> str:
    cell = _cell(name, table)
    if name == "term":
        return _by_word(cell, table.terms)
    if name in NUMBERS:
        return _number(cell, table.choices["decimal"], table.choices["thousands"])
    if name in TIMES and table.time_format is not None and name in table.columns:
        return _time(cell, table.time_format)
    return cell


def _cell(name: str, table: MappedTable) -> str:
    if name in table.values:
        return quoted(table.values[name])
    if name not in table.columns:
        return "NULL::VARCHAR"
    column = '"' + table.columns[name].replace('"', '""') + '"'
    return f"nullif(trim({column}::VARCHAR), '')"


def _number(cell: str, decimal: str, thousands: str) -> str:
    """A number in the form that the mapping names, with a point and no separators; any other text stays no number."""
    if decimal == "point" and thousands == "none":
        return cell
    point = _SIGNS[decimal]
    sign = _SIGNS.get(thousands)
    whole = "[0-9]+" if sign is None else rf"([0-9]+|[0-9]{{1,3}}([{sign}][0-9]{{3}})+)"
    form = quoted(rf"([<>≤≥]=?\s*)?[+-]?{whole}([{point}][0-9]+)?")
    plain = cell if sign is None else f"replace({cell}, {quoted(sign)}, '')"
    return (
        f"CASE WHEN regexp_full_match({cell}, {form}) THEN replace({plain}, {quoted(point)}, '.') "
        f"WHEN number_of({cell}) IS NOT NULL OR bound_size({cell}) IS NOT NULL THEN 'not in this form: ' || {cell} "
        f"ELSE {cell} END"
    )


def _time(cell: str, form: str) -> str:
    """A time in the form that the mapping names, as an ISO time; a form without an hour is a day."""
    iso = "%Y-%m-%d %H:%M:%S" if any(part in form for part in ("%H", "%I", "%-H", "%-I")) else "%Y-%m-%d"
    return f"coalesce(strftime(try_strptime({cell}, {quoted(form)}), {quoted(iso)}), {cell})"


def _by_word(cell: str, terms: Mapping[str, str]) -> str:
    """Words that the mapping names become ours; all others stay and are looked up in the vocabulary."""
    if not terms:
        return cell
    cases = " ".join(f"WHEN {quoted(word)} THEN {quoted(ours)}" for word, ours in terms.items())
    return f"CASE {cell} {cases} ELSE {cell} END"
