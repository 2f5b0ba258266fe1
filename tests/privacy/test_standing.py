"""Whether a corpus may be shown row by row, and the key of its pseudonyms."""

import pytest
from casetrace.core.errors import CasetraceError, NotFoundError
from casetrace.core.paths import ProjectFolder
from casetrace.privacy import (
    SHORTEST_KEY,
    CorpusInfo,
    corpus_info,
    is_restricted,
    read_key,
    require_public,
    write_corpus_info,
)


@pytest.fixture
def corpus(tmp_path):
    return ProjectFolder(tmp_path).corpus("icu")


def stands(corpus, public):
    folder = corpus.processed / "import"
    folder.mkdir(parents=True)
    write_corpus_info(folder, CorpusInfo("MIMIC-IV", "stay", public, "keyed"))


def test_published_cases_have_no_standing_and_are_public(corpus):
    assert corpus_info(corpus) is None
    assert not is_restricted(corpus)
    require_public(corpus)


def test_an_import_is_restricted_unless_it_is_public(corpus):
    stands(corpus, public=False)
    assert corpus_info(corpus) == CorpusInfo("MIMIC-IV", "stay", public=False, pseudonyms="keyed")
    with pytest.raises(CasetraceError, match=r"the corpus icu is not public.*casetrace cohort icu"):
        require_public(corpus)


def test_a_public_import_may_be_shown(corpus):
    stands(corpus, public=True)
    require_public(corpus)


def test_a_key_is_read_without_the_blanks_around_it(tmp_path):
    (tmp_path / "key").write_text("  a key of the tests only\n", encoding="utf-8")
    assert read_key(tmp_path / "key") == (b"a key of the tests only", "keyed")


def test_without_a_key_file_the_key_is_random():
    (first, what), (second, _) = read_key(None), read_key(None)
    assert what == "random"
    assert first != second
    assert len(first) >= SHORTEST_KEY


def test_a_short_or_absent_key_is_refused(tmp_path):
    (tmp_path / "key").write_text("short", encoding="utf-8")
    with pytest.raises(CasetraceError, match="it needs at least"):
        read_key(tmp_path / "key")
    with pytest.raises(NotFoundError, match="no such key file"):
        read_key(tmp_path / "none")
