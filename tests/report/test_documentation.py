"""The generated pages say what the code says."""

import os
from pathlib import Path

import pytest
from casetrace.core.params import load
from casetrace.metrics.catalogue import catalogue
from casetrace.report import documentation
from casetrace.schemas import CANONICAL, RESULTS

ROOT = Path(__file__).resolve().parents[2]
PARAMS = load(ROOT / "params.yaml")


@pytest.mark.parametrize("name", ["data-dictionary.md", "metrics.md"])
def test_a_generated_page_is_current(name):
    if os.environ.get("CASETRACE_UPDATE_DOCS"):
        documentation.write(ROOT / "docs", PARAMS)
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert text == documentation.pages(PARAMS)[name], f"docs/{name} is stale: CASETRACE_UPDATE_DOCS=1 make test"


def test_every_column_has_a_meaning_and_every_table_a_grain():
    text = documentation.data_dictionary()
    for name, model in {**CANONICAL, **RESULTS}.items():
        assert f"### `{name}`" in text
        assert (model.__doc__ or "").startswith("Grain: "), name
    assert "| None |" not in text


def test_every_metric_is_in_the_catalogue_page():
    text = documentation.metric_pages(PARAMS)
    assert len(catalogue()) > 50
    assert not [name for name in catalogue() if f"| `{name}` |" not in text]


def test_files_that_the_readme_names_exist():
    import re

    for page in ("README.md", "CONTRIBUTING.md", "docs/case-folder.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert ((ROOT / page).parent / target).exists(), f"{page} names {target}"
