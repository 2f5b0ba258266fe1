"""A corpus measured some cases at a time has the same results as one measured at once."""

import hashlib

from pipeline import measure as stage
from pipeline.paths import Project
from pipeline.schemas import CANONICAL
from tests.laws.corpus import corpus as cases
from tests.spec import PARAMS


class Given:
    def for_sql(self):
        return PARAMS


def hashes(folder):
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_batches_change_no_byte(tmp_path, monkeypatch):
    corpus = Project(tmp_path).corpus("made")
    corpus.tables.mkdir(parents=True)
    tables = cases()
    for name in CANONICAL:
        tables[name].write_parquet(corpus.table(name))
    at_once = stage.measure(corpus, Given())
    before = hashes(corpus.processed)
    sizes = []
    run = stage.run_metrics

    def counted(given, params):
        sizes.append(given["cases"].height)
        return run(given, params)

    monkeypatch.setattr(stage, "run_metrics", counted)
    monkeypatch.setattr(stage, "BATCH_CASES", 3)
    assert stage.measure(corpus, Given()) == at_once
    assert (len(sizes) > 1, max(sizes), sum(sizes)) == (True, 3, tables["cases"].height)
    assert hashes(corpus.processed) == before
