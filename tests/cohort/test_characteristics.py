"""The characteristics of many cases are found batch by batch; the batches change nothing."""

from importlib import import_module

import polars as pl
from casetrace.schemas import CANONICAL

# The package exports a function of this name.
module = import_module("casetrace.cohort.characteristics")


def test_batches_change_no_row(corpus, monkeypatch):
    tables = {name: pl.read_parquet(corpus.table(name)) for name in CANONICAL}
    metrics = pl.read_parquet(corpus.metrics / "metrics.parquet")
    whole = module.characteristics(tables, metrics)
    monkeypatch.setattr(module, "_BATCH_CASES", 2)
    assert module.characteristics(tables, metrics).equals(whole)
    assert whole["case_id"].n_unique() == 6


def test_of_no_case_there_is_no_row(corpus):
    tables = {name: pl.read_parquet(corpus.table(name)).clear() for name in CANONICAL}
    assert module.characteristics(tables, pl.read_parquet(corpus.metrics / "metrics.parquet").clear()).height == 0
