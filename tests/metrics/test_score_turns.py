"""What an undecided item could turn: bands now, with its fewest points and with its most."""

from itertools import product

import polars as pl

from tests.spec import case, measured, together

SEPSIS = """
    id     | finding | status  | when
    SEPSIS | sepsis  | present | D0
    """


def turns(tables, score, reading="data"):
    rows = measured(tables, "score_sensitivity")["score_sensitivity"]
    rows = rows.filter((pl.col("score") == score) & (pl.col("reading") == reading))
    return {row["item"]: row for row in rows.to_dicts()}


def labs(**results: str) -> str:
    return "\n".join(["id | analyte | value | when", *(f"L{n} | {n} | {v} | D5" for n, v in results.items())])


def test_one_missing_item_that_decides_the_band() -> None:
    found = turns(case(findings=SEPSIS, labs=labs(platelets="13", inr="1.1", fibrinogen="2.24")), "isth_dic_2001")
    assert list(found) == ["fibrin_marker"]
    row = found["fibrin_marker"]
    assert (row["low"], row["high"], row["total_low"], row["total_high"]) == (0, 3, 2, 5)
    assert row["now"] == "below 5; or 5 or more, compatible with overt DIC"
    assert (row["with_fewest"], row["with_most"]) == ("below 5", "5 or more, compatible with overt DIC")
    assert row["effect"] == "decides it"
    assert row["reason"] == "no D-dimer or fibrin degradation products within 24 h of the count"


def test_of_two_missing_items_the_larger_decides() -> None:
    found = turns(
        case(findings=SEPSIS, labs=labs(platelets="13", fibrinogen="2.24")), "isth_dic_2001", "data:without_inr"
    )
    assert set(found) == {"fibrin_marker", "pt"}
    assert found["fibrin_marker"]["with_fewest"] == "below 5"
    assert found["fibrin_marker"]["effect"] == "decides it"
    assert found["pt"]["with_fewest"] == found["pt"]["with_most"] == found["pt"]["now"]
    assert found["pt"]["effect"] == "can turn it only together with others"


def test_sic_needs_more_than_two_points_without_sofa() -> None:
    found = turns(case(findings=SEPSIS, labs=labs(platelets="13", inr="1.1")), "sic")
    assert (found["sofa"]["now"], found["sofa"]["effect"]) == ("criteria not met", "cannot turn it")
    found = turns(case(findings=SEPSIS, labs=labs(platelets="120", inr="1.5")), "sic")
    assert (found["sofa"]["with_fewest"], found["sofa"]["with_most"]) == ("criteria not met", "criteria met")


def test_a_score_that_does_not_apply_has_no_rows() -> None:
    found = measured(case(labs=labs(platelets="13")), "score_sensitivity")["score_sensitivity"]
    assert set(found["score"]) <= {"4ts"}
    assert found.filter(pl.col("score").is_in(["sic", "isth_dic_2001", "hep"])).height == 0


CHOICES = {
    "platelets": ["13", "70", "200"],
    "inr": [None, "1.1", "1.3", "2"],
    "fibrinogen": [None, "0.5", "3"],
}


def test_bands_are_those_of_every_completion() -> None:
    cases = {}
    for number, chosen in enumerate(product(*CHOICES.values())):
        given_labs = {n: v for n, v in zip(CHOICES, chosen, strict=True) if v is not None}
        cases[f"c{number}"] = case(f"c{number}", findings=SEPSIS, labs=labs(**given_labs) if given_labs else "")
    results = measured(together(*cases.values()), "score_sensitivity", "coagulopathy_items")
    is_asked = (pl.col("score") == "isth_dic_2001") & (pl.col("reading") == "data")
    for case_id in cases:
        mine = is_asked & (pl.col("case_id") == case_id)
        items = results["score_items"].filter(mine).to_dicts()
        spans = {r["item"]: range(int(r["low"]), int(r["high"]) + 1) for r in items}
        for row in results["score_sensitivity"].filter(mine).to_dicts():
            points_of = {
                "now": spans[row["item"]],
                "with_fewest": spans[row["item"]][:1],
                "with_most": spans[row["item"]][-1:],
            }
            for column, points in points_of.items():
                sums = {sum(t) for t in product(*({**spans, row["item"]: points}[i] for i in spans))}
                expected = {"below 5" for s in sums if s < 5} | {
                    "5 or more, compatible with overt DIC" for s in sums if s >= 5
                }
                assert set(row[column].split("; or ")) == expected, (row, items)
    assert results["score_sensitivity"].filter(is_asked)["case_id"].n_unique() > 30
