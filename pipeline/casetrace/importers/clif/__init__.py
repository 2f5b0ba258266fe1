"""CLIF (Common Longitudinal ICU data Format, 2.1) to found rows: dose changes of an order become intervals."""

import csv
from pathlib import Path

import duckdb
import polars as pl
import yaml

from casetrace.importers.shared.case_rows import KINDS
from casetrace.importers.shared.store import open_files

HERE = Path(__file__).resolve().parent
DATABASE = "CLIF 2.1"


def find_rows(con: duckdb.DuckDBPyConnection, folder: Path, unit: str) -> dict[str, Path]:
    """Create ``found_cases`` and ``read_<kind>`` for every kind; the tables that were read, by name.

    Args:
        con: The working store.
        folder: With one file for each table, with or without the prefix ``clif_``.
        unit: What a case is: ``stay`` (consecutive ICU locations), ``admission`` (a hospitalization) or ``patient``.

    Raises:
        NotFoundError: no such folder.
        InputError: missing tables or columns, all at once.
    """
    files = yaml.safe_load((HERE / "files.yaml").read_text(encoding="utf-8"))
    found = open_files(con, folder, files["required"], files["optional"], ("",), "clif_", files["may_lack"])
    con.register("arriving", pl.read_csv(HERE / "terms.csv"))
    con.execute("CREATE TABLE terms AS SELECT * FROM arriving")
    con.unregister("arriving")
    con.execute(f"CREATE TABLE found_cases AS {_sql(f'cases_{unit}')}")
    for kind in KINDS:
        con.execute(f"CREATE VIEW read_{kind} AS {_sql(kind).replace('$unit', repr(unit))}")
    con.execute(
        "CREATE VIEW read_nothing AS SELECT raw_file, raw_row, subject, left_out, example FROM read_labs WHERE false"
    )
    return found


def printed_units() -> dict[str, str | None]:
    """Units as CLIF writes them -> UCUM, where the vocabulary does not know them or means another thing."""
    with (HERE / "units.csv").open(encoding="utf-8", newline="") as file:
        return {row["printed"]: row["ucum"] or None for row in csv.DictReader(file)}


def _sql(name: str) -> str:
    return (HERE / f"{name}.sql").read_text(encoding="utf-8")
