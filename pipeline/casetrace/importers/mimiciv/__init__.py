"""MIMIC-IV (2.0 or newer) to found rows: files as PhysioNet ships them, one SQL file for each kind of row."""

import csv
from pathlib import Path

import duckdb
import polars as pl
import yaml

from casetrace.importers.shared.case_rows import KINDS
from casetrace.importers.shared.store import open_files

HERE = Path(__file__).resolve().parent
UNDER = ("hosp", "icu", "")
UNITS_OF_A_CASE = ("stay", "admission", "patient")
DATABASE = "MIMIC-IV"
#: Files of names, not of rows about patients.
LOOKUPS = ("d_items", "d_labitems")


def find_rows(con: duckdb.DuckDBPyConnection, folder: Path, unit: str) -> dict[str, Path]:
    """Create ``found_cases`` and ``read_<kind>`` for every kind; the files that were read, by name.

    Args:
        con: The working store.
        folder: With ``hosp/`` and ``icu/`` or flat; csv, csv.gz or parquet.
        unit: What a case is: ``stay``, ``admission`` or ``patient``.

    Raises:
        NotFoundError: no such folder.
        InputError: missing files or columns, all at once.
    """
    files = yaml.safe_load((HERE / "files.yaml").read_text(encoding="utf-8"))
    found = open_files(con, folder, files["required"], files["optional"], UNDER, may_lack=files["may_lack"])
    for name in ("items", "administrations"):
        words = pl.read_csv(HERE / f"{name}.csv", schema_overrides={"itemid": pl.String, "ceiling": pl.Float64})
        con.register("arriving", words)
        con.execute(f"CREATE TABLE {name} AS SELECT * FROM arriving")
        con.unregister("arriving")
    con.execute(f"CREATE VIEW emar_read AS {_sql('emar_read')}")
    con.execute(f"CREATE TABLE found_cases AS {_sql(f'cases_{unit}')}")
    for kind in KINDS:
        con.execute(f"CREATE VIEW read_{kind} AS {_sql(kind).replace('$unit', repr(unit))}")
    con.execute(f"CREATE VIEW read_nothing AS {_sql('not_used')}")
    return {name: path for name, path in found.items() if name not in LOOKUPS}


def printed_units() -> dict[str, str | None]:
    """Units as MIMIC-IV writes them -> UCUM, where the vocabulary does not know them or means another thing."""
    with (HERE / "units.csv").open(encoding="utf-8", newline="") as file:
        return {row["printed"]: row["ucum"] or None for row in csv.DictReader(file)}


def _sql(name: str) -> str:
    return (HERE / f"{name}.sql").read_text(encoding="utf-8")
