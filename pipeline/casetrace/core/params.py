"""The parameters that metrics and reports depend on: `params.yaml`, checked key by key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casetrace.core.errors import CellError, InputError, NotFoundError, Problem
from casetrace.core.names import NAME_RULE, is_name
from casetrace.core.yaml_files import read_mapping

Value = int | float | str

#: Every parameter with the unit that it must be given in. A new parameter is declared here first.
UNITS: Mapping[str, str] = {
    "time.approximate_time_min": "min",
    "time.approximate_day_d": "d",
    "values.approximate_value_pct": "%",
    "heparin.resistance_dose_24h_u": "[iU]",
    "heparin.resistance_rate_u_kg_h": "[iU]/kg/h",
    "heparin.resistance_rate_icu_u_kg_h": "[iU]/kg/h",
    "heparin.resistance_from_age_a": "a",
    "heparin.resistance_from_weight_kg": "kg",
    "heparin.bypass_act_s": "s",
    "heparin.bypass_dose_u_kg": "[iU]/kg",
    "heparin.response_within_h": "h",
    "platelets.fall_onset_pct": "%",
    "platelets.recovery_10e9_l": "10*9/L",
    "platelets.recovery_variation_pct": "%",
    "platelets.after_transfusion_h": "h",
    "platelets.first_count_d": "d",
    "coagulation.max_gap_h": "h",
    "audit.four_ts_fall_pct": "%",
    "audit.four_ts_nadir_low_10e9_l": "10*9/L",
    "audit.four_ts_nadir_high_10e9_l": "10*9/L",
    "coagulation.longest_pause_min": "min",
    "coagulation.open_end_d": "d",
    "coagulation.pair_within_min": "min",
    "scores.bypass_before_fall_h": "h",
    "scores.coagulation_day_h": "h",
    "scores.d_dimer_moderate_x": "{ratio}",
    "scores.d_dimer_strong_x": "{ratio}",
    "cohort.median_from_cases": "cases",
    "cohort.quartiles_from_cases": "cases",
    "cohort.percent_from_cases": "cases",
    "cohort.curve_from_cases": "cases",
    "cohort.difference_from_cases": "cases",
    "cohort.test_from_cases": "cases",
    "cohort.test_arrangements": "arrangements",
    "cohort.rows_up_to_cases": "cases",
}
#: Units of what is counted: whole numbers, 2 or larger.
COUNTED = ("cases", "arrangements")
#: Settings that are a choice of words, not a number.
CHOICES: Mapping[str, tuple[str, ...]] = {"report.engine": ("pandoc", "quarto")}
#: The corpora that cases are placed among: a list, which may be empty or left out.
COMPARISON = "comparison.corpora"
_MISSING = "the parameter is missing; `casetrace migrate` adds it"


@dataclass(frozen=True)
class Entry:
    """One parameter: its value, its unit and where the value comes from."""

    name: str
    value: Value
    unit: str
    source: str


class Params:
    """The parameters of one project."""

    def __init__(self, entries: Mapping[str, Entry], comparison: Sequence[str] = ()) -> None:
        self._entries = dict(entries)
        self._comparison = tuple(comparison)

    def value(self, name: str) -> Value:
        """The value of ``section.name``.

        Raises:
            NotFoundError: when no such parameter is declared.
        """
        if name not in self._entries:
            raise NotFoundError(f"no parameter '{name}' (there are: {', '.join(sorted(self._entries))})")
        return self._entries[name].value

    def number(self, name: str) -> int | float:
        """The value of a parameter that is a number (in the unit of its entry)."""
        value = self.value(name)
        if isinstance(value, str):
            raise NotFoundError(f"the parameter '{name}' is a word, not a number")
        return value

    def comparison(self) -> tuple[str, ...]:
        """The corpora that cases are placed among."""
        return self._comparison

    def for_sql(self) -> dict[str, Value]:
        """Last part of each name -> value; the last parts are unique."""
        return {name.rsplit(".", 1)[-1]: e.value for name, e in self._entries.items()}

    def only(self, sections: Sequence[str]) -> "Params":
        """The parameters of some sections; asking for another is an error."""
        return Params({name: e for name, e in self._entries.items() if name.split(".")[0] in sections})

    def entries(self) -> list[Entry]:
        """Every parameter in the order of the file."""
        return list(self._entries.values())

    def case_entries(self) -> list[Entry]:
        """The parameters that the numbers of a single case depend on, for the methods section of its report."""
        return [entry for entry in self._entries.values() if not entry.name.startswith("cohort.")]


def load(path: Path) -> Params:
    """Read and check ``params.yaml``.

    Raises:
        NotFoundError: when the file does not exist.
        InputError: unknown, missing or misshapen parameters, all at once.
    """
    if not path.is_file():
        raise NotFoundError(f"no parameter file {path.name} in {path.parent}")
    try:
        sections = read_mapping(path, numbers=True)
    except CellError as error:
        raise InputError([Problem(path.name, what=error.what, allowed=error.allowed)]) from error
    problems: list[Problem] = []
    entries: dict[str, Entry] = {}
    comparison: list[str] = []
    for name, raw in _flat(sections, path.name, problems).items():
        try:
            if name == COMPARISON:
                comparison = _corpora(raw)
            else:
                entries[name] = _entry(name, raw)
        except CellError as error:
            problems.append(Problem(path.name, None, name, error.what, error.allowed))
    declared = [*UNITS, *CHOICES]
    missing = [name for name in declared if name not in entries and not any(p.column == name for p in problems)]
    problems += [Problem(path.name, None, name, _MISSING) for name in missing]
    if problems:
        raise InputError(problems)
    return Params(entries, comparison)


def _flat(sections: Mapping[str, Any], file: str, problems: list[Problem]) -> dict[str, Any]:
    """``section.name`` -> what stands there."""
    flat: dict[str, Any] = {}
    for section, content in sections.items():
        if isinstance(content, dict):
            flat |= {f"{section}.{name}": raw for name, raw in content.items()}
        else:
            problems.append(Problem(file, None, str(section), "the section holds no parameters"))
    return flat


def _corpora(raw: Any) -> list[str]:
    """The names of a list of corpora, each once."""
    if not isinstance(raw, list):
        raise CellError(f"'{raw}' is no list", "[] for none, or names of imported corpora: [mimic]")
    for name in raw:
        if not is_name(name) or raw.count(name) > 1:
            raise CellError(f"'{name}' is not the name of a corpus", f"{NAME_RULE}, each name once")
    return list(raw)


def _entry(name: str, raw: Any) -> Entry:
    """One checked parameter."""
    if name in CHOICES:
        if raw not in CHOICES[name]:
            raise CellError(f"'{raw}' is no choice", ", ".join(CHOICES[name]))
        return Entry(name, raw, "", "")
    if name not in UNITS:
        raise CellError("no parameter of this name is known", ", ".join([*UNITS, *CHOICES, COMPARISON]))
    if not isinstance(raw, dict) or set(raw) != {"value", "unit", "source"}:
        raise CellError("the entry is not complete", "{value: ..., unit: ..., source: ...}")
    value = raw["value"]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise CellError(f"'{value}' is not a number", "a number, 0 or larger")
    if raw["unit"] != UNITS[name]:
        raise CellError(f"the unit '{raw['unit']}' is not the unit of this parameter", UNITS[name])
    if raw["unit"] in COUNTED and (not isinstance(value, int) or value < 2):
        raise CellError(f"'{value}' is no count of {raw['unit']}", "a whole number, 2 or larger")
    if not str(raw["source"]).strip():
        raise CellError("the source is missing", "where the number comes from")
    return Entry(name, value, raw["unit"], str(raw["source"]))
