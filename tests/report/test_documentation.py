"""The generated pages say what the code says."""

from pathlib import Path

from casetrace.cli import main
from casetrace.core.params import load
from casetrace.metrics.catalogue import catalogue
from casetrace.report import documentation
from casetrace.schemas import CANONICAL, RESULTS
from click.testing import CliRunner

ROOT = Path(__file__).resolve().parents[2]
PARAMS = load(ROOT / "params.yaml")


def test_the_generated_pages_are_current():
    done = CliRunner().invoke(main, ["docs", "--check", "--project", str(ROOT)])
    assert done.exit_code == 0, done.output


def test_a_stale_page_is_named_and_written(tmp_path):
    for name in ("metrics.md", "data-dictionary.md"):
        (tmp_path / name).write_bytes((ROOT / "docs" / name).read_bytes())
    (tmp_path / "metrics.md").write_text("stale", encoding="utf-8")
    words = ["docs", "--out", str(tmp_path), "--project", str(ROOT)]
    done = CliRunner().invoke(main, [*words, "--check"])
    assert done.exit_code == 1
    assert "metrics.md: not current" in done.output
    assert "data-dictionary.md" not in done.output
    assert (tmp_path / "metrics.md").read_text(encoding="utf-8") == "stale"
    assert CliRunner().invoke(main, words).exit_code == 0
    assert CliRunner().invoke(main, [*words, "--check"]).exit_code == 0


def test_the_picture_shows_the_sum_its_bounds_every_dose_and_the_printed_number():
    text = (ROOT / "docs" / documentation.PICTURE).read_text(encoding="utf-8").replace("\u202f", " ")
    assert "46 711 U (46 435 to 46 986)" in text
    assert ">61 000 U<" in text
    assert [f">{row} " in text for row in ("HEP1", "HEP2", "HEP3", "HEP4", "HEP5", "INF1", "INF2", "INF3")] == [
        True
    ] * 8


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


def test_files_that_the_pages_name_exist():
    import re

    for page in (
        "README.md",
        "CONTRIBUTING.md",
        "GLOSSARY.md",
        *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
    ):
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert ((ROOT / page).parent / target).exists(), f"{page} names {target}"


def test_every_page_stands_in_the_index():
    text = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert not [name for name in pages if f"({name})" not in text]


def test_every_command_stands_in_the_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not [name for name in main.commands if f"casetrace {name}" not in text]
