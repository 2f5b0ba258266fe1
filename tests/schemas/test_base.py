"""What every table refuses."""

import polars as pl
import pytest
from casetrace.schemas import CANONICAL, RESULTS, empty
from casetrace.schemas.base import Table, column, dictionary, dtypes, required_columns
from pandera.errors import SchemaErrors


class Small(Table):
    """Grain: one row per test."""

    name: str = column("Name")
    number: float = column("Number", "s", nullable=True, ge=0)


GOOD = pl.DataFrame({"name": ["a"], "number": [1.0]})


def test_a_good_frame_passes_unchanged():
    assert Small.checked(GOOD).equals(GOOD)


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"name": ["a"], "number": [float("nan")]}),
        pl.DataFrame({"name": ["a"], "number": [float("inf")]}),
        pl.DataFrame({"name": ["a"], "number": [float("-inf")]}),
        pl.DataFrame({"name": ["a"], "number": [-1.0]}),
        pl.DataFrame({"name": [None], "number": [1.0]}, schema={"name": pl.String, "number": pl.Float64}),
        pl.DataFrame({"name": ["a"], "number": [1]}),
        pl.DataFrame({"name": ["a"], "number": ["1.0"]}),
        pl.DataFrame({"number": [1.0], "name": ["a"]}),
        pl.DataFrame({"name": ["a"]}),
        pl.DataFrame({"name": ["a"], "number": [1.0], "more": [1]}),
    ],
    ids=["nan", "inf", "-inf", "below", "null", "integer", "text", "order", "missing", "extra"],
)
def test_refused(frame):
    with pytest.raises(SchemaErrors):
        Small.checked(frame)


@pytest.mark.parametrize("bad", [GOOD.lazy(), GOOD.to_dict(), None])
def test_only_a_collected_frame_can_be_validated(bad):
    with pytest.raises(TypeError, match="only a collected DataFrame"):
        Small.checked(bad)


def test_all_failures_are_collected():
    frame = pl.DataFrame({"name": [None, "b"], "number": [float("nan"), -1.0]}, schema=dtypes(Small))
    with pytest.raises(SchemaErrors) as refused:
        Small.checked(frame)
    assert len(refused.value.failure_cases) >= 3


@pytest.mark.parametrize(("name", "model"), [*CANONICAL.items(), *RESULTS.items()])
def test_every_table_is_described_and_its_empty_form_is_valid(name, model):
    assert model.__doc__.startswith("Grain:"), name
    assert model.checked(empty(model)).is_empty()
    for entry in dictionary(model):
        assert entry["description"], entry["name"]
        assert entry["nullable"] is (entry["name"] not in required_columns(model))


@pytest.mark.parametrize(("name", "model"), [*CANONICAL.items(), *RESULTS.items()])
def test_units_end_column_names(name, model):
    """A column in minutes, days or kg says so in its name."""
    ends = {"min": "_min", "kg": "_kg"}
    for entry in dictionary(model):
        if entry["unit"] in ends:
            assert entry["name"].endswith(ends[entry["unit"]]), (name, entry["name"])
