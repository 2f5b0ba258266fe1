"""Other anticoagulants: which a corpus has, what each is dosed in, and the highest rate or dose of each case."""

import pytest
from casetrace.cohort.alternatives import Alternative, alternatives, first_alternatives, switch
from casetrace.cohort.characteristics import characteristics
from casetrace.cohort.highest import highest
from casetrace.schemas import RESULTS, empty

from tests.case_builder import SMALL_CASE, tables

HEADING = "id,drug,kind,route,purpose,amount,unit,stat,every,start,end\n"


def case(tmp_path, *doses, **files):
    given = {"doses.csv": HEADING + "".join(f"{row}\n" for row in doses), "targets.csv": None, "claims.csv": None}
    return tables(tmp_path, given | files)


def test_the_drugs_of_the_corpus_and_their_units_come_from_the_vocabulary(tmp_path):
    frames = case(
        tmp_path,
        "H,heparin,bolus,iv,therapeutic,5000,U,,,D1,",
        "E,enoxaparin,bolus,sc,,40,mg,,,D1,",
        "V,vancomycin,bolus,iv,,1000,mg,,,D1,",
        "F,fondaparinux,bolus,sc,,7.5,mg,,,D5,",
        "D,danaparoid,infusion,iv,,200,U/h,,,D6,D7",
        "D0,danaparoid,bolus,iv,,2250,U,,,D6,",
        "B,bivalirudin,infusion,iv,,0.15,mg/kg/h,,,D3,D4",
        "R,rivaroxaban,bolus,oral,,15,mg,,,D8,",
    )
    assert alternatives(frames) == [
        Alternative("danaparoid", "[iU]/h", "[iU]", False),
        Alternative("fondaparinux", None, "mg", False),
        Alternative("rivaroxaban", None, "mg", False),
        Alternative("bivalirudin", "mg/kg/h", None, True),
    ]
    assert first_alternatives(frames["doses"]) == ["bivalirudin"]


def test_a_printed_target_makes_the_aptt_the_guide_of_any_drug(tmp_path):
    targets = "analyte,anticoagulant,value,unit,start,end\naptt,fondaparinux,45..90,s,D5,\n"
    frames = case(tmp_path, "F,fondaparinux,bolus,sc,,7.5,mg,,,D5,", **{"targets.csv": targets})
    assert [other.is_set_by_aptt for other in alternatives(frames)] == [True]


def test_warfarin_is_given_beside_another_anticoagulant_and_is_no_switch(tmp_path):
    frames = case(tmp_path, "W,warfarin,bolus,oral,,5,mg,,,D2,", "L,lepirudin,infusion,iv,,0.1,mg/kg/h,,,D5,D6")
    assert first_alternatives(frames["doses"]) == ["lepirudin"]
    assert [other.drug for other in alternatives(frames)] == ["lepirudin", "warfarin"]


def test_without_another_anticoagulant_there_is_none(tmp_path):
    frames = case(tmp_path, "H,heparin,bolus,iv,therapeutic,5000,U,,,D1,")
    assert alternatives(frames) == []
    assert first_alternatives(frames["doses"]) == []
    assert switch(frames["doses"]) is None


LEPIRUDIN, APIXABAN = "L,lepirudin,infusion,iv,,0.1,mg/kg/h,,", "A,apixaban,bolus,oral,,5,mg,,"


@pytest.mark.parametrize(
    ("doses", "first", "minutes"),
    [
        ([f"{LEPIRUDIN},D5,D6", f"{APIXABAN},D7,"], ["lepirudin"], (5 * 1440, 6 * 1440 - 721, 6 * 1440 - 1)),
        # Both on one day, and nothing tells their order.
        (
            [f"{LEPIRUDIN},D5,D6", f"{APIXABAN},D5,"],
            ["apixaban", "lepirudin"],
            (5 * 1440, 6 * 1440 - 721, 6 * 1440 - 1),
        ),
        # The first may lie anywhere in the longer span, but not after the shorter one.
        (
            [f"{LEPIRUDIN},D2/D5,D6", f"{APIXABAN},D5T08:00,"],
            ["apixaban", "lepirudin"],
            (2 * 1440, 4 * 1440 - 1, 5 * 1440 + 480),
        ),
        # A reference orders two rows without a time: lepirudin, then apixaban.
        ([f"{LEPIRUDIN},D2/..,D9", f"{APIXABAN},@L/..,"], ["lepirudin"], (2 * 1440, None, 26 * 1440 - 1)),
        ([f"{LEPIRUDIN},D2/..,D9", f"{APIXABAN},D2/..,"], ["apixaban", "lepirudin"], (2 * 1440, None, 26 * 1440 - 1)),
    ],
)
def test_which_came_first_is_open_where_the_source_leaves_it_open(tmp_path, doses, first, minutes):
    frames = case(tmp_path, *doses)
    assert first_alternatives(frames["doses"]) == first
    found = switch(frames["doses"])
    assert tuple(found[f"start_{part}min"] for part in ("earliest_", "", "latest_")) == minutes
    rows = characteristics(frames, empty(RESULTS["metrics"])).rows_by_key("variable", named=True, unique=True)
    told = rows["first_alternative"]
    if len(first) == 1:
        assert (told["state"], told["word"]) == ("known", first[0])
    else:
        assert (told["state"], told["word"]) == ("missing", None)
        assert told["reason"] == f"which came first is not certain: {', '.join(first)}"


HEP = "H,heparin,infusion,iv,therapeutic,1000,U/h,,,D0T08:00,D2T08:00"
WARF = "W,warfarin,bolus,oral,therapeutic,5,mg,,1d,D6T18:00,D9T18:00"


@pytest.mark.parametrize(
    ("doses", "state", "word", "reason"),
    [
        # In the vocabulary, by its name or a brand.
        ([HEP, "D,dabigatran,bolus,oral,therapeutic,150,mg,,12h,D4,D8", WARF], "known", "dabigatran", None),
        ([HEP, "D,Lixiana,bolus,oral,therapeutic,60,mg,,1d,D4,D8", WARF], "known", "edoxaban", None),
        ([WARF, "D,nafamostat,infusion,iv,therapeutic,20,mg/h,,,D4,D8", HEP], "known", "nafamostat", None),
        # In no vocabulary: it may be an anticoagulant or not.
        ([HEP, "Z,zelutaban,bolus,oral,therapeutic,20,mg,,1d,D3,D5", WARF], "missing", None, "whether zelutaban is"),
        ([HEP, "Z,zelutaban,bolus,oral,,,,,,D3,"], "missing", None, "whether zelutaban is an anticoagulant"),
        (
            [HEP, "Z,zelutaban,bolus,oral,,,,,,D3,", "B,argatroban,infusion,iv,,2,ug/kg/min,,,D5,D6"],
            "missing", None, "first of the known ones: argatroban",
        ),
        (
            [HEP, "Z,zelutaban,bolus,oral,,,,,,D3,", "Y,yperol,bolus,oral,,,,,,D4,", "B,argatroban,infusion,iv,,2,ug/kg/min,,,D5,D6"],
            "missing", None, "whether yperol, zelutaban is",
        ),
        # After the first known one, before all heparin, or in a circuit it cannot have been the first.
        ([HEP, "B,argatroban,infusion,iv,,2,ug/kg/min,,,D3,D4", "Z,zelutaban,bolus,oral,,,,,,D5,"], "known", "argatroban", None),
        (["Z,zelutaban,bolus,oral,,,,,,D-3,", HEP, "B,argatroban,infusion,iv,,2,ug/kg/min,,,D3,D4"], "known", "argatroban", None),
        ([HEP, "C,citrate,infusion,circuit,circuit,,,,,D1,D2", "B,argatroban,infusion,iv,,2,ug/kg/min,,,D3,D4"], "known", "argatroban", None),
        ([HEP, WARF], "missing", None, "no anticoagulant that replaces heparin is reported"),
    ],
)  # fmt: skip
def test_a_drug_that_no_vocabulary_knows_keeps_the_first_one_open(tmp_path, doses, state, word, reason):
    frames = case(tmp_path, *doses, **{"source.yaml": SMALL_CASE["source.yaml"].replace("D0/D25", "D-5/D25")})
    told = characteristics(frames, empty(RESULTS["metrics"])).rows_by_key("variable", named=True, unique=True)
    found = told["first_alternative"]
    assert (found["state"], found["word"]) == (state, word)
    assert (reason or "") in (found["reason"] or "")
    started = switch(frames["doses"])
    assert (started is None) == (reason == "no anticoagulant that replaces heparin is reported")
    assert started is None or (started["start_min"] is None) == (state == "missing")


def test_a_step_that_the_source_states_orders_two_doses_of_one_day(tmp_path):
    heading = HEADING.replace("id,drug", "order,id,drug")
    doses = heading + f"2,{LEPIRUDIN},D5,D6\n1,{APIXABAN},D5,\n"
    frames = tables(tmp_path, {"doses.csv": doses, "targets.csv": None, "claims.csv": None})
    assert first_alternatives(frames["doses"]) == ["apixaban"]


def found(tmp_path, what, unit, *doses):
    frames = case(tmp_path, *doses)
    row = highest(frames["doses"].to_dicts(), what, unit)
    return row and (row["value"], row["low"], row["high"], row["reason"])


ARG = "argatroban,infusion,iv,therapeutic"


@pytest.mark.parametrize(
    ("doses", "expected"),
    [
        ([f"A,{ARG},2,ug/kg/min,,,D4,D5", f"B,{ARG},10,ug/kg/min,,,D5,D6"], (10, 10, 10, None)),
        # 24 mg/h at 80 kg
        ([f"A,{ARG},24,mg/h,,,D4,D5"], (5, 5, 5, None)),
        ([f"A,{ARG},2,ug/kg/min,,,D4,D5", f"B,{ARG},,,,,D5,D6"], (None, 2, None, "the rate of B is not printed")),
        ([f"A,{ARG},,,,,D4,D5"], (None, None, None, "the rate of A is not printed")),
        ([f"A,{ARG},2,ug/kg/min,initial,,D4,D5"], (None, 2, None, "A is printed as initial only")),
        ([f"A,{ARG},3..6,ug/kg/min,range,,D4,D5"], (6, 6, 6, None)),
        ([f"A,{ARG},6,ug/kg/min,max,,D4,D5"], (None, 6, 6, "A is printed as max only")),
        ([f"A,{ARG},3..6,ug/kg/min,,,D4,D5"], (4.5, 3, 6, None)),
        ([f"A,{ARG},>3,ug/kg/min,,,D4,D5"], (None, 3, None, "the rate of A is printed as a bound only")),
        (
            [f"A,{ARG},2,ug/kg/min,,,D4,D5", "T,argatroban,total,iv,therapeutic,50,mg,,,D6,D7"],
            (None, 2, None, "of T only the total is printed, not the rate"),
        ),
        (["A,argatroban,bolus,iv,therapeutic,10,ug/kg,,,D4,"], None),
    ],
)
def test_the_highest_rate_is_open_where_another_may_be_higher(tmp_path, doses, expected):
    assert found(tmp_path, "rate", "ug/kg/min", *doses) == expected


@pytest.mark.parametrize(
    ("doses", "expected"),
    [
        (["A,rivaroxaban,bolus,oral,,15,mg,,,D4,", "B,rivaroxaban,bolus,oral,,30,mg,,,D5,"], (30, 30, 30, None)),
        # How often it was given is open, how much is not.
        (["A,fondaparinux,bolus,sc,,7.5,mg,,1d,D4,"], (7.5, 7.5, 7.5, None)),
        (["A,warfarin,total,oral,,,,,,D4,D9"], (None, None, None, "the dose of A is not printed")),
        (["A,warfarin,total,oral,,20,mg,,,D4,D9"], (None, None, None, "of A only the total is printed, not the dose")),
    ],
)
def test_the_highest_single_dose(tmp_path, doses, expected):
    assert found(tmp_path, "dose", "mg", *doses) == expected


def test_a_case_without_the_drug_is_not_asked_for_its_rate(tmp_path):
    frames = case(tmp_path, "B,bivalirudin,bolus,iv,,0.5,mg/kg,,,D3,", "F,fondaparinux,bolus,sc,,7.5,mg,,,D5,")
    rows = characteristics(frames, empty(RESULTS["metrics"])).rows_by_key("variable", named=True, unique=True)
    assert rows["bivalirudin_highest_rate"]["state"] == "not_applicable"
    assert rows["bivalirudin_highest_rate"]["reason"] == "no infusion of bivalirudin in the record"
    assert (rows["fondaparinux_highest_dose"]["value"], rows["fondaparinux_highest_dose"]["unit"]) == (7.5, "mg")
    assert "fondaparinux_highest_rate" not in rows
    assert "bivalirudin_highest_dose" not in rows


def test_of_a_longer_record_only_the_span_of_the_case_counts(tmp_path):
    import polars as pl

    frames = case(
        tmp_path,
        f"A,{ARG},10,ug/kg/min,,,D1T08:00,D1T12:00",
        f"B,{ARG},2,ug/kg/min,,,D4T08:00,D5",
        **{"patient.csv": SMALL_CASE["patient.csv"]},
    )
    metrics = empty(RESULTS["metrics"])

    def rate(cases):
        rows = characteristics(frames | {"cases": cases}, metrics).filter(
            pl.col("variable") == "argatroban_highest_rate"
        )
        return rows["value"].item()

    assert rate(frames["cases"]) == 10
    assert rate(frames["cases"].with_columns(span_start_min=pl.lit(2 * 1440, pl.Int64))) == 2
