"""A small valid case folder, and tables typed as text, for tests of the way from raw rows to canonical ones."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl
from casetrace.core.errors import Problem
from casetrace.core.params import Params, load
from casetrace.extract.case_folder import read_case

ROOT = Path(__file__).resolve().parents[1]
CASE_ID = "small-case"

SOURCE = """\
case_id: small-case
title: A small case for tests
citation: {authors: [A B, C D], journal: J Test, year: 2020}
licence: none
curators: [tester]
status: draft
read: full
time_zero: {meaning: midnight of the day of admission, day_zero_starts: midnight}
observed: D0/D25
clocks:
  POD: {0: "@OP"}
  HD: {1: D0/D1}
"""

SMALL_CASE: Mapping[str, str] = {
    "source.yaml": SOURCE,
    "patient.csv": "item,value,unit,when,id\nage,41,a,,AGE\nbody_weight,80,kg,D0,WT\n",
    "targets.csv": "analyte,anticoagulant,value,unit,start,end\naptt,argatroban,45..90,s,@ARG,\n",
    "labs.csv": (
        "id,when,order,analyte,value,unit,stat,ref_low,ref_high,read_as\n"
        "P1,D0,,platelets,150,10*9/L,,150,400,\n"
        "A1,D2T06:00,1,aptt,30,s,,23,32,\n"
        "HB,D2,,hemoglobin,9.3,g/dL,,11.5,16.0,\n"
    ),
    "doses.csv": (
        "id,drug,kind,route,purpose,amount,unit,stat,every,start,end,order\n"
        "B1,unfractionated heparin,bolus,iv,therapeutic,5000,U,,,D2T08:00,,2\n"
        "I1,unfractionated heparin,infusion,iv,therapeutic,10,U/kg/h,,,D2T08:00,@ARG,\n"
        "ARG,argatroban,infusion,iv,therapeutic,1,ug/kg/min,,,D4T10:00,+12h,\n"
    ),
    "events.csv": "id,event,when,order\nOP,surgery,D1T09:00,\n",
    "findings.csv": "id,finding,status,grade,when,by\nF1,bleeding,absent,,D0/D25,authors\n",
    "scores.csv": "id,score,item,points,label\nS1,4ts,total,3,low\n",
    "claims.csv": "id,claim,compute,of,from,to,value,unit\nC1,Platelets fell,level,P1,,,150,10*9/L\n",
}


def params() -> Params:
    """The parameters of the project."""
    return load(ROOT / "params.yaml")


def write_case(parent: Path, files: Mapping[str, str | bytes | None] | None = None, case_id: str = CASE_ID) -> Path:
    """The small case in a folder, with files replaced; None leaves a file out."""
    folder = parent / case_id
    folder.mkdir(parents=True)
    for name, content in {**SMALL_CASE, **(files or {})}.items():
        if content is None:
            continue
        raw = (
            content
            if isinstance(content, bytes)
            else content.replace(f"case_id: {CASE_ID}", f"case_id: {case_id}").encode()
        )
        (folder / name).write_bytes(raw)
    return folder


def sheet(text: str) -> str:
    """A table typed with `|` between cells as CSV: cells stripped, cells with commas quoted."""
    lines = [line.strip() for line in text.strip().splitlines()]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return "".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) + "\n" for row in rows)


def read(parent: Path, files: Mapping[str, str | bytes | None]) -> tuple[dict[str, pl.DataFrame], list[Problem]]:
    """Canonical tables and problems of the small case with files replaced."""
    return read_case(write_case(parent, files), params())


def tables(parent: Path, files: Mapping[str, str | bytes | None]) -> dict[str, pl.DataFrame]:
    """Canonical tables of a case without errors."""
    frames, problems = read(parent, files)
    assert [str(p) for p in problems if p.severity == "error"] == []
    return frames


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    """Some columns of a table as rows."""
    return frame.select(columns).rows()
