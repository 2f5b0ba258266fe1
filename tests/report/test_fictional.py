"""What the report of a case says whose publisher calls it fictional; of a patient it says nothing of the kind."""

import io
import re
import zipfile
from dataclasses import replace

import polars as pl
import pytest
from casetrace.core import params
from casetrace.core.paths import Corpus
from casetrace.report import summary
from casetrace.report.case_data import CaseData
from casetrace.report.case_page import appendix, overview
from casetrace.report.render import supplement
from casetrace.report.render.paper import for_paper

SENTENCE = "The publisher calls this case fictional: it describes no patient and is left out of every comparison."


@pytest.fixture(scope="module")
def invented(case: CaseData) -> CaseData:
    cases = case.tables["cases"].with_columns(is_fictional=pl.lit(True))
    return replace(case, tables={**case.tables, "cases": cases})


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()


def test_a_sentence_stands_under_the_title_and_a_badge_beside_the_status(case: CaseData, invented: CaseData) -> None:
    html = overview.title(invented).html
    assert re.search(rf'</h1>\s*<p class="fictional"><strong>{re.escape(SENTENCE)}</strong></p>', html)
    assert re.search(
        r'<span class="badge draft">[^<]+</span>\s*<span class="badge fictional">Teaching case, fictional<', html
    )
    assert "fictional" not in overview.title(case).html


def test_on_paper_the_badges_are_sentences(invented: CaseData) -> None:
    said = text_of(for_paper(overview.title(invented).html, [], "svg"))
    assert "Draft: not yet checked by a second reader. Teaching case, fictional. The full text was read." in said
    assert SENTENCE in said


def test_the_paragraph_for_a_manuscript_says_so(case: CaseData, invented: CaseData, corpus: Corpus) -> None:
    read = params.load(corpus.project.params)
    first = "The published case, which its publisher calls fictional, was transcribed into tables with casetrace "
    assert first in text_of(appendix.methods_paragraph(invented, read).html)
    assert "The published case was transcribed into" in text_of(appendix.methods_paragraph(case, read).html)


def test_the_numbers_and_the_archive_for_a_journal_say_so(case: CaseData, invented: CaseData) -> None:
    assert [summary.summary(each)["case"]["is_fictional"] for each in (case, invented)] == [False, True]
    notes = [_readme(each) for each in (case, invented)]
    assert [note.splitlines()[2] for note in notes] == ["", SENTENCE]
    assert notes[1].replace(f"{SENTENCE}\n", "") == notes[0]


def _readme(case: CaseData) -> str:
    archive = zipfile.ZipFile(io.BytesIO(supplement.archive(case, {}, b"")))
    return archive.read(f"{case.case_id}/README.txt").decode()
