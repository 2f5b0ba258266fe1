"""Each kind of claim on a small case: what the printed numbers give, and what those that are not printed leave open."""

import pytest
from casetrace.audit import audit_tables
from casetrace.metrics.run import run_metrics
from casetrace.schemas.claim_tests import CLAIM_TESTS

from tests.audit.claim_case import folder, plain
from tests.case_builder import params, sheet

R, P, S, C = "reproduced", "possible", "not shown by the printed numbers", "contradicted by the printed numbers"
TWO, OPEN, NOTHING = "two places differ", "not computable", "nothing to test against"

SHEETS = {
    "labs.csv": sheet("""
        id | when     | analyte    | value  | unit   | stat
        P1 | D1       | platelets  | 200    | 10*9/L |
        P2 | D4T08:00 | platelets  | 50     | 10*9/L |
        P3 | D6       | platelets  | 60..80 | 10*9/L |
        A1 | D2T08:00 | aptt       | >150   | s      |
        A2 | D2T12:00 | aptt       | 40     | s      |
        A3 | D3       | aptt       | 60     | s      |
        F1 | D3       | ferritin   | 300    | ug/L   |
        H1 | D2       | hemoglobin | 90     | g/L    | min
        H2 | D3       | hemoglobin | 110    | g/L    | mean
        H3 | D4       | hemoglobin | 100..120 | g/L  | range
        X1 | D5       | crp        |        | mg/L   |
        X2 | D6       | crp        | 30     | mg/L   |
        """),
    "doses.csv": sheet("""
        id | drug                   | kind     | route | purpose     | amount | unit | start    | end
        B1 | unfractionated heparin | bolus    | iv    | therapeutic | 5000   | U    | D1T08:00 |
        B2 | unfractionated heparin | bolus    | iv    | therapeutic | 3000   | U    | D2       |
        I1 | unfractionated heparin | infusion | iv    | therapeutic | 1600   | U/h  | D1T08:00 | D1T20:00
        T1 | argatroban             | total    | iv    | therapeutic | 240    | mg   | D5T00:00 | +24h
        """),
    "events.csv": sheet("""
        id  | event      | when
        ADM | admission  | D0
        OPE | ecmo_start | D1T06:00
        END | ecmo_end   | @OPE+96h
        OP  | surgery    | D2
        """),
    "patient.csv": "item,value,unit,id\nbody_weight,80,kg,WT\nbody_height,200,cm,HT\nage,41,a,AGE\n",
    "scores.csv": "id,score,item,points,label\nS1,4Ts,thrombocytopenia,2,\nS2,4Ts,total,3,low\n",
}  # fmt: skip


VERDICTS = [
        ("level | of=P2 | value=50", R, 50, 50),
        ("level | of=P2 | value=51", C, 50, 50),
        ("level | of=P3 | value=70", P, 60, 80),
        ("level | of=platelets | value=50", OPEN, None, None),
        ("level | of=ferritin | value=300", R, 300, 300),
        # The result that is meant may be another one, which is not printed.
        ("level | of=ferritin | value=400", S, 300, 300),
        ("level | of=age | value=41 | unit=a", R, 41, 41),
        ("level | of=B1 | value=5000 | unit=U", R, 5000, 5000),
        ("min | of=platelets | value=50", R, 50, 50),
        ("min | of=platelets | value=40", S, 50, 50),
        ("min | of=platelets | value=55", C, 50, 50),
        ("min | of=platelets | value=40 | complete=yes", C, 50, 50),
        ("min | of=platelets | from=@P3 | value=70", P, 60, 80),
        ("max | of=aptt | value=60", C, 150, None),
        ("max | of=aptt | value=200", P, 150, None),
        ("max | of=aptt | from=@A2 | value=60", R, 60, 60),
        ("max | of=aptt | from=@A2 | value=80", S, 60, 60),
        ("max | of=aptt | from=@A2 | value=80 | complete=yes", C, 60, 60),
        ("max | of=aptt | from=D3 | value=60", R, 60, 60),
        ("max | of=aptt | from=D3 | to=D3 | value=60", R, 60, 60),
        ("max | of=platelets | to=D4T07:00 | value=200", R, 200, 200),
        # A printed mean or extreme bounds what it was taken of.
        ("min | of=hemoglobin | value=90", R, 90, 90),
        ("min | of=hemoglobin | value=95", C, 90, 90),
        ("max | of=hemoglobin | value=120", R, 120, 120),
        ("max | of=hemoglobin | value=105", C, 120, 120),
        ("mean | of=hemoglobin | value=110", R, 110, 110),
        ("mean | of=aptt | from=@A2 | value=50", R, 50, 50),
        ("mean | of=aptt | from=@A2 | value=64", S, 50, 50),
        ("mean | of=aptt | from=@A2 | value=64 | complete=yes", C, 50, 50),
        ("mean | of=aptt | value=100", P, 250 / 3, None),
        ("count | of=platelets | value=3", R, 3, 3),
        ("count | of=platelets | value=12", S, 3, 3),
        ("count | of=platelets | value=2", C, 3, 3),
        ("count | of=platelets | value=12 | complete=yes", C, 3, 3),
        ("count | of=crp | value=2", R, 2, 2),
        ("count | of=heparin bolus | value=2", R, 2, 2),
        ("count | of=heparin bolus | value=4", S, 2, 2),
        ("count | of=heparin bolus | value=1", C, 2, 2),
        ("count | of=heparin bolus | from=D2T12:00 | value=1", P, 0, 1),
        ("count | of=heparin bolus | from=@B1 | to=@B1+2d | value=2", R, 2, 2),
        ("change | of=platelets | from=P1 | to=P2 | value=-150", R, -150, -150),
        ("change | from=P1 | to=P2 | value=-140", C, -150, -150),
        ("change | from=P1 | to=P2 | per=B1 B2 | value=-0.019", R, -150 / 8000, -150 / 8000),
        ("change | from=P1 | to=P3 | per=B1 | value=-0.025", P, -140 / 5000, -120 / 5000),
        ("fall_pct | from=P1 | to=P3 | value=65 | unit=%", P, 60, 70),
        ("fall_pct | from=P1 | to=P2 | value=75 | unit=%", R, 75, 75),
        ("rise_pct | from=P2 | to=P3 | value=40 | unit=%", P, 20, 60),
        ("ratio | from=A2 | to=A3 | value=1.5", R, 1.5, 1.5),
        ("ratio | from=A2 | to=A1 | value=4", P, 3.75, None),
        ("dose_total | of=heparin | value=27200 | unit=U", R, 27200, 27200),
        ("dose_total | of=heparin | value=40000 | unit=U", S, 27200, 27200),
        ("dose_total | of=heparin | value=20000 | unit=U", C, 27200, 27200),
        ("dose_total | of=heparin | value=40000 | unit=U | complete=yes", C, 27200, 27200),
        ("dose_total | of=heparin | window=24h | value=27200 | unit=U", P, 24200, 27200),
        ("dose_total | of=heparin | window=24h | value=40000 | unit=U", S, 24200, 27200),
        ("dose_total | of=heparin | to=D1 | value=24200 | unit=U", R, 24200, 24200),
        ("dose_total | of=heparin | from=D1T14:00 | to=D1T16:00 | value=3200 | unit=U", R, 3200, 3200),
        ("dose_total | of=heparin | from=D2 | value=3000 | unit=U", R, 3000, 3000),
        ("dose_total | of=heparin | from=@B1 | to=@B1+24h | value=27200 | unit=U", P, 24200, 27200),
        ("dose_total | of=argatroban | value=240 | unit=mg", R, 240, 240),
        ("dose_total | of=argatroban | window=12h | value=9", OPEN, None, None),
        # Doses that are named are the sum that is stated; others do not matter.
        ("dose_total | of=B1 B2 | value=8000 | unit=U", R, 8000, 8000),
        ("dose_total | of=B1 B2 | value=9000 | unit=U", C, 8000, 8000),
        ("dose_rate | of=T1 | value=10 | unit=mg/h", R, 10, 10),
        ("dose_rate | of=I1 | value=1700 | unit=U/h", C, 1600, 1600),
        ("dose_rate | of=heparin | unit=U/kg/h | value=20", R, 20, 20),
        ("dose_rate | of=heparin | unit=U/kg/h | value=25", S, 20, 20),
        ("dose_rate | of=heparin | unit=U/kg/h | value=18", C, 20, 20),
        ("duration | from=OPE | to=P2 | value=74 | unit=h", R, 74, 74),
        ("duration | from=OPE | to=P2 | value=70 | unit=h", C, 74, 74),
        ("duration | from=OPE | to=P2 | value=3 | unit=d", R, 3, 3),
        ("duration | from=OPE | to=END | value=4 | unit=d", NOTHING, None, None),
        # A start that is not printed to the hour: within a day is possible, a day later by the count of days.
        ("duration | from=P1 | to=OP | comparator=<= | value=1 | unit=d", P, 1 / 1440, 2 - 1 / 1440),
        ("duration | from=P1 | to=OP | value=1 | unit=d", R, 1, 1),
        ("duration | from=P1 | to=OP | comparator=< | value=24 | unit=h", P, 1 / 60, 48 - 1 / 60),
        ("duration | from=P1 | to=P2 | comparator=<= | value=1 | unit=d", C, 2 + 481 / 1440, 3 + 480 / 1440),
        ("bmi | value=20 | unit=kg/m2", R, 20, 20),
        ("bmi | value=21 | unit=kg/m2", C, 20, 20),
        ("agrees | of=P1 P1 P2", P, 50, 200),
        ("agrees | of=P2 A2", OPEN, None, None),
        ("score_sum | of=4Ts | value=3", OPEN, None, None),
        ("score_band | of=4Ts low | value=0..3", R, 0, 3),
        ("score_band | of=4ts low | value=1..3", TWO, 0, 3),
        ("score_band | of=4ts low | value=0..8", TWO, 0, 3),
        ("other | of=platelets_nadir | value=50", R, 50, 50),
        ("other | of=platelets_nadir | value=40", S, 50, 50),
        ("other | value=50", NOTHING, None, None),
        ("other | of=P1 P2 | value=50", NOTHING, None, None),
]  # fmt: skip
SAID = [
        ("count | of=aptt | from=D3 | value=12", "One of the 12 aPTTs is printed: 60 s."),
        ("count | of=platelets | value=20", "Three of the 20 platelet counts are printed"),
        ("count | of=heparin bolus | value=5", "Two of the 5 boluses of unfractionated heparin are printed."),
        ("mean | of=aptt | from=@A2 | value=64", "Two aPTTs are printed: 40 and 60 s."),
        ("max | of=ferritin | value=900", "One result of ferritin is printed: 300"),
        ("level | of=P2 | value=50000 | unit=/uL", "The printed numbers give 50 000 /uL."),
        ("level | of=P2 | value=50 | unit=g/L", "g/L cannot be compared with 10*9/L"),
        ("level | of=platelets | value=1", "3 results of platelets: name one row"),
        ("level | of=P2 | value=normal", "a word is stated, and no number"),
        ("max | of=aptt | to=P1 | value=3", "no result of aptt surely in the span"),
        ("dose_total | of=heparin | value=40000 | unit=U | complete=yes", "The source gives what it prints as complete."),
        ("dose_total | of=B1 B2 | value=12000 | unit=U", "12 000 U may be rounded: it is tested to the nearest 1000 U."),
        ("agrees | of=P1 P2", "Two platelet counts are printed: 200 and 50 × 10⁹/L. Both can be true."),
]  # fmt: skip


CONSEQUENCES = [
        # Across a limit of a criterion or of a score.
        ("min | of=platelets | value=52", "within rounding or assay variation"),
        ("min | of=platelets | value=80", "changes no criterion"),
        ("fall_pct | from=P1 | to=P2 | value=45 | unit=%", "turns a criterion or a score"),
        ("fall_pct | from=P1 | to=P2 | value=60 | unit=%", "changes no criterion"),
        ("dose_rate | of=heparin | unit=U/kg/h | value=18", "turns a criterion or a score"),
        ("dose_rate | of=heparin | unit=U/h | value=1500", "changes no criterion"),
        # Cut off instead of rounded.
        ("ratio | from=A3 | to=A2 | value=0.66", "within rounding or assay variation"),
        ("ratio | from=A3 | to=A2 | value=0.64", "changes no criterion"),
        # Within what two laboratories find in one sample: 15 % of an aPTT, 25 % of a platelet count.
        ("level | of=A3 | comparator=<= | value=52", "within rounding or assay variation"),
        ("level | of=A3 | comparator=<= | value=50", "changes no criterion"),
        ("change | from=P1 | to=P2 | value=-120", "within rounding or assay variation"),
        ("change | from=P1 | to=P2 | value=-90", "changes no criterion"),
        ("level | of=F1 | value=301", "changes no criterion"),
        ("level | of=P2 | value=50", None),
        ("max | of=aptt | from=@A2 | value=80", None),
]  # fmt: skip


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    """Every line above as one claim of one case, and its row of the audit."""
    lines = list(dict.fromkeys(line for line, *_ in [*VERDICTS, *SAID, *CONSEQUENCES]))
    found = folder(tmp_path_factory.mktemp("claims"), SHEETS, *lines)
    rows = audit_tables(found, run_metrics(found, params().for_sql()), params())
    return dict(zip(lines, rows.to_dicts(), strict=True))


@pytest.mark.parametrize(("claim", "word", "low", "high"), VERDICTS)
def test_a_claim(audited, claim, word, low, high):
    row = audited[claim]
    assert row["verdict"] == word, row["explanation"]
    assert row["low"] == (None if low is None else pytest.approx(low))
    assert row["high"] == (None if high is None else pytest.approx(high))


@pytest.mark.parametrize(("claim", "said"), SAID)
def test_what_is_said(audited, claim, said):
    assert said in plain(audited[claim]["explanation"])


def test_nobody_is_said_to_be_wrong(audited):
    said = " ".join(row["explanation"] for row in audited.values())
    assert "missing from what is printed" not in said
    assert "wrong" not in said


@pytest.mark.parametrize(("claim", "consequence"), CONSEQUENCES)
def test_what_a_contradiction_changes(audited, claim, consequence):
    row = audited[claim]
    assert row["consequence"] == consequence, row


def test_every_test_stands_above(audited):
    assert {line.split(" | ")[0] for line in audited} == set(CLAIM_TESTS) - {"score_item", "score_total"}
