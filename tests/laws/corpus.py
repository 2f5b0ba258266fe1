"""Invented cases that between them exercise every metric and every kind of missing or uncertain input."""

from tests.spec import Tables, case, together

FULL = case(
    "full",
    weight="80",
    doses="""
    id  | drug                 | kind        | amount | per_kg | start    | end      | order
    H1  |                      | bolus       | 5000   |        | D1T06:00 |          |
    H2  |                      | infusion    | 1440   | 18     | D1T06:00 | D2T06:00 |
    H3  |                      | infusion    | 1600   | 20     | D2T06:00 | D5T08:00 |
    AT1 | antithrombin         | bolus       | 1000   |        | D4T12:00 |          | 2
    PC  | platelet concentrate | transfusion | 2      |        | D5T06:00 |          |
    ARG | argatroban           | infusion    | 5      |        | D5T09:00 | D9       |
    """,
    targets="""
    id | analyte     | anticoagulant          | value
    T1 | aptt        | unfractionated heparin | 60..80
    T2 | aptt        | argatroban             | 45..90
    T3 | anti_xa_ufh | unfractionated heparin | 0.3..0.7
    T4 | act         | unfractionated heparin | 180..220
    """,
    labs="""
    id | when      | order | analyte               | value | ref_low
    A1 | D1T12:00  |       | aptt                  | 45    |
    A2 | D2T06:00  |       | aptt                  | 65    |
    A3 | D2T18:00  |       | aptt                  | 85    |
    A4 | @ARG+2h   |       | aptt                  | 50    |
    A5 | @ARG+8h   |       | aptt                  | 95    |
    X1 | D1T12:00  |       | anti_xa_ufh           | 0.2   |
    X2 | D2T00:00  |       | anti_xa_ufh           | 0.5   |
    C1 | D1T07:00  |       | act                   | 150   |
    C2 | D1T09:00  |       | act                   | 200   |
    P1 | D0T06:00  |       | platelets             | 220   |
    P2 | D1T05:00  |       | platelets             | 200   |
    P3 | D4T06:00  |       | platelets             | 120   |
    P4 | D5T00:00  |       | platelets             | 40    |
    P5 | D6T00:00  |       | platelets             | 70    |
    P6 | D9T00:00  |       | platelets             | 180   |
    N1 | D4T11:00  |       | antithrombin_activity | 50    | 80
    N2 | D4T12:00  | 3     | antithrombin_activity | 90    | 80
    B1 | D1T05:00  |       | hemoglobin            | 110   |
    B2 | D4T05:00  |       | hemoglobin            | 80    |
    """,
    patient="id | item | value\nE1 | heparin_exposure_100d | no",
    findings="""
    id | finding                         | status | grade
    F1 | thrombosis                      | absent |
    F2 | other cause of thrombocytopenia | present | possible
    """,
    scores="""
    id | item             | points | label
    S1 | thrombocytopenia | 2      | fall > 50 % and nadir >= 20
    S2 | timing           | 1      | onset on day 4
    S3 | thrombosis       | 0      | none
    S4 | other_causes     | 1      | possible
    S5 | total            | 4      |
    """,
)

UNCERTAIN = case(
    "uncertain",
    weight="70..80",
    doses="""
    id | kind     | amount     | start        | end        | route | purpose     | stat | order
    U1 | bolus    | 4000..6000 | D1           |            | iv    | therapeutic |      | 2
    U2 | infusion | 1000       | D1T12:00     | 3000..3600 | iv    | therapeutic |      |
    U3 | infusion | 500        | @U2.end      | D4         | iv    | therapeutic |      |
    U4 | infusion | 800        | D6           | +12h       | iv    | therapeutic |      |
    U5 | bolus    | 3000       | D3           |            |       | therapeutic |      |
    U6 | infusion | 900        | D8T06:00     |            | iv    | therapeutic |      |
    U7 | bolus    | 5000       | D2           |            | sc    | prophylactic |     |
    U8 | infusion | 700..900   | D7T00:00     | D7T06:00   | iv    | therapeutic | range |
    """,
    targets="id | value\nT1 | >60",
    labs="""
    id | when      | order | analyte               | value        | bounds  | stat
    P1 | D1        | 1     | platelets             | 150          |         |
    P2 | D1        |       | platelets             | 120..140     |         |
    P4 | D4        |       | platelets             | <50          |         |
    P3 | D1..@P4   |       | platelets             | 90           |         |
    P5 | D4        |       | platelets             | 30           |         |
    P6 | D9..      |       | platelets             | normal       |         |
    P7 | D2..D5    |       | platelets             | 60           |         | mean
    P8 | ?         |       | platelets             |              |         |
    A1 | D2T06:00  |       | aptt                  | below target | ..60    |
    A2 | D2        |       | aptt                  | 70           |         |
    A3 | D9        |       | aptt                  | >=100        |         |
    N1 | ?         |       | antithrombin_activity | 55           |         |
    """,
    findings="""
    id | when | finding                         | status  | grade | site
    F1 | D6   | venous thrombosis               | present | new   |
    F2 | D6   | thrombosis                      | absent  |       |
    F3 |      | other cause of thrombocytopenia | absent  | none  |
    F4 |      | other cause of thrombocytopenia | present |       | sepsis
    """,
    scores="id | item | points | label\nS1 | timing | | something else",
)

UNPRINTED = case(
    "unprinted",
    doses="""
    id | drug       | kind     | amount | per_kg | start | end
    H1 |            | bolus    |        |        | D0    |
    H2 |            | infusion |        | 18     | D0    | D3
    H3 |            | total    | 20000  |        | D3    | D5
    E1 | enoxaparin | bolus    | 40     |        | D6    |
    W1 | warfarin   | bolus    | 5      |        | D7    |
    R1 | packed red cells | transfusion |  | | D7 |
    """,
    labs="""
    id | when | analyte    | value
    P1 | D2   | platelets  |
    P2 | D4   | platelets  | 80
    B1 | D2   | hemoglobin | <70
    """,
)

NO_HEPARIN = case(
    "no-heparin",
    labs="id | when | value\nP1 | D0 | 100\nP2 | D3 | 60",
    doses="""
    id | drug       | kind     | amount | start | end
    A1 | argatroban | infusion | 4      | D1    | D2
    A2 | argatroban | infusion | 2      | D2T23:59 | D4
    """,
)

SILENT = case("silent")

#: A steep fall and a bolus at the same minute, everything certain.
CERTAIN = case(
    "certain",
    weight="100",
    doses="""
    id | kind     | amount | per_kg | start | end
    H1 | bolus    | 30000  | 300    | 60    |
    H2 | bolus    | 8000   | 80     | 1500  |
    H3 | infusion | 100    |        | 60    | 4000
    """,
    labs="""
    id | when | analyte   | value
    P1 | 30   | platelets | 200
    P2 | 7300 | platelets | 90
    P3 | 8900 | platelets | 15
    A0 | 20   | aptt      | 30
    A1 | 200  | aptt      | 40
    C0 | 20   | act       | 120
    C1 | 90   | act       | 400
    """,
    findings="""
    id | when | finding | status
    F1 | D0   | sepsis  | present
    """,
)

#: Two anticoagulants at once, bridging, a hold, a span of results, a finding told twice.
BRIDGED = case(
    "bridged",
    doses="""
    id | drug       | kind     | amount | start    | end      | route
    B1 |            | bolus    | 5000   | D0T06:00 |          | iv
    H1 |            | infusion | 1000   | D0T06:00 | D2T00:00 | iv
    H2 |            | infusion | 900    | D3T00:00 | D6T00:00 | iv
    A1 | argatroban | infusion | 5      | D5T00:00 | D8T00:00 | iv
    W1 | warfarin   | bolus    | 5      | D4T18:00 |          | oral
    W2 | warfarin   | bolus    | 5      | D7T18:00 |          | oral
    """,
    targets="id | value\nT1 | 60..80",
    labs="""
    id | when     | analyte | value  | stat
    A2 | D1T12:00 | aptt    | 55     |
    A3 | D2T12:00 | aptt    | 35     |
    A4 | D4       | aptt    | 50..95 | range
    A5 | D5T12:00 | aptt    | 90     |
    A6 | D7T12:00 | aptt    | 70     |
    P1 | D0T05:00 | platelets | 200  |
    P2 | D7T05:00 | platelets | 60   |
    """,
    findings="""
    id | finding            | status  | grade       | when | same_as
    F1 | venous thrombosis  | present | new         | D5   |
    F2 | venous thrombosis  | present |             | D6   | F1
    F3 | pulmonary embolism | present | progressive | D4   |
    """,
)

CASES = [FULL, UNCERTAIN, UNPRINTED, NO_HEPARIN, SILENT, CERTAIN, BRIDGED]


def corpus() -> Tables:
    return together(*CASES)
