"""Reasons are codes with rows and numbers; each code has its sentence, and only readers are given it."""

import re

import pytest
from casetrace.core.paths import METRIC_SQL
from casetrace.schemas.canonical import STATS
from casetrace.vocabulary import reasons
from casetrace.vocabulary.reasons import Reason


def cell(
    code: str, rows: tuple[str, ...] = (), number: float | None = None, term: str | None = None
) -> dict[str, object]:
    return {"code": code, "rows": list(rows), "number": number, "term": term}


def test_every_code_that_a_metric_gives_has_a_sentence() -> None:
    # A code may be put together from parts ('none_' || side || '_concentrate'); the laws run those.
    written = {
        code
        for path in METRIC_SQL.rglob("*.sql")
        for code in re.findall(r"\breason\('([a-z0-9_]+)'\s*[,)]", path.read_text())
    }
    assert written
    assert written <= set(reasons.texts())


def test_the_codes_that_are_put_together_have_sentences() -> None:
    of_analytes = (
        "no_{}_surely_under",
        "no_single_{}",
        "no_mean_{}",
        "no_{}_in_target",
        "no_{}_surely_in_target",
        "highest_{}",
    )
    built = {code.format(analyte) for code in of_analytes for analyte in ("aptt", "anti_xa_ufh", "act")}
    built |= {f"printed_only_{stat}" for stat in STATS}
    assert built <= set(reasons.texts())


def test_alike_reasons_are_one_over_all_their_rows_and_the_gravest_stands_first() -> None:
    found = reasons.read(
        [cell("may_be_lower", ("P2",)), cell("not_in_record", term="aPTT"), cell("may_be_lower", ("P1", "P2"))]
    )
    assert found == (Reason("not_in_record", term="aPTT"), Reason("may_be_lower", ("P2", "P1")))
    assert reasons.as_text(found) == "no aPTT in the record; the lowest may be P2, P1"


def test_reasons_of_a_part_stand_under_its_name() -> None:
    at = cell("may_be_lower", ("P1",))
    found = reasons.read(
        [at | {"part": "since heparin"}, at, cell("without_number", ("P2",)) | {"part": "since heparin"}]
    )
    plain = Reason("may_be_lower", ("P1",)).sentence()
    other = Reason("without_number", ("P2",)).sentence()
    assert reasons.as_text(found) == f"{plain}. since heparin: {other}; {plain}"


def test_code_asks_for_codes() -> None:
    assert reasons.has_code([cell("may_be_lower", ("P2",))], "may_be_lower", "may_be_higher")
    assert not reasons.has_code([cell("may_be_lower", ("P2",))], "not_in_record")
    assert not reasons.has_code([], "not_in_record")
    assert reasons.as_text(()) is None


def test_a_code_without_a_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        reasons.read([cell("no such code")])


def test_every_sentence_can_be_filled() -> None:
    for code, text in reasons.texts().items():
        for rows in (("ROW1",), ("ROW1", "ROW2")):
            sentence = Reason(code, rows, 3.5, "aPTT").sentence()
            assert "{" not in sentence
            assert ("ROW1" in sentence) == ("{rows}" in (text.several if len(rows) > 1 and text.several else text.one))
