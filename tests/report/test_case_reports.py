"""The report stage as a whole, on a corpus of two invented cases."""

import html.parser
import re
import shutil
from pathlib import Path
from typing import ClassVar

import pytest
from casetrace.core import params
from casetrace.core.errors import CasetraceError, NotFoundError
from casetrace.core.paths import Corpus, ProjectFolder
from casetrace.report.case_reports import report

from tests.report.corpus import write_corpus

ROOT = Path(__file__).resolve().parents[2]
FILES = {"report.docx", "report.html", "report.ipynb", "report.pdf", "summary.json", "supplement.zip"}


def project(root: Path) -> Corpus:
    root.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "params.yaml", root)
    return write_corpus(root)


@pytest.fixture(scope="module")
def written(reported: Corpus) -> Corpus:
    return reported


def contents(corpus: Corpus) -> dict[str, bytes]:
    return {
        str(p.relative_to(corpus.reports)): p.read_bytes() for p in sorted(corpus.reports.rglob("*")) if p.is_file()
    }


def test_one_folder_per_case_and_nothing_else(written: Corpus) -> None:
    assert {p.name for p in written.reports.iterdir()} == {"one", "two"}
    for case_id in ("one", "two"):
        assert {p.name for p in written.case_report(case_id).iterdir()} == FILES


def test_equal_input_gives_equal_bytes_in_another_folder(written: Corpus, tmp_path: Path) -> None:
    other = project(tmp_path / "a folder with spaces" / "deeper")
    loaded, seen = params.load(other.project.params), []
    report(other, loaded, progress=lambda cases: (seen.append(case) or case for case in cases))
    assert seen == ["one", "two"]
    assert contents(other) == contents(written)
    report(other, loaded, only=["two"])
    assert contents(other) == contents(written)


def test_no_path_of_this_machine_in_the_outputs(written: Corpus) -> None:
    for name, content in contents(written).items():
        assert str(written.project.root).encode() not in content, name
        assert str(ROOT).encode() not in content, name
        assert b"0x7" not in content, name


class Page(html.parser.HTMLParser):
    """Ids, links, headings and images of a page, and whether its tags close."""

    VOID: ClassVar = {"wbr", "meta", "br", "img", "input", "hr", "link", "col"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.rows: set[str] = set()
        self.levels: list[int] = []
        self.unnamed: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in self.VOID:
            self.open.append(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        link = given.get("href") or given.get("xlink:href")
        if link and link.startswith("#"):
            self.targets.append(link[1:])
        self.rows |= set((given.get("data-rows") or "").split())
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "figure" and not given.get("aria-label"):
            self.unnamed.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("case_id", ["one", "two"])
def test_every_link_arrives_and_every_id_is_unique(written: Corpus, case_id: str) -> None:
    page = Page((written.case_report(case_id) / "report.html").read_text(encoding="utf-8"))
    assert len(page.ids) == len(set(page.ids))
    assert set(page.targets) <= set(page.ids)
    assert {f"row-{row}" for row in page.rows} <= set(page.ids)
    assert page.open == []
    assert page.unnamed == []
    assert page.levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(page.levels, page.levels[1:], strict=False))


def test_every_raw_row_is_on_the_page(written: Corpus) -> None:
    page = Page((written.case_report("one") / "report.html").read_text(encoding="utf-8"))
    for row in ("WT", "AGE", "TGT", "P1", "ELISA", "B1", "I1", "ADM", "SEPSIS", "S1", "C1"):
        assert f"row-{row}" in page.ids


def test_page_holds_the_numbers_with_their_rows(written: Corpus) -> None:
    text = (written.case_report("one") / "report.html").read_text(encoding="utf-8")
    plain = re.sub(r"<[^>]+>", "", text).replace("\u202f", " ").replace("\u00a0", " ")
    for number in (
        "45 500 U",
        "44 000 to 47 000 U",
        "56 500 U (56 000 to 57 000)",
        "90 × 10⁹/L",
        "57.1 %",
        "2 to 6 points",
    ):
        assert number in plain
    assert '<a class="v" href="#m-iv_ufh_max_24h" data-rows="B1 B2 I1"' in text


def test_a_case_that_is_not_there(written: Corpus) -> None:
    before = contents(written)
    with pytest.raises(NotFoundError, match="no such case in the processed tables: three"):
        report(written, params.load(written.project.params), only=["one", "three"])
    assert contents(written) == before


def test_a_report_that_fails_leaves_the_earlier_one(written: Corpus, tmp_path: Path) -> None:
    from tests.report.corpus import frame, results

    shutil.copytree(written.project.root, tmp_path / "copy")
    corpus = ProjectFolder(tmp_path / "copy").corpus()
    loaded = params.load(corpus.project.params)
    before = contents(corpus)
    rows = [r | {"row_ids": ["NOWHERE"]} for r in results()["metrics"]]
    frame("metrics", rows).write_parquet(corpus.metrics / "metrics.parquet")
    with pytest.raises(CasetraceError, match="row NOWHERE, which no table holds"):
        report(corpus, loaded, only=["one"])
    assert contents(corpus) == before
    assert {p.name for p in corpus.reports.iterdir()} == {"one", "two"}


def test_other_parameters_than_those_of_the_project_are_refused(written: Corpus, tmp_path: Path) -> None:
    changed = written.project.params.read_text(encoding="utf-8").replace("value: 35000", "value: 40000")
    (tmp_path / "params.yaml").write_text(changed, encoding="utf-8")
    with pytest.raises(CasetraceError, match="differ from params"):
        report(written, params.load(tmp_path / "params.yaml"))
