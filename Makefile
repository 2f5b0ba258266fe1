# make report   the reports of every case, from raw tables (creates .venv/ first)
# make test     every test, on all cores
# make test-fast  in a minute: without the browser and without what runs whole projects
# make mutants  deliberate faults in the code, each of which a test must find (hours)
# make check    formatting, lint, types, layers
# make bench    benchmarks (ratios, not absolute times)
# make lock     both lock files from pyproject.toml: what casetrace needs to run, and that with what its tests need
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: report test test-fast mutants check bench lock clean

.venv/ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

report: .venv/ready
	$(BIN)/dvc repro
	@$(BIN)/casetrace where

# One thread of polars for each worker: the frames of the tests are small.
PYTEST := POLARS_MAX_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadgroup

test: .venv/ready
	$(PYTEST)

test-fast: .venv/ready
	$(PYTEST) -m "not slow and not browser"

mutants: .venv/ready
	$(BIN)/python -m tests.mutants

check: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: .venv/ready
	$(BIN)/python -m benchmarks

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet

lock:
	$(LOCK) -o requirements.lock
	$(LOCK) --extra dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv data/processed reports/case_reports .pytest_cache .mypy_cache .ruff_cache
