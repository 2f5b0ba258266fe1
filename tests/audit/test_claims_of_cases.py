"""Claims about doses and score items, from a case folder to the verdict: regimens, totals of rows, circles, words."""

import pytest
from casetrace.audit import audit_tables
from casetrace.metrics.run import run_metrics

from tests.audit.claim_case import folder, plain
from tests.case_builder import params, sheet

DOSES = """
id  | drug                   | kind     | route | purpose      | amount | unit      | stat | every | start | end
SC  | heparin                | bolus    | sc    | prophylactic | 5000   | U         |      | 8h    | D1    | D6
ONE | heparin                | bolus    |       |              | 8000   | U         |      |       | D7    |
TOT | heparin                | total    |       |              | 8000   | U         |      |       | D7    |
RUN | heparin                | infusion |       |              | 400    | U/h       |      |       | D9    | D13
LOW | argatroban             | infusion | iv    | therapeutic  | 2      | ug/kg/min |      |       | D14   | @MAX
MAX | argatroban             | infusion | iv    | therapeutic  | 15.5   | ug/kg/min | max  |       | D18   |
DAY | enoxaparin             | bolus    | sc    |              | 30     | mg        |      | 12h   | D14   | +5d
NIL | danaparoid             | infusion | iv    |              |        |           |      |       | D20   |
"""
LABS = """
id | when     | analyte    | value    | unit   | order
P1 | D0       | platelets  | 500      | 10*9/L |
P2 | D8       | platelets  | 15       | 10*9/L |
Q1 | D9T08:00 | platelets  | 40       | 10*9/L | 1
Q2 | D9T08:00 | platelets  | 60       | 10*9/L | 2
Q3 | D9       | platelets  | 40       | 10*9/L |
F8 | D5       | factor VIII| >5.5     | IU/mL  |
S1 | D1       | RT-PCR     | negative |        |
S2 | D2       | RT-PCR     | negative |        |
S3 | D2       | RT-PCR     | positive |        | 1
S4 | D2       | SRA        | positive |        |
S5 | D2       | RT-PCR     | positive |        | 2
"""
EVENTS = (
    "id,event,when,order\nOP,surgery,D1,\nEC1,ecmo_start,D4T03:15,1\nEC2,ecmo_start,D4T03:15,2\nEC3,ecmo_start,D5,\n"
)
FINDINGS = (
    "id,finding,status,grade,when,same_as\nDIC1,DIC,absent,less likely,,\nDIC2,DIC,absent,excluded,,DIC1\n"
    "VT,venous thrombosis,present,,D3,\n"
)
SCORES = (
    "id,score,item,points,label\nS-N,4Ts,thrombocytopenia,1,nadir 10-19\nS-T,4T score,timing,2,onset on days 5-10\n"
    "S-O,4ts,other causes,0,none\nS-A,4ts,total,3,low\n"
)

CLAIMS = [
    # A regimen over the distance of two of its doses, in the unit of the claim.
    ("dose_rate | of=SC | per=d | value=15000 | unit=U/day", "reproduced", "15 000 U/day as mean rate"),
    ("dose_rate | of=RUN | per=d | value=9600 | unit=U/day", "reproduced", "9600 U/day as rate"),
    ("dose_rate | of=RUN | per=h | value=500 | unit=U/h", "contradicted by the printed numbers", "400 U/h as rate"),
    ("dose_total | of=RUN | comparator=~ | value=38400 | unit=U", "possible", "38 400 U (28 807 to 47 993 U) in all"),
    ("dose_total | of=DAY | value=300 | unit=mg", "reproduced", "300 mg in all"),
    ("dose_total | of=ONE TOT | value=16000 | unit=U", "reproduced", "16 000 U in all"),
    ("dose_total | of=ONE DAY | value=16000 | unit=U", "not computable", "units that cannot be added"),
    ("dose_total | of=NIL | value=1 | unit=U", "not computable", "the weight that it needs, is not printed"),
    # The remainder of a printed total cannot test that total.
    ("dose_total | of=ONE TOT | value=16000 | unit=U | gave=TOT", "nothing to test against", "TOT was typed from this statement"),
    ("dose_total | of=ONE TOT | value=16000 | unit=U | gave=RUN", "reproduced", "16 000 U in all"),
    # A rate printed as the highest is that number.
    ("ratio | from=LOW | to=MAX | value=7.75", "reproduced", "7.75"),
    ("ratio | from=LOW | to=MAX | value=8", "reproduced", "7.8"),
    ("ratio | from=LOW | to=MAX | value=9", "contradicted by the printed numbers", "7.8"),
    # More than 5.5 is not reached, so 'more than 5.5' holds and 'more than 5.6' is open.
    ("level | of=F8 | comparator=> | value=5.5 | unit=IU/mL", "reproduced", "more than 5.5 IU/mL"),
    ("level | of=F8 | comparator=> | value=5.6 | unit=IU/mL", "possible", "more than 5.5 IU/mL"),
    # Words agree by word and time.
    ("agrees | of=S1 S2", "two places differ", "different times"),
    ("agrees | of=S2 S3", "two places differ", "one says negative, another positive"),
    ("agrees | of=S3 S5", "reproduced", ""),
    ("agrees | of=S3 S4", "not computable", "of different things"),
    # Two counts of one day can both be true, two of one minute cannot; equal ones agree.
    ("agrees | of=P2 Q1", "possible", "Two platelet counts are printed: 15 and 40 × 10⁹/L. Both can be true."),
    ("agrees | of=Q2 Q3", "possible", "Two platelet counts are printed for day 9: 60 and 40 × 10⁹/L. Both can be true."),
    ("agrees | of=Q1 Q2", "two places differ", "different values for one time"),
    ("agrees | of=Q1 Q3", "reproduced", ""),
    # Events and findings agree by what they are, how they are graded, and their times.
    ("agrees | of=EC1 EC2", "reproduced", ""),
    ("agrees | of=EC1 EC3", "two places differ", "day 4, 03:15 and day 5"),
    ("agrees | of=EC1 OP", "two places differ", "one says ecmo start, another surgery"),
    ("agrees | of=DIC1 DIC2", "two places differ", "one says less likely, another excluded"),
    ("agrees | of=EC1 VT", "not computable", "not of one kind"),
    # A label against the published table: other points are two places; a label of 1 to 2 points allows both.
    ("score_item | of=4Ts other_causes | value=0 | unit=points", "two places differ", "has 2 points in the published table"),
    ("score_item | of=4ts thrombocytopenia | value=1 | unit=points", "reproduced", "1 point"),
    ("score_item | of=4T timing | value=2 | unit=points", "possible", "1 to 2 points"),
    ("score_item | of=4T timing | value=0 | unit=points", "two places differ", "1 to 2 points"),
    # One item is not printed, so there is no sum.
    ("score_sum | of=4ts | value=3 | unit=points", "not computable", "not all printed"),
    ("score_total | of=4T score | value=3 | unit=points", "possible", "by the data"),
    ("dose_total | of=enoxaparin | from=D14 | to=D14 | value=60 | unit=mg", "possible", "between these times"),
    ("dose_total | of=enoxaparin | from=D15 | to=D16 | value=120 | unit=mg", "possible", "between these times"),
    ("count | of=enoxaparin bolus | value=10", "reproduced", "10"),
    # Where no item is printed, the points are those by the data.
    ("score_item | of=4ts thrombosis | value=2 | unit=points", "possible", "1 to 2 points by the data"),
    ("score_item | of=4ts thrombosis | value=0 | unit=points", "not shown by the printed numbers", "1 to 2 points by"),]  # fmt: skip


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    """Every line above as one claim of one case, and its row of the audit."""
    lines = [line for line, *_ in CLAIMS]
    sheets = {"scores.csv": SCORES, "events.csv": EVENTS, "findings.csv": FINDINGS}
    sheets |= {"doses.csv": sheet(DOSES), "labs.csv": sheet(LABS)}
    found = folder(tmp_path_factory.mktemp("claims"), sheets, *lines)
    rows = audit_tables(found, run_metrics(found, params().for_sql()), params())
    return dict(zip(lines, rows.to_dicts(), strict=True))


@pytest.mark.parametrize(("claim", "verdict", "said"), CLAIMS)
def test_verdict(audited, claim, verdict, said):
    assert audited[claim]["verdict"] == verdict, audited[claim]["explanation"]
    assert said in plain(audited[claim]["explanation"])


def test_numbers_are_shown_in_the_unit_and_to_the_digits_of_the_statement(tmp_path) -> None:
    sheets = {
        "events.csv": "id,event,when,order\nOP,surgery,D1,\n",
        "labs.csv": sheet(
            "id | when | analyte | value | unit | ref_low\nAT | D1 | antithrombin activity | 0.63 | U/mL | 0.83\nP1 | D0 | platelets | 500 | 10*9/L |\nP2 | D8 | platelets | 15 | 10*9/L |"
        ),
        "doses.csv": sheet(
            "id | drug | kind | route | purpose | amount | unit | start | end\nRUN | heparin | infusion | iv | therapeutic | 400 | U/h | D9 | D13\nCON | antithrombin | bolus | iv | therapeutic | 2400 | IU | D1 |"
        ),
    }
    lines = [
        "level | of=AT | comparator=< | value=0.83 | unit=U/mL",
        "dose_rate | of=RUN | per=d | value=9600 | unit=U/day",
        "other | of=antithrombin_below_reference | value=1",
        "score_item | of=4ts thrombocytopenia | value=1 | unit=points",
    ]
    tables = folder(tmp_path, sheets, *lines)
    rows = audit_tables(tables, run_metrics(tables, params().for_sql()), params()).to_dicts()
    given = [plain(row["given"] or "") for row in rows]
    assert given[0] == "0.63 U/mL"
    assert given[1] == "9600 U/day"
    assert (rows[2]["stated"], given[2]) == ("yes", "yes")
    assert given[3].endswith("points")
