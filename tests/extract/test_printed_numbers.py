"""Numbers and units that are legal and may still be misread: points between thousands, D-dimer in FEU, names alike."""

import pytest
from casetrace.vocabulary import load

from tests.case_builder import read, sheet

QUIET = {"targets.csv": None, "claims.csv": None}
DOSE = "id,drug,kind,route,purpose,amount,unit,start,end\nB1,heparin,bolus,iv,therapeutic,{},{},D2,\n"


def warnings(tmp_path, files):
    _, problems = read(tmp_path, QUIET | files)
    assert [str(p) for p in problems if p.severity == "error"] == []
    return [str(p).partition("/")[2] for p in problems if "between thousands" in p.what]


@pytest.mark.parametrize(
    ("value", "unit", "meant"),
    [
        ("64.000", "/uL", "64000"), ("64.000", "cells/uL", "64000"), ("64.000", "/mm3", "64000"), ("64.0", "/uL", None),
        ("64000", "/uL", None), ("<64.000", "/uL", "64000"),
        # A count per litre is printed with three decimals where the laboratory counts to the cell.
        ("10.260", "10*9/L", None),
    ],
)  # fmt: skip
def test_a_count_with_a_point_before_three_digits(tmp_path, value, unit, meant):
    said = warnings(
        tmp_path, {"labs.csv": f"when,analyte,value,unit\nD1,platelets,{value},{unit}\n", "doses.csv": None}
    )
    expected = f"labs.csv, row 2, column value: '{value}' {unit} may be printed with a point between thousands"
    assert [line.split(" (")[0] for line in said] == ([expected] if meant else [])
    assert not meant or f"{meant} if so" in said[0]


@pytest.mark.parametrize(
    ("amount", "unit", "is_told"),
    [
        ("5.000", "U", True),
        ("25.000", "IU", True),
        ("5.000", "units", True),
        ("1.250", "mg", False),
        ("5000", "U", False),
    ],
)
def test_a_dose_with_a_point_before_three_digits(tmp_path, amount, unit, is_told):
    drug = "argatroban" if unit == "mg" else "heparin"
    doses = DOSE.format(amount, unit).replace("heparin", drug)
    assert bool(warnings(tmp_path, {"doses.csv": doses, "labs.csv": None})) is is_told


def test_a_rate_and_a_claim_too(tmp_path):
    doses = "id,drug,kind,amount,unit,start,end\nI1,heparin,infusion,1.000,U/h,D2,D3\n"
    claims = "id,claim,compute,of,value,unit\nC1,x,dose_total,heparin,56.000,U\n"
    said = warnings(tmp_path, {"doses.csv": doses, "labs.csv": None, "claims.csv": claims})
    assert [line.split(",")[0] for line in said] == ["claims.csv", "doses.csv"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ng/mL FEU", "ng/mL{FEU}"),
        ("mg/L FEU", "mg/L{FEU}"),
        ("ug/mL FEU", "ug/mL{FEU}"),
        ("µg/mL (FEU)", "ug/mL{FEU}"),
    ],
)
def test_feu_is_kept(tmp_path, typed, meant):
    labs = f"when,analyte,value,unit\nD1,D-dimer FEU,2,{typed}\n"
    found, _ = read(tmp_path, QUIET | {"labs.csv": labs, "doses.csv": None})
    assert found["labs"]["unit"].to_list() == ["ug/L{FEU}"]
    assert meant in (found["labs"]["conversion"][0] or "")


@pytest.mark.parametrize("typed", ["ng/mL FEU", "mg/L FEU", "ug/mL FEU"])
def test_feu_under_the_other_name_leads_to_the_analyte(tmp_path, typed):
    _, problems = read(
        tmp_path, QUIET | {"labs.csv": f"when,analyte,value,unit\nD1,D-dimer,2,{typed}\n", "doses.csv": None}
    )
    assert [p.allowed for p in problems if p.severity == "error"] == ["did you mean the analyte 'd_dimer_feu'?"]


@pytest.mark.parametrize("typed", ["ng/mLFEU", "ng/dL FEU", "ng/mL DDU", "mg/L-FEU"])
def test_no_suggestion_of_a_unit_adds_or_drops_feu(typed):
    near = load().units.near(typed)
    assert near is None or ("FEU" in near) == ("FEU" in typed)


@pytest.mark.parametrize(
    ("typed", "never"),
    [("lactate", "ldh"), ("creatine", "creatine_kinase"), ("heparin antibody index", "hipa_index")],
)
def test_a_part_of_a_name_is_another_thing(typed, never):
    analytes = load().analytes
    assert analytes.find(typed) is None or analytes.find(typed).name != never
    assert never not in analytes.alike(typed)
    assert analytes.near(typed) != never


def test_scores_are_one_under_every_name(tmp_path):
    scores = "score,item,points\n4Ts,timing,1\n4T score,Other causes,1\n4ts,total,5\nHEP score,bypass 96h,-2\n"
    found, problems = read(tmp_path, QUIET | {"scores.csv": scores})
    assert [str(p) for p in problems] == []
    assert found["reported_scores"].select("score", "item").rows() == [
        ("4ts", "timing"), ("4ts", "other_causes"), ("4ts", "total"), ("hep", "bypass_96h"),
    ]  # fmt: skip


def test_a_score_of_its_own_is_kept_with_a_warning(tmp_path):
    found, problems = read(tmp_path, QUIET | {"scores.csv": "score,item,points\nSOFA,total,9\n"})
    assert found["reported_scores"]["score"].to_list() == ["sofa"]
    assert [p.what for p in problems] == ["'SOFA' is not a score of the vocabulary and stays as typed"]


def test_references_of_claims_are_resolved(tmp_path):
    claims = sheet("""
    id | claim | compute    | of                | from     | to      | per   | value | unit | gave  | complete
    A  | a     | dose_total | B1, I1            |          |         |       | 1     | U    | I1    |
    B  | b     | max        | PLT               | @B1      | D4      |       | 1     |      |       | yes
    C  | c     | change     | platelets         | @P1      | P1      | B1 I1 | 1     |      |       |
    D  | d     | count      | UFH bolus         | POD1     | @ARG.end |      | 1     |      |       |
    E  | e     | score_item | 4Ts other causes  |          |         |       | 1     |      |       |
    F  | f     | level      | body weight       |          |         |       | 80    | kg   |       |
    G  | g     | other      | iv_ufh_day_total.D2 |        |         |       | 1     |      |       |
    H  | h     | ratio      |                   | aptt     | P1      |       | 1     |      |       |
    """)
    found, problems = read(tmp_path, {"claims.csv": claims})
    assert [str(p) for p in problems if p.severity == "error"] == []
    rows = {r["row_id"]: r for r in found["claims"].iter_rows(named=True)}
    assert (rows["A"]["of_kind"], rows["A"]["of_rows"], rows["A"]["gave_rows"]) == ("rows", ["B1", "I1"], ["I1"])
    assert (rows["B"]["of_kind"], rows["B"]["of_name"], rows["B"]["complete"]) == ("analyte", "platelets", True)
    assert (rows["B"]["since_row"], rows["B"]["since_earliest_min"]) == ("B1", 2 * 1440 + 480)
    assert (rows["B"]["until_row"], rows["B"]["until_earliest_min"], rows["B"]["until_latest_min"]) == (
        None,
        7199,
        7199,
    )
    assert (rows["C"]["since_row"], rows["C"]["until_row"], rows["C"]["per_rows"]) == ("P1", "P1", ["B1", "I1"])
    assert (rows["D"]["of_name"], rows["D"]["of_part"]) == ("unfractionated heparin", "bolus")
    assert (rows["D"]["since_earliest_min"], rows["D"]["since_latest_min"]) == (2880, 2880)
    assert rows["D"]["until_row"] == "ARG.end"
    assert (rows["E"]["of_name"], rows["E"]["of_part"]) == ("4ts", "other_causes")
    assert (rows["F"]["of_kind"], rows["F"]["of_name"]) == ("patient_item", "body_weight")
    assert (rows["G"]["of_name"], rows["G"]["of_part"]) == ("iv_ufh_day_total", "D2")
    assert rows["H"]["since_row"] == "A1"
    assert {row["by"] for row in rows.values()} == {"authors"}


def test_checks_are_the_curators(tmp_path):
    checks = "id,claim,compute,of,value,unit\nK1,worked out,level,P1,150,10*9/L\n"
    found, problems = read(tmp_path, {"checks.csv": checks})
    assert [str(p) for p in problems if p.severity == "error"] == []
    assert found["claims"].select("row_id", "by", "raw_file").rows() == [
        ("K1", "curator", "checks.csv"), ("C1", "authors", "claims.csv"),
    ]  # fmt: skip
