"""The table of what answers which item of which score: every term of the vocabulary stands in it."""

import csv

import pytest
from casetrace import vocabulary
from casetrace.core.paths import VOCABULARY

KNOWN = vocabulary.load()
TERMS = {"finding": KNOWN.findings, "event": KNOWN.events, "drug": KNOWN.drugs}
ITEMS = {
    "4ts": {"thrombosis", "other_causes"},
    "hep": {
        "thrombosis", "skin_necrosis", "systemic_reaction", "bleeding", "chronic_disorder", "new_drug", "severe_infection",
        "severe_dic", "arterial_device", "bypass_96h", "no_other_cause",
    },
    "isth_dic": {"condition"},
    "sic": {"sepsis", "sofa_lung", "sofa_support", "sofa_circulation"},
}  # fmt: skip


def answers():
    with (VOCABULARY / "score_answers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.mark.parametrize("kind", TERMS)
def test_every_term_answers_an_item_or_is_said_to_answer_none(kind):
    listed = {row["term"] for row in answers() if row["kind"] == kind}
    assert listed == {term.name for term in TERMS[kind].all()}


def test_a_line_names_an_item_an_answer_and_its_source():
    seen = set()
    for row in answers():
        key = tuple(row[column] for column in ("kind", "term", "grade", "site", "score", "item"))
        assert key not in seen, key
        seen.add(key)
        if row["answer"] == "none":
            assert not any(row[column] for column in ("grade", "site", "score", "item", "source")), row
            assert sum(other["term"] == row["term"] and other["kind"] == row["kind"] for other in answers()) == 1, row
        else:
            assert row["answer"] in ("yes", "possible", "no", "ends", "possibly ends"), row
            assert row["item"] in ITEMS[row["score"]], row
            assert row["source"], row


def test_a_grade_is_one_that_the_finding_may_have():
    """`-` is a finding without a grade; where one grade is named, every one has a line, so that none falls through."""
    for row in answers():
        if row["grade"] in ("", "-"):
            continue
        grades = {*KNOWN.findings.find(row["term"]).grades, "-"}
        assert row["grade"] in grades, row
        of_item = {r["grade"] for r in answers() if (r["term"], r["item"]) == (row["term"], row["item"]) and r["grade"]}
        assert of_item == grades or of_item == {"chronic"}, row


@pytest.mark.parametrize(
    ("kind", "term", "item"),
    [
        ("finding", "pneumonia", "severe_infection"),
        ("finding", "COVID-19", "severe_infection"),
        ("finding", "endocarditis", "severe_infection"),
        ("finding", "bacteraemia", "severe_infection"),
        ("event", "cardiopulmonary bypass start", "bypass_96h"),
        ("event", "balloon pump placed", "arterial_device"),
        ("event", "LVAD implantation", "arterial_device"),
        ("event", "VA-ECMO start", "arterial_device"),
        ("drug", "vancomycin", "new_drug"),
        ("drug", "co-trimoxazole", "new_drug"),
        ("drug", "eptifibatide", "new_drug"),
        ("finding", "preeclampsia", "condition"),
        ("finding", "HELLP", "condition"),
        ("finding", "GI bleeding", "bleeding"),
    ],
)
def test_what_a_case_report_says_answers_the_item(kind, term, item):
    name = TERMS[kind].find(term).name
    assert item in {row["item"] for row in answers() if (row["kind"], row["term"]) == (kind, name)}


def test_circuits_in_veins_only_are_told_from_those_in_an_artery():
    by_term = {row["term"]: row["answer"] for row in answers() if row["item"] == "arterial_device"}
    assert by_term["va_ecmo_start"] == "yes"
    assert by_term["vv_ecmo_start"] == by_term["ecmo_start"] == "possible"
    assert KNOWN.events.find("ECMO start").name == "ecmo_start"
    assert KNOWN.events.find("veno-venous ECMO start").name == "vv_ecmo_start"


def test_lactate_is_not_ldh():
    assert KNOWN.analytes.find("lactate").name == "lactate"
    assert KNOWN.analytes.find("lactic acid").name == "lactate"
    assert KNOWN.analytes.find("lactate dehydrogenase").name == "ldh"
    for typed in ("lactat", "lactates", "arterial lactate"):
        assert KNOWN.analytes.near(typed) != "ldh"
        assert "ldh" not in KNOWN.analytes.alike(typed)[:1]
