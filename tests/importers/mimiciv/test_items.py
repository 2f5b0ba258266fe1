"""The items of the mapping: their names in the source's own lists, in our vocabulary, and units that are unknown."""

import csv
import gzip
from collections import Counter

import polars as pl
import pytest
from casetrace.importers.mimiciv import HERE
from casetrace.vocabulary import load

from tests.importers.mimiciv.small import imported, lab, push, table
from tests.importers.mimiciv.test_demo import DEMO

ITEMS = pl.read_csv(HERE / "items.csv", schema_overrides={"itemid": pl.String}).to_dicts()
TIME = "2150-01-03 10:00:00"
#: Lists in which an item may be looked up; docs/mimic-iv.md names their place and version.
LISTS = {"d_items", "d_labitems", "fluid_map", "inputevents_to_rxnorm", "lab_itemid_to_loinc", "procedureevents_to_snomed", "rrt"}  # fmt: skip


def labels(name):
    with gzip.open(DEMO / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return {row["itemid"]: row["label"] for row in csv.DictReader(file)}


def test_every_item_was_looked_up_in_a_list_that_is_named():
    assert {item["checked_against"] for item in ITEMS} == LISTS
    counted = Counter((item["file"], item["itemid"], item["unit"]) for item in ITEMS)
    assert max(counted.values()) == 1


@pytest.mark.skipif(not DEMO.is_dir(), reason="the demo data of MIMIC-IV is not beside the project (../shared)")
@pytest.mark.parametrize("name", ["d_items", "d_labitems"])
def test_the_items_bear_the_names_of_the_source(name):
    known = labels(name)
    own = [item for item in ITEMS if item["checked_against"] == name]
    assert own
    assert {item["itemid"]: item["label"] for item in own} == {item["itemid"]: known[item["itemid"]] for item in own}


@pytest.mark.skipif(not DEMO.is_dir(), reason="the demo data of MIMIC-IV is not beside the project (../shared)")
def test_no_item_bears_another_name_than_the_source_gives_it():
    known = labels("d_items") | labels("d_labitems")
    assert [item for item in ITEMS if known.get(item["itemid"], item["label"]) != item["label"]] == []


def test_the_names_of_the_items_are_in_the_vocabulary():
    vocabulary = load()
    terms = {"inputevents": vocabulary.drugs, "labevents": vocabulary.analytes}
    free = {i["name"] for i in ITEMS if i["file"] in terms and terms[i["file"]].find(i["name"]) is None}
    assert free == set()
    runs = {item["name"] for item in ITEMS if item["file"] == "procedureevents"}
    assert all(vocabulary.events.find(f"{name}_{end}") for name in runs for end in ("start", "end"))


def test_elliptocytes_are_not_antithrombin(tmp_path):
    rows = [lab("51140", TIME, "62", valueuom="%"), lab("51197", TIME, "1")]
    corpus, result = imported(tmp_path, labs=rows, d_labitems=[{"itemid": "51197", "label": "Elliptocytes"}])
    assert [(r["analyte"], r["value"], r["unit"]) for r in table(corpus, "labs")] == [
        ("antithrombin_activity", 62, "%")
    ]
    (entry,) = [entry for entry in result.account.left_out if entry.file == "labevents"]
    assert (entry.reason, entry.examples) == ("item not used", ("item 51197 Elliptocytes",))


@pytest.mark.parametrize(
    ("itemid", "unit", "analyte", "value", "canonical"),
    [
        ("51228", "IU/mL", "anti_xa_ufh", 0.4, "[iU]/mL"),
        ("51229", "IU/mL", "anti_xa_lmwh", 0.4, "[iU]/mL"),
        ("52551", "ng/mL DDU", "d_dimer", 0.4, "ug/L"),
        ("52551", "ng/mL FEU", "d_dimer_feu", 0.4, "ug/L{FEU}"),
    ],
)
def test_assays_that_differ_are_different_analytes(tmp_path, itemid, unit, analyte, value, canonical):
    corpus, result = imported(tmp_path, labs=[lab(itemid, TIME, "0.4", valueuom=unit)])
    assert [(r["analyte"], r["value"], r["unit"]) for r in table(corpus, "labs")] == [(analyte, value, canonical)]
    assert result.account.unknown == ()


@pytest.mark.parametrize(
    ("value", "kind", "word"),
    [("POSITIVE", "word", "positive"), ("NEGATIVE", "word", "negative"), ("SEE COMMENT", "not_printed", None),
     ("UNABLE TO REPORT", "not_done", None)],
)  # fmt: skip
def test_a_hit_antibody_is_a_word(tmp_path, value, kind, word):
    corpus, _ = imported(tmp_path, labs=[lab("52131", TIME, value=value, valueuom="N/A")])
    assert [(r["analyte"], r["value_kind"], r["value_word"]) for r in table(corpus, "labs")] == [
        ("anti_pf4", kind, word)
    ]


def test_a_drug_whose_item_is_new_is_told_apart_from_all_that_is_not_used(tmp_path):
    names = [{"itemid": "999001", "label": "Bivalirudin (new bag)"}, {"itemid": "999002", "label": "Dextrose 5%"}]
    rows = [push(TIME, itemid=itemid, amountuom="mg", patientweight="") for itemid in ("999001", "999002")]
    _, result = imported(tmp_path, inputs=rows, d_items=names)
    left = {e.reason: e.examples for e in result.account.left_out if e.file == "inputevents"}
    assert left == {
        "item not used, though its name is that of an anticoagulant": ("item 999001 Bivalirudin (new bag)",),
        "item not used": ("item 999002 Dextrose 5%",),
    }


def test_a_test_whose_item_is_new_is_told_apart_too(tmp_path):
    names = [{"itemid": "999001", "label": "PTT"}, {"itemid": "999002", "label": "Troponin T"}]
    rows = [lab("999001", TIME, "60", valueuom="sec"), lab("999002", TIME, "0.1", valueuom="ng/mL")]
    _, result = imported(tmp_path, labs=rows, d_labitems=names)
    left = {e.reason: e.examples for e in result.account.left_out if e.file == "labevents"}
    assert left == {
        "item not used, though its name is that of one that is": ("item 999001 PTT in sec",),
        "item not used": ("item 999002 Troponin T in ng/mL",),
    }


def test_prophylaxis_charted_in_another_unit_is_never_units_of_heparin(tmp_path):
    corpus, _ = imported(tmp_path, inputs=[push(TIME, "5000", itemid="225975", amountuom="mg")])
    found = [(dose["amount"], dose["amount_status"], dose["purpose"]) for dose in table(corpus, "doses")]
    assert found == [(None, "needs_unit", "prophylactic")]


def test_what_is_unknown_is_listed_with_rows_cases_patients_and_examples(tmp_path):
    rows = [
        lab("51265", TIME, "87", valueuom=""),
        lab("51265", TIME, "88", valueuom="furlong"),
        lab("50912", TIME, "100"),
    ]
    _, result = imported(tmp_path, labs=rows, inputs=[push(TIME, amountuom="drops")])
    found = [(u.what, u.term, u.rows, u.cases, u.patients, u.examples) for u in result.account.unknown]
    assert found == [
        ("outside the plausible range", "creatinine", 1, 1, 1, ("100 mg/dL",)),
        ("the unit is not known", "platelets", 2, 1, 1, ("87 without a unit", "88 furlong")),
        ("the unit is not one of the drug", "unfractionated heparin", 1, 1, 1, ("5000 drops",)),
    ]
    assert (
        "the unit is not known: platelets, 2 rows in 1 cases of 1 patients (87 without a unit, 88 furlong)"
        in result.summary()
    )
