"""A claim that `check` accepts is never too much for the audit: every test beside everything that it may be about."""

import shutil
from itertools import product

from casetrace.audit import audit
from casetrace.core.paths import ProjectFolder
from casetrace.extract.case_folder import read_case
from casetrace.extract.stage import extract
from casetrace.metrics.run import compute_metrics
from casetrace.schemas.canonical import COMPUTE

from tests.case_builder import ROOT, params, write_case

ABOUT = (
    "", "P1", "P1, A1", "B1", "ARG", "AGE", "F1, OP", "platelets", "heparin", "heparin bolus", "bleeding", "4ts",
    "4ts timing", "4ts nothing", "iv_ufh_total", "D3", "no such thing",
)  # fmt: skip
SPANS = (("", ""), ("P1", "A1"), ("@ARG", "@ARG.end"), ("F1", "platelets"))


def claims(rows):
    lines = [f'C{number}x,words,{compute},"{of}",{start},{end},150,U/kg' for number, compute, of, (start, end) in rows]
    return "\n".join(["id,claim,compute,of,from,to,value,unit", *lines]) + "\n"


def test_every_claim_that_is_accepted_has_a_verdict(tmp_path):
    every = [(number, *parts) for number, parts in enumerate(product(COMPUTE, ABOUT, SPANS))]
    _, problems = read_case(write_case(tmp_path / "all", {"claims.csv": claims(every)}), params())
    refused = {problem.row for problem in problems if problem.severity == "error"}
    assert {problem.file for problem in problems if problem.severity == "error"} == {"small-case/claims.csv"}
    accepted = [row for row_number, row in enumerate(every, start=2) if row_number not in refused]
    assert {compute for _, compute, *_ in accepted} >= set(COMPUTE) - {"bmi", "score_item", "score_band"}

    for name in ("params.yaml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    corpus = ProjectFolder(tmp_path).corpus()
    write_case(corpus.raw, {"claims.csv": claims(accepted)})
    extract(corpus, params())
    compute_metrics(corpus, params())
    verdicts = audit(corpus, params())
    assert verdicts.height == len(accepted)
    assert verdicts["verdict"].null_count() == 0
