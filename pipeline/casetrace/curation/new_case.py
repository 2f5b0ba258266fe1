"""`casetrace new`: a case folder (or one workbook) to fill, with every column explained beside it."""

import re
from pathlib import Path

from casetrace.core.atomic import atomic_folder
from casetrace.core.errors import EXIT_BAD_INPUT, CasetraceError
from casetrace.core.paths import Corpus
from casetrace.curation.columns import in_typing_order
from casetrace.curation.guide import readme
from casetrace.curation.new_workbook import write_workbook
from casetrace.extract.raw_tables import FORMS
from casetrace.extract.workbook import FILE as WORKBOOK

SOURCE = """\
# What the source is and how its times are to be read. Lines that begin with # are explanations.
# Fill every key; those behind # at the end may be used or left out.
case_id: {case_id}
# The case in your own words, not the article's title.
title:
citation:
  authors: []           # [First A, Second B]
  title:
  journal:
  year:
  volume:
  issue:
  pages:
  doi:
  pmid:
  pmcid:
  url:
# Licence of the article, or what is known of it.
licence:
# Who types this case: [A Name] or [{{name: A Name, orcid: 0000-0000-0000-0000}}].
curators: []
# draft; checked when a second person has read every row against the source.
status: draft
# full, part or abstract: how much of the article you have read.
read:
time_zero:
  # What time zero is, in words: midnight at the start of the day of admission.
  meaning:
  # midnight, or hour_zero when the article counts hours from an instant.
  day_zero_starts:
# The days that the source covers: D0/D25. The first day is day 0.
observed:
# clocks:               # the article's own day counts: {{POD: {{0: "@SURGERY"}}}}
# fictional: true       # where the publisher says that the case is invented: it then stands in no comparison
# patient_label:        # where the article has several patients
# same_patient_as: []   # other case ids of the same patient
"""


def new_case(corpus: Corpus, case_id: str, *, as_workbook: bool = False) -> Path:
    """Write an annotated folder for a new case and return it.

    The folder holds `source.yaml` with every key to fill, `README.md` that explains every column, and a CSV file with
    its heading for each sheet; or nothing but one workbook with all of that, comments on headings and drop-down lists.

    Raises:
        CasetraceError: the name is no case id, or the folder exists. Nothing is written then.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", case_id):
        raise RefusedNameError(
            f"'{case_id}' is no case id (allowed: lower case letters, digits and hyphens: author-2024-subject)"
        )
    folder = corpus.raw_case(case_id)
    if folder.exists():
        raise RefusedNameError(f"{folder}: there is a case of that name already; nothing was written")
    with atomic_folder(folder) as fresh:
        if as_workbook:
            write_workbook(fresh / WORKBOOK, case_id)
        else:
            (fresh / "source.yaml").write_text(SOURCE.format(case_id=case_id), encoding="utf-8")
            (fresh / "README.md").write_text(readme(case_id), encoding="utf-8")
            for name, form in FORMS.items():
                (fresh / name).write_text(",".join(in_typing_order(form)) + "\n", encoding="utf-8")
    return folder


class RefusedNameError(CasetraceError):
    """The name cannot be the name of a new case."""

    exit_code = EXIT_BAD_INPUT
