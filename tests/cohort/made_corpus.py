"""A corpus of six small cases, run through extract, metrics, audit and cohort."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from casetrace.audit import audit
from casetrace.cohort import cohort
from casetrace.core.params import load
from casetrace.core.paths import ProjectFolder
from casetrace.extract.stage import extract
from casetrace.metrics.run import compute_metrics

from tests.case_builder import ROOT, SMALL_CASE, write_case

#: Case id, age, sex, and the platelet counts of days 0, 2, 4, ...
PEOPLE = [
    ("case-a", "41", "female", [150, 60, 160]),
    ("case-b", "62", "male", [200, 40, 90]),
    ("case-c", "55", "male", [180, 30, 155]),
    ("case-d", "", "female", [90]),
    ("case-e", "70", "male", []),
    ("case-f", "33", "female", [210, 180]),
]


def people(root):
    """The raw folders of the six cases in a project at ``root``."""
    shutil.copy(ROOT / "params.yaml", root)
    raw = ProjectFolder(root).corpus().raw
    for case_id, age, sex, counts in PEOPLE:
        weight = 40 + len(case_id) + len(age)
        patient = f"item,value,unit,when,id\nage,{age},a,,AGE\nsex,{sex},,,SEX\nbody_weight,{weight},kg,D0,W\n"
        labs = "id,when,analyte,value,unit,ref_low,ref_high\nA1,D2T06:00,aptt,30,s,23,32\nA2,D4T12:00,aptt,60,s,23,32\n"
        labs += "".join(f"P{i},D{2 * i},platelets,{count},10*9/L,150,400\n" for i, count in enumerate(counts, start=1))
        files = {
            "patient.csv": patient,
            "labs.csv": labs,
            "scores.csv": None,
            "claims.csv": "id,claim,compute,of,value,unit\nC1,aPTT of 60,level,A2,60,s\n",
            "doses.csv": SMALL_CASE["doses.csv"].replace("5000", str(5000 + 100 * int(age or 0))),
        }
        if case_id == "case-e":
            files["events.csv"] = "id,event,when\nOP,surgery,D1T09:00\nEND,death,D9\n"
        write_case(raw, files, case_id)
    return ProjectFolder(root).corpus()


def processed(root):
    """The same with every table but the reports; made once in a run of the tests, and copied."""
    shutil.copytree(_made(), root, dirs_exist_ok=True)
    return ProjectFolder(root).corpus()


@cache
def _made():
    scratch = tempfile.mkdtemp(prefix="casetrace-made-corpus-")
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    corpus = people(Path(scratch))
    params = load(corpus.project.params)
    extract(corpus, params)
    compute_metrics(corpus, params)
    audit(corpus, params)
    cohort(corpus, params)
    return Path(scratch)
