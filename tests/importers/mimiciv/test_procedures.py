"""Dialysis, ECMO and balloon pump from `procedureevents`."""

import pytest

from tests.importers.mimiciv.small import case_id, imported, table

CRRT, CVVHD, HEMODIALYSIS, INFLOW, OUTFLOW, IABP = "225802", "225803", "225441", "229529", "229530", "224272"


def procedure(itemid, start, end, status="FinishedRunning", day="2150-01-03"):
    row = {"subject_id": "1", "hadm_id": "10", "stay_id": "100", "itemid": itemid, "statusdescription": status}
    return row | {"starttime": f"{day} {start}:00", "endtime": f"{day} {end}:00"}


def events(corpus):
    rows = [row for row in table(corpus, "events") if row["raw_file"] == "procedureevents"]
    found = [(r["event"], r["time_min"] - 1440, r["event_reported"], r["raw_row"]) for r in rows if r["is_coded"]]
    return sorted(found, key=lambda event: event[1])


def reasons(result):
    return {
        entry.reason: (entry.rows, entry.examples)
        for entry in result.account.left_out
        if entry.file == "procedureevents"
    }


def test_a_procedure_is_a_start_and_an_end(tmp_path):
    procedures = [
        (HEMODIALYSIS, "dialysis", "Hemodialysis"),
        ("225805", "dialysis", "Peritoneal Dialysis"),
        (CRRT, "crrt", "Dialysis - CRRT"),
        (CVVHD, "crrt", "Dialysis - CVVHD"),
        ("225809", "crrt", "Dialysis - CVVHDF"),
        ("225955", "crrt", "Dialysis - SCUF"),
        (INFLOW, "ecmo", "ECMO Inflow Line"),
        (OUTFLOW, "ecmo", "ECMO Outflow Line"),
        (IABP, "iabp", "IABP line"),
    ]
    rows = [procedure(itemid, f"{hour}:00", f"{hour}:30") for hour, (itemid, _, _) in enumerate(procedures, 10)]
    corpus, result = imported(tmp_path, procedureevents=rows)
    assert events(corpus) == [
        (f"{event}_{side}", 60 * nth + minute, label, nth + 2)
        for nth, (_, event, label) in enumerate(procedures)
        for side, minute in (("start", 0), ("end", 30))
    ]
    assert (result.account.used["procedureevents"], result.account.unaccounted()) == (9, {})


def test_the_two_lines_of_one_ecmo_are_one_run(tmp_path):
    rows = [procedure(OUTFLOW, "12:10", "18:00"), procedure(INFLOW, "12:00", "17:50")]
    corpus, result = imported(tmp_path, procedureevents=rows)
    assert [row[:3] for row in events(corpus)] == [
        ("ecmo_start", 120, "ECMO Inflow Line"),
        ("ecmo_end", 480, "ECMO Outflow Line"),
    ]
    assert result.account.unaccounted() == {}


def test_modes_that_abut_are_one_dialysis_and_a_pause_makes_two(tmp_path):
    rows = [procedure(CRRT, "10:00", "12:00"), procedure(CVVHD, "12:00", "14:00"), procedure(CRRT, "14:01", "15:00")]
    corpus, result = imported(tmp_path, procedureevents=rows)
    assert [row[:2] for row in events(corpus)] == [
        ("crrt_start", 0),
        ("crrt_end", 240),
        ("crrt_start", 241),
        ("crrt_end", 300),
    ]
    assert result.account.unaccounted() == {}


def test_a_row_within_a_run_is_accounted_for(tmp_path):
    rows = [procedure(CRRT, "10:00", "15:00"), procedure(CVVHD, "11:00", "12:00"), procedure(CRRT, "14:00", "16:00")]
    corpus, result = imported(tmp_path, procedureevents=rows)
    assert [row[1] for row in events(corpus)] == [0, 360]
    assert reasons(result) == {"within a run that other rows begin and end": (1, (f"item {CVVHD} Dialysis - CVVHD",))}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (procedure("225436", "10:00", "10:01"), "item not used"),
        (procedure("229515", "10:00", "12:00"), "item not used"),
        (procedure(CRRT, "10:00", "12:00", "Rewritten"), "rewritten by a later row"),
        (procedure(CRRT, "12:00", "10:00"), "time cannot be read, or the end lies before the start"),
    ],
)
def test_a_row_that_is_no_event_is_left_out_for_a_reason(tmp_path, row, reason):
    names = [{"itemid": "225436", "label": "CRRT Filter Change"}]
    corpus, result = imported(tmp_path, procedureevents=[row], d_items=names)
    assert events(corpus) == []
    assert list(reasons(result)) == [reason]


def test_an_item_that_is_not_used_is_told_by_its_name(tmp_path):
    names = [{"itemid": "225436", "label": "CRRT Filter Change"}]
    _, result = imported(tmp_path, procedureevents=[procedure("225436", "10:00", "10:01")], d_items=names)
    assert reasons(result) == {"item not used": (1, ("item 225436 CRRT Filter Change",))}


def test_the_runs_of_two_stays_are_two(tmp_path):
    own = {"subject_id": "1", "hadm_id": "10", "first_careunit": "MICU"}
    stays = [own | {"stay_id": "100", "intime": "2150-01-03 08:00:00", "outtime": "2150-01-03 12:00:00"},
             own | {"stay_id": "101", "intime": "2150-01-03 12:00:00", "outtime": "2150-01-03 20:00:00"}]  # fmt: skip
    rows = [procedure(CRRT, "10:00", "12:00"), procedure(CRRT, "12:00", "14:00") | {"stay_id": "101"}]
    corpus, _ = imported(tmp_path, procedureevents=rows, icustays=stays)
    seen = [
        (r["event"], r["time_min"])
        for r in table(corpus, "events")
        if r["case_id"] == case_id(key="100") and "crrt" in r["event"]
    ]
    assert seen == [("crrt_start", 120), ("crrt_end", 240), ("crrt_start", 240), ("crrt_end", 360)]
