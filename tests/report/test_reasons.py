"""Reasons as sentences: rows in words, like clauses in one; no row id is left in what a reader reads."""

import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from casetrace.audit import audit
from casetrace.core.params import load
from casetrace.core.paths import ProjectFolder
from casetrace.extract.stage import extract
from casetrace.metrics.run import compute_metrics
from casetrace.report.case_data import CaseData, case_ids, read_case
from casetrace.report.case_page import audit_view
from casetrace.report.text import reason_clauses, reasons
from casetrace.report.text.evidence import Evidence
from casetrace.vocabulary import reasons as vocabulary
from casetrace.vocabulary.reasons import Reason

ROOT = Path(__file__).resolve().parents[2]


def told(case: CaseData, reason: str, most: int | None = None) -> str:
    return reasons.plain(case, (), reason, most).replace("\u00a0", " ").replace("\u202f", " ")


def renamed(case: CaseData, table: str, names: dict[str, str], **columns: object) -> CaseData:
    """The case with other row ids, and other values in the rows that got one."""
    frame = case.tables[table].with_columns(
        *(pl.when(pl.col("row_id").is_in(list(names))).then(pl.lit(v)).otherwise(pl.col(c)).alias(c)
          for c, v in columns.items()),
    ).with_columns(pl.col("row_id").replace(names))  # fmt: skip
    return replace(case, tables={**case.tables, table: frame})


#    as the metrics write it | as it is told
SENTENCES = [
    ("the amount of I1 is not printed",
     "the amount of unfractionated heparin 1000 U/h (day 2, 12:00) is not printed"),
    ("baseline 210 (P1); the count of 90 (P2) may also be the last before heparin",
     "baseline 210 (day 1); the count of 90 (day 2, 08:00) may also be the last before heparin"),
    ("the amount of G1 is not printed; the route or purpose of G1 is not stated; how long G1 ran is not stated",
     "the amount of argatroban 6 mg/h (day 4) is not printed; its route or purpose is not stated; how long it ran is not"
     " stated"),
    ("the time of B1 is not known; the time of B2 is not known",
     "the time of unfractionated heparin 20 000 U (day 2, 00:00 to 03:00) and unfractionated heparin 12 000 U (day 2,"
     " 10:00) is not known"),
    ("P1 is printed as initial only", "platelets 210 × 10⁹/L (day 1) is printed with its initial value only"),
    ("ELISA without a number may be higher", "the highest may be PF4/heparin ELISA “negative”"),
    ("no thrombosis (SEPSIS)", "no thrombosis (no place given)"),
    ("may have been drawn under argatroban too: A1, A2",
     "may have been drawn under argatroban too: aPTT 31 s (day 2, 20:00) and aPTT 66 s (day 5)"),
    ("between 0 and no upper limit: on either side of 35 000; the amount of B2 is not printed",
     "nothing that is printed bounds it; the amount of unfractionated heparin 12 000 U (day 2, 10:00) is not printed"),
    ("nadir between 40 and any; fall between none and 57.1 %", "nadir at least 40; fall of at most 57.1 %"),
    ("onset between day -7 and day 13", "onset between day −7 and day 13"),
    ("timing 0 to 2 (a; b); thrombosis 0 to 2", "timing 0 to 2 (a; b); thrombosis 0 to 2"),
    ("nothing is said of the skin", "nothing is said of the skin"),
    ("SEPSIS between day 17 and day 23 of heparin; whether new or a progression is not stated: SEPSIS",
     "sepsis between day 17 and day 23 of heparin; whether new or a progression is not stated: sepsis"),
    ("P1 and P2 on day 1 of heparin",
     "platelets 210 × 10⁹/L (day 1) and platelets 90 × 10⁹/L (day 2, 08:00) on day 1 of heparin"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "sentence"), SENTENCES)
def test_a_reason_reads_as_a_sentence(case: CaseData, written: str, sentence: str) -> None:
    assert told(case, written) == sentence


def test_a_reason_that_is_missing_is_empty(case: CaseData) -> None:
    assert reasons.plain(case, (), None) == ""
    assert reason_clauses.clauses_of("") == []


def test_brackets_are_never_cut(case: CaseData) -> None:
    assert told(case, "a 0 to 2 (x; y; z); b; c; d", 2) == "a 0 to 2 (x; y; z); b; and 2 more"
    assert told(case, "a; b; c", 2) == "a; b; c"  # one more is told: naming it is as short as counting it


def test_an_id_that_is_a_word_stays_a_word_where_it_is_one(case: CaseData) -> None:
    wordy = renamed(case, "labs", {"A1": "PT"})
    assert told(wordy, "no PT in seconds; the INR stands in for the PT") == (
        "no PT in seconds; the INR stands in for the PT"
    )
    assert told(wordy, "worst: PT") == "worst: aPTT 31 s (day 2, 20:00)"


def test_a_total_without_an_amount_is_not_said_to_be_printed(case: CaseData) -> None:
    reason = "of B1 only the total is printed, not the rate"
    assert "only the total is printed" in told(case, reason)
    silent = renamed(case, "doses", {"B1": "B1"}, amount_status="not_printed", amount_reported=None)
    assert told(silent, reason) == (
        "neither an amount nor a rate of unfractionated heparin (day 2, 00:00 to 03:00) is printed"
    )


def test_many_rows_are_counted(case: CaseData) -> None:
    doses = "; ".join(f"the time of {row} is not known" for row in ("B1", "B2", "I1", "G1"))
    assert told(case, doses) == "the time of 4 dosing entries is not known"
    results = "worst: P1, P2, P3, H1"
    assert told(case, results) == "worst: 4 results"


def test_the_words_lead_to_the_rows(case: CaseData, evidence: Evidence) -> None:
    html = evidence.prose((), "the amount of B2 is not printed")
    assert '<a class="v" href="#row-B2" data-rows="B2"' in html
    assert "B2" not in re.sub(r"<[^>]+>", "", html)


def of(code: str, *rows: str, number: float | None = None, term: str | None = None) -> Reason:
    return Reason(code, rows, number, term)


def in_words(case: CaseData, *found: Reason, most: int | None = None) -> str:
    return reasons.plain(case, found, None, most).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("code", sorted(vocabulary.texts()))
@pytest.mark.parametrize("rows", [["P1"], ["P1", "P2"], ["B1"], ["B1", "B2", "I1", "G1"], ["SEPSIS"]])
def test_every_code_reads_as_a_clause(case: CaseData, code: str, rows: list[str]) -> None:
    said = in_words(case, of(code, *rows, number=12.5, term="aptt"))
    assert not set(re.findall(r"\w+", said)) & {*rows, "aptt"}, said
    assert not re.search(r"[{}<>]|  | [,;.)]|[.;:,]$|^$", said), said


def test_codes_are_told_with_their_rows_numbers_and_terms(case: CaseData) -> None:
    """A term in words, a row as what it says, a number as a reader writes it; html of a term is escaped."""
    assert in_words(case, of("not_in_record", term="anti_xa_ufh")) == "no anti-Xa (heparin) in the record"
    assert in_words(case, of("lowest_of_several", "P1")) == (
        "platelets 210 × 10⁹/L (day 1) is printed as the lowest of several"
    )
    assert in_words(case, of("lowest_of_several", "P1", "P2")) == (
        "platelets 210 × 10⁹/L (day 1) and platelets 90 × 10⁹/L (day 2, 08:00) are printed as the lowest of several"
    )
    assert reasons.plain(case, [of("not_in_record", term="a<b")], None) == "no a&lt;b in the record"


def test_rows_in_brackets_say_when_or_where_and_others_what(case: CaseData) -> None:
    assert in_words(case, of("named_cause", "SEPSIS", term="sepsis")) == "named: sepsis (no place given)"
    assert in_words(case, of("drug_may_prolong", "G1")) == "a drug may prolong it: argatroban 6 mg/h (day 4)"


def test_codes_stand_before_words_and_are_counted_beyond_the_most(case: CaseData) -> None:
    found = [of("not_in_record", term="x"), of("no_reference_range"), of("none_after_concentrate")]
    assert reasons.plain(case, found[:1], "never shown") == "no x in the record"
    assert in_words(case, *found, most=1).endswith("; and 2 more")
    whole = "no x in the record; no antithrombin after the concentrate; no reference range printed"
    ordered = sorted(found, key=lambda reason: vocabulary.SEVERITIES.index(reason.severity))
    assert in_words(case, *ordered, most=2) == in_words(case, *ordered) == whole
    assert in_words(case) == ""


def test_reasons_that_differ_by_their_term_are_one(case: CaseData) -> None:
    found = [of("not_in_record", term=term) for term in ("aptt", "act", "z")]
    assert in_words(case, *found[:2]) == "no aPTT and ACT in the record"
    assert in_words(case, *found, of("no_reference_range"), most=1) == (
        "no aPTT, ACT and z in the record; no reference range printed"
    )


def test_reasons_of_the_same_rows_stand_together_and_name_them_once(case: CaseData) -> None:
    named = "platelets 210 × 10⁹/L (day 1)"
    found = [of("lowest_of_several", "P1"), of("implausible", "P2"), of("implausible", "P1")]
    said = in_words(case, *found)
    assert said.startswith(
        f"{named} is printed as the lowest of several; it is outside the plausible range; platelets 90"
    )
    days = [of("from_heparin_day", "SEPSIS", number=17), of("to_heparin_day", "SEPSIS", number=23)]
    assert in_words(case, *days) == "sepsis on day 17 of heparin at the earliest; on day 23 of heparin at the latest"
    unnamed = [of("no_thrombosis", "SEPSIS"), of("before_heparin", "SEPSIS")]
    assert in_words(case, *unnamed) == "no thrombosis; sepsis before heparin"


def test_reasons_of_a_part_stand_under_its_name(case: CaseData) -> None:
    found = [replace(of("not_in_record", term="x"), part="fibrin_marker, since heparin"), of("not_in_record", term="y"),
             replace(of("not_in_record", term="z"), part="fibrin_marker, since heparin")]  # fmt: skip
    name = "D-dimer or fibrin degradation products, since heparin"
    assert in_words(case, *found) == f"no y in the record. {name}: no x and z in the record"
    assert in_words(case, *found, of("no_reference_range"), most=1) == f"{name}: no x and z in the record; and 2 more"


def test_alike_reasons_of_many_rows_are_one(case: CaseData) -> None:
    cell = [{"code": "highest_of_several", "rows": [row], "number": None, "term": None} for row in ("P1", "P2", "P3")]
    cell.append({"code": "highest_of_several", "rows": ["H1"], "number": None, "term": None})
    assert in_words(case, *vocabulary.read(cell)) == "4 results are printed as the highest of several"
    of_one = [part for part in cell if part["rows"] != ["H1"]]
    assert in_words(case, *vocabulary.read(of_one)).startswith("platelets 210 × 10⁹/L (day 1), platelets 90")


def test_the_rows_of_a_code_are_links(case: CaseData, evidence: Evidence) -> None:
    html = evidence.prose([of("highest_of_several", "P1", "P2")], None)
    assert '<a class="v" href="#row-P1" data-rows="P1"' in html
    assert '<a class="v" href="#row-P2" data-rows="P2"' in html
    assert not {"P1", "P2"} & set(re.sub(r"<[^>]+>", "", html).split())


def test_reasons_of_a_summary_have_code_rows_and_sentence(case: CaseData) -> None:
    assert reasons.as_data(case, [of("highest_of_several", "P1"), of("not_in_record", term="aptt")]) == [
        {"code": "highest_of_several", "rows": ["P1"], "number": None, "term": None, "part": None,
         "text": reasons.plain(case, [of("highest_of_several", "P1")], None)},
        {"code": "not_in_record", "rows": [], "number": None, "term": "aptt", "part": None,
         "text": "no aPTT in the record"},
    ]  # fmt: skip


def test_what_cannot_be_tested_is_told_from_its_codes(case: CaseData, evidence: Evidence) -> None:
    cell = [{"code": "typed_from_statement", "rows": ["P1"], "number": None, "term": None, "part": None}]
    row = {
        "verdict": "nothing to test against",
        "explanation": "Nothing to test against: P1 was typed",
        "reasons": cell,
    }
    html = audit_view.explained(evidence, row)
    said = re.sub(r"<[^>]+>", "", html).replace("\u00a0", " ")
    assert said == "Nothing to test against: platelets 210 × 10⁹/L (day 1) was typed from this statement."
    assert 'href="#row-P1"' in html
    assert audit_view.explained(evidence, row | {"reasons": []}).startswith("Nothing to test against: ")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> ProjectFolder:
    """Every published case, measured."""
    root = tmp_path_factory.mktemp("published")
    (root / "data/raw").mkdir(parents=True)
    (root / "data/raw/case_reports").symlink_to(ROOT / "data/raw/case_reports")
    (root / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    project = ProjectFolder(root)
    corpus, params = project.corpus(), load(project.params)
    extract(corpus, params)
    compute_metrics(corpus, params)
    audit(corpus, params)
    return project


def test_no_sentence_about_a_published_case_carries_a_row_id(published: ProjectFolder) -> None:
    left, seen = [], 0
    for case_id in case_ids(published.corpus()):
        case = read_case(published.corpus(), case_id)
        ids = {row for row in case.row_of if not row.isalpha()}
        said = [(m.reasons, m.reason) for m in case.metrics.values()]
        said += [(vocabulary.read(row["reasons"]), row["reason"])
                 for table in ("score_items", "score_sensitivity") for row in case.rows(table)]  # fmt: skip
        said += [(vocabulary.read(row["reasons"]), row["explanation"]) for row in case.rows("audit")]
        for coded, reason in said:
            seen += bool(reason)
            words = set(re.findall(r"[A-Za-z][\w.-]*\w", reasons.plain(case, coded, reason)))
            left += [(case_id, reason, words & ids)] if words & ids else []
    assert seen > 1000
    assert left == []
