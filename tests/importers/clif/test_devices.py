"""CLIF 2.1: ECMO, balloon pump and continuous dialysis, which are recordings without a start or an end."""

import polars as pl
import pytest

from tests.importers.clif.small import START, events, imported, left, recording


def test_recordings_of_ecmo_are_runs_from_the_first_to_the_last(tmp_path):
    times = ["2024-03-01 10:00", "2024-03-01 14:00", "2024-03-02 13:00", "2024-03-03 14:00"]
    rows = [recording("ecmo_mcs", time, mcs_group="ECMO", device_category="VV_ECMO") for time in times]
    corpus, result = imported(tmp_path, ecmo_mcs=rows)
    # The last is more than 24 hours after the one before: a run of its own.
    assert events(corpus, "ecmo") == [("ecmo_start", 120), ("ecmo_end", 1740), ("ecmo_end", 3240), ("ecmo_start", 3240)]
    assert left(result, "ecmo_mcs") == {"neither the first nor the last recording of a run": 1}
    assert (result.account.used["ecmo_mcs"], result.account.unaccounted()) == (3, {})
    notes = pl.read_parquet(corpus.table("events")).filter(pl.col("event") == "ecmo_start")["note"].to_list()
    assert notes == ["the first recording: it may have begun earlier"] * 2


@pytest.mark.parametrize(
    ("group", "device", "event"),
    [
        ("VA_ECMO", "Centrimag", "ecmo"),
        ("ecmo", "cardiohelp_ecmo", "ecmo"),
        (None, "ECMO", "ecmo"),
        ("counterpulsation", "IABP", "iabp"),
        ("Impella_CP", "Impella", None),
        ("temporary_LVAD", "CentriMag_LV", None),
    ],
)
def test_devices_of_both_versions_of_the_categories(tmp_path, group, device, event):
    corpus, result = imported(
        tmp_path, ecmo_mcs=[recording("ecmo_mcs", START, mcs_group=group, device_category=device)]
    )
    assert events(corpus, "ecmo", "iabp") == ([(f"{event}_end", 0), (f"{event}_start", 0)] if event else [])
    assert left(result, "ecmo_mcs") == ({} if event else {"item not used": 1})


def test_modes_of_continuous_dialysis_are_one_run(tmp_path):
    rows = [recording("crrt_therapy", f"2024-03-01 {hour}:00", crrt_mode_category=mode)
            for hour, mode in ((10, "cvvh"), (11, "cvvhdf"), (12, "scuf"), (13, None))]  # fmt: skip
    corpus, result = imported(tmp_path, crrt_therapy=rows)
    assert events(corpus, "crrt") == [("crrt_start", 120), ("crrt_end", 240)]
    assert left(result, "crrt_therapy") == {"item not used": 1, "neither the first nor the last recording of a run": 1}
