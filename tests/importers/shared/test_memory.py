"""The limit of memory of an import."""

import re

import pytest
from casetrace.core.errors import InputError
from casetrace.importers.shared import memory
from casetrace.importers.shared.memory import limits


@pytest.mark.parametrize(
    ("stated", "duckdb_bytes"),
    [
        ("1GB", 400e6),
        ("2GB", 1.2e9),
        ("2000 MB", 1.2e9),
        ("1.5gb", 0.8e9),
        ("2GiB", 0.8 * (2**31 - 5e8)),
        ("1TB", 0.8 * (1e12 - 5e8)),
    ],
)
def test_duckdb_gets_what_the_rest_of_the_process_leaves(stated, duckdb_bytes):
    assert limits(stated).duckdb_bytes == int(duckdb_bytes)


@pytest.mark.parametrize(
    ("stated", "cpus", "threads"), [("1GB", 64, 1), ("2GB", 64, 3), ("16GB", 64, 31), ("16GB", 2, 2)]
)
def test_threads_keep_to_the_share_and_to_the_machine(monkeypatch, stated, cpus, threads):
    monkeypatch.setattr(memory.os, "cpu_count", lambda: cpus)
    assert limits(stated).threads == threads


@pytest.mark.parametrize(
    ("stated", "what"),
    [
        ("50MB", "50MB is too little for an import"),
        ("999 MB", "999 MB is too little for an import"),
        ("much", "'much' is no limit of memory"),
        ("2", "'2' is no limit of memory"),
        ("-2GB", "'-2GB' is no limit of memory"),
        ("50%", "'50%' is no limit of memory"),
    ],
)
def test_what_is_no_limit_is_told_with_what_is_allowed(stated, what):
    told = f"error: --memory: {what} (allowed: a number with MB, GB or TB, at least 1GB)"
    with pytest.raises(InputError, match=f"^{re.escape(told)}$"):
        limits(stated)
