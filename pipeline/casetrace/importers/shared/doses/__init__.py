"""Dose rows of every source to amounts with a place: sizes, changes of one infusion, infusions at the same time."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from casetrace.importers.shared.conversion import Printed, tabulate_doses
from casetrace.vocabulary import load

_SQL = Path(__file__).resolve().parent
Step = str | Callable[[duckdb.DuckDBPyConnection], object]


def dose_steps(printed: Printed) -> list[Step]:
    """The steps from ``judged_doses`` to the view ``found_doses``; rows that are no dose are noted in ``left_out``."""
    return [
        lambda con: tabulate_doses(con, printed),
        _weight_limits,
        f"CREATE TABLE sized_doses AS {_read('sizes')}",
        f"CREATE TABLE timed_doses AS {_read('series')}",
        "DROP TABLE sized_doses",
        "INSERT INTO left_out SELECT raw_file, left_out, raw_row, subject, example FROM timed_doses "
        "WHERE left_out IS NOT NULL",
        f"CREATE TABLE cut_doses AS SELECT * EXCLUDE (left_out) FROM ({_read('overlaps')}) WHERE left_out IS NULL",
        "CREATE VIEW found_doses AS SELECT * FROM cut_doses",
    ]


def _weight_limits(con: duckdb.DuckDBPyConnection) -> None:
    """What a weight may be: the plausible range of the vocabulary."""
    weight = load().patient_items.find("body_weight")
    if weight is None or weight.plausible_low is None or weight.plausible_high is None:
        raise LookupError("the vocabulary has no plausible range of body_weight")
    limits = [float(weight.plausible_low), float(weight.plausible_high)]
    con.execute("CREATE TABLE weight_limits AS SELECT ?::DOUBLE AS low_kg, ?::DOUBLE AS high_kg", limits)


def _read(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")
