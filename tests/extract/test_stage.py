"""The stage as a whole: all or nothing, sorted, byte-identical."""

import hashlib
import shutil

import polars as pl
import pytest
from casetrace.core import fingerprints
from casetrace.core.errors import InputError, NotFoundError
from casetrace.core.paths import ProjectFolder
from casetrace.extract.stage import extract
from casetrace.schemas import CANONICAL
from casetrace.schemas.base import dtypes

from tests.case_builder import ROOT, SMALL_CASE, params, write_case


@pytest.fixture
def corpus(tmp_path):
    found = ProjectFolder(tmp_path).corpus()
    found.raw.mkdir(parents=True)
    return found


def hashes(corpus):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(corpus.tables.iterdir())}


def read(corpus, name):
    return pl.read_parquet(corpus.table(name))


def test_every_table_is_written_typed_and_sorted(corpus):
    for case_id in ("case-b", "case-a", "case-10"):
        write_case(corpus.raw, case_id=case_id)
    result = extract(corpus, params())
    assert result.cases == 3
    assert {path.stem for path in corpus.tables.iterdir()} == set(CANONICAL)
    for name, model in CANONICAL.items():
        table = read(corpus, name)
        assert dict(table.schema) == dtypes(model)
        assert table.height == result.rows[name]
        keys = [c for c in ("case_id", "raw_file", "raw_row", "occurrence") if c in table.columns]
        assert table.select(keys).rows() == sorted(table.select(keys).rows())
    assert read(corpus, "cases")["case_id"].to_list() == ["case-10", "case-a", "case-b"]


def test_equal_input_gives_equal_bytes(corpus, tmp_path):
    write_case(corpus.raw, case_id="case-a")
    write_case(corpus.raw, case_id="case-b")
    extract(corpus, params())
    first = hashes(corpus)
    extract(corpus, params())
    assert hashes(corpus) == first
    other = ProjectFolder(tmp_path / "elsewhere").corpus()
    write_case(other.raw, case_id="case-b")  # made in another order, in another folder
    write_case(other.raw, case_id="case-a")
    extract(other, params())
    assert hashes(other) == first


def test_a_case_alone_equals_its_rows_among_many(corpus, tmp_path):
    write_case(corpus.raw, case_id="case-a")
    write_case(corpus.raw, case_id="case-b")
    alone = ProjectFolder(tmp_path / "alone").corpus()
    write_case(alone.raw, case_id="case-b")
    extract(corpus, params())
    extract(alone, params())
    for name in CANONICAL:
        assert read(corpus, name).filter(pl.col("case_id") == "case-b").equals(read(alone, name))


def test_an_error_leaves_the_earlier_tables_as_they_were(corpus):
    write_case(corpus.raw, case_id="case-a")
    extract(corpus, params())
    before = hashes(corpus)
    write_case(corpus.raw, {"scores.csv": "score,item,points\n4ts,total,x\n"}, case_id="case-b")
    with pytest.raises(InputError):
        extract(corpus, params())
    assert hashes(corpus) == before
    assert sorted(p.name for p in corpus.processed.iterdir()) == ["manifests", "tables"]


def test_problems_of_all_cases_at_once(corpus):
    for case_id in ("case-a", "case-b"):
        write_case(corpus.raw, {"scores.csv": "score,item,points\n4ts,total,x\n"}, case_id=case_id)
    with pytest.raises(InputError) as refused:
        extract(corpus, params())
    assert [p.file for p in refused.value.problems] == ["case-a/scores.csv", "case-b/scores.csv"]


def fresh(corpus, root):
    """The hashes of the same raw folders extracted where nothing was extracted before."""
    place = ProjectFolder(root / "fresh").corpus()
    shutil.copytree(corpus.raw, place.raw)
    extract(place, params())
    found = hashes(place)
    shutil.rmtree(root / "fresh")
    return found


def test_only_cases_that_changed_are_read_anew(corpus, tmp_path):
    for case_id in ("case-a", "case-b", "case-c"):
        write_case(corpus.raw, case_id=case_id)
    assert extract(corpus, params()).read == ("case-a", "case-b", "case-c")
    assert extract(corpus, params()).read == ()
    (corpus.raw / "case-b" / "events.csv").write_text("id,event,when\nOP,surgery,D3\n", encoding="utf-8")
    result = extract(corpus, params())
    assert (result.cases, result.read) == (3, ("case-b",))
    assert read(corpus, "events").select("case_id", "day").rows() == [("case-a", 1), ("case-b", 3), ("case-c", 1)]
    assert hashes(corpus) == fresh(corpus, tmp_path)


def test_a_new_case_is_the_only_one_read(corpus, tmp_path):
    for case_id in ("case-b", "case-c"):
        write_case(corpus.raw, case_id=case_id)
    extract(corpus, params())
    write_case(corpus.raw, case_id="case-a")
    assert extract(corpus, params()).read == ("case-a",)
    assert hashes(corpus) == fresh(corpus, tmp_path)


def test_a_case_that_is_gone_leaves_no_rows(corpus, tmp_path):
    for case_id in ("case-a", "case-b"):
        write_case(corpus.raw, case_id=case_id)
    extract(corpus, params())
    shutil.rmtree(corpus.raw / "case-a")
    result = extract(corpus, params())
    assert (result.cases, result.read) == (1, ())
    assert read(corpus, "labs")["case_id"].unique().to_list() == ["case-b"]
    assert hashes(corpus) == fresh(corpus, tmp_path)


def test_tables_that_were_touched_are_not_trusted(corpus):
    write_case(corpus.raw)
    extract(corpus, params())
    before = hashes(corpus)
    read(corpus, "labs").with_columns(pl.lit(1.0).alias("value")).write_parquet(corpus.table("labs"))
    assert extract(corpus, params()).read == ("small-case",)
    assert hashes(corpus) == before


@pytest.mark.parametrize("text", ["{", "[]", '{"cases": {"small-case": 1}, "files": {}}'])
def test_a_manifest_that_cannot_be_read_vouches_for_nothing(corpus, text):
    write_case(corpus.raw)
    extract(corpus, params())
    (corpus.manifests / "extract.json").write_text(text, encoding="utf-8")
    assert extract(corpus, params()).read == ("small-case",)


def test_other_code_or_parameters_read_every_case_anew(corpus, monkeypatch):
    write_case(corpus.raw)
    extract(corpus, params())
    corpus.project.params.write_text("# other\n", encoding="utf-8")
    assert extract(corpus, params()).read == ("small-case",)
    monkeypatch.setattr(fingerprints, "code", lambda stage: f"other code of {stage}")
    assert extract(corpus, params()).read == ("small-case",)
    assert extract(corpus, params()).read == ()


def test_an_empty_corpus_gives_empty_typed_tables(corpus):
    (corpus.raw / "README.md").write_text("none yet", encoding="utf-8")
    assert extract(corpus, params()).cases == 0
    assert dict(read(corpus, "doses").schema) == dtypes(CANONICAL["doses"])


def test_warnings_are_returned_and_do_not_stop(corpus):
    write_case(corpus.raw, {"events.csv": "id,event,when\nOP,surgery,D1\nV,follow_up_visit,@OP+7mo\n"})
    result = extract(corpus, params())
    assert [str(w) for w in result.warnings] == [
        "small-case/events.csv, row 3, column when: '@OP+7mo' lies outside `observed` in source.yaml"
    ]
    again = extract(corpus, params())
    assert again.read == ()
    assert again.warnings == result.warnings  # a case that stays as it was warns as it did


def test_same_patient_as_a_case_that_does_not_exist(corpus):
    source = SMALL_CASE["source.yaml"] + "same_patient_as: [nowhere]\n"
    write_case(corpus.raw, {"source.yaml": source})
    [warning] = extract(corpus, params()).warnings
    assert "there is no case 'nowhere' in this corpus" in str(warning)


def test_a_file_beside_the_case_folders_is_refused(corpus):
    write_case(corpus.raw)
    (corpus.raw / "labs.csv").write_text("when,analyte,value\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"labs\.csv: this file stands beside the case folders"):
        extract(corpus, params())


def test_a_corpus_that_does_not_exist(tmp_path):
    with pytest.raises(NotFoundError, match="no corpus 'icu'"):
        extract(ProjectFolder(tmp_path).corpus("icu"), params())


def test_progress_sees_every_folder(corpus):
    write_case(corpus.raw, case_id="case-a")
    seen = []

    def progress(folders):
        for folder in folders:
            seen.append(folder.name)
            yield folder

    extract(corpus, params(), progress=progress)
    assert seen == ["case-a"]


def test_the_published_cases_are_valid():
    """Every case in the project passes; nothing is written here."""
    from casetrace.extract.case_folder import read_case

    folders = sorted(p for p in ProjectFolder(ROOT).corpus().raw.iterdir() if p.is_dir())
    assert folders
    for folder in folders:
        frames, problems = read_case(folder, params())
        assert [str(p) for p in problems if p.severity == "error"] == []
        assert frames["cases"].height == 1
