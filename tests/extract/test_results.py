"""Patient items, targets and laboratory results: raw rows in, canonical rows out."""

import pytest

from tests.case_builder import SOURCE, read, rows, sheet, tables


def labs(tmp_path, text, **files):
    return tables(tmp_path, {"claims.csv": None, "labs.csv": sheet(text), **files})["labs"]


def warnings(tmp_path, files):
    frames, problems = read(tmp_path, {"claims.csv": None, **files})
    assert [str(p) for p in problems if p.severity == "error"] == []
    return frames, [str(p).removeprefix("small-case/") for p in problems]


def test_units_become_canonical_and_the_print_is_kept(tmp_path):
    found = labs(
        tmp_path,
        """
        id | when | analyte       | value  | unit   | ref_low | ref_high
        A  | D1   | PLT           | 68     | G/L    | 150     | 400
        B  | D1   | platelets     | 113000 | /mm3   |         |
        C  | D1   | Hb            | 9.3    | g/dL   | 11.5    | 16.0
        D  | D1   | antithrombin  | 0.63   | U/mL   | 0.83    | 1.28
        E  | D1   | aptt          | 29     |        | 23      | 32
        F  | D1   | CRP           | 12.8   | mg/dL  |         |
        G  | D1   | creatinine    | 1.2    | mg/dL  |         |
        H  | D1   | D-dimers      | 2932   | ng/mL  | 0       | 230
        I  | D1   | FVIII         | >5.5   | IU/mL  | 0.50    |
        J  | D1   | ferritin      | 936    | mcg/L  |         |
        """,
    )
    columns = ("row_id", "analyte", "value", "value_low", "unit", "ref_low", "ref_high", "conversion")
    assert rows(found, *columns) == [
        ("A", "platelets", 68.0, 68.0, "10*9/L", 150.0, 400.0, None),
        ("B", "platelets", 113.0, 113.0, "10*9/L", None, None, "/uL to 10*9/L: x 0.001"),
        ("C", "hemoglobin", 93.0, 93.0, "g/L", 115.0, 160.0, "g/dL to g/L: x 10"),
        ("D", "antithrombin_activity", 63.0, 63.0, "%", 83.0, 128.0, "[iU]/mL to %: x 100"),
        ("E", "aptt", 29.0, 29.0, "s", 23.0, 32.0, "no unit printed: s"),
        ("F", "crp", 128.0, 128.0, "mg/L", None, None, "mg/dL to mg/L: x 10"),
        ("G", "creatinine", 106.08, 106.08, "umol/L", None, None, "mg/dL to umol/L: x 88.4"),
        ("H", "d_dimer", 2932.0, 2932.0, "ug/L", 0.0, 230.0, "ng/mL to ug/L: x 1"),
        ("I", "factor_viii", None, 550.0, "%", 50.0, None, "[iU]/mL to %: x 100"),
        ("J", "ferritin", 936.0, 936.0, "ug/L", None, None, None),
    ]
    assert found["value_reported"].to_list()[1] == "113000"
    assert found["unit_reported"].to_list()[1] == "/mm3"
    assert found["analyte_reported"].to_list()[0] == "PLT"
    assert found["ref_low_reported"].to_list()[2] == "11.5"


def test_words_get_bounds_where_something_gives_them(tmp_path):
    found = labs(
        tmp_path,
        """
        id | when      | analyte    | value        | unit  | ref_low | ref_high
        A  | D1        | fibrinogen | normal       | g/L   | 2.00    | 4.00
        B  | D1        | fibrinogen | low          | g/L   | 2.00    | 4.00
        C  | D1        | fibrinogen | high         | mg/dL | 200     | 400
        D  | D1        | fibrinogen | normal       |       |         |
        E  | D1        | fibrinogen | low          |       |         | 4.00
        F  | D1        | platelets  | normal       |       |         | 400
        G  | D4T12:00  | aptt       | below target |       |         |
        H  | D4T12:00  | aptt       | above target |       |         |
        I  | D4T12:00  | aptt       | in target    |       |         |
        J  | D1T12:00  | aptt       | in target    |       |         |
        K  | D4T12:00  | act        | below target |       |         |
        L  | D1        | anti_pf4   | negative     |       |         |
        M  | D1        | fibrinogen | not done     |       |         |
        N  | D1        | fibrinogen |              | g/L   |         |
        """,
    )
    columns = (
        "row_id",
        "value_kind",
        "value_word",
        "value",
        "value_low",
        "value_high",
        "low_is_strict",
        "high_is_strict",
    )
    assert rows(found, *columns) == [
        ("A", "word", "normal", None, 2.0, 4.0, False, False),
        ("B", "word", "low", None, None, 2.0, False, True),
        ("C", "word", "high", None, 4.0, None, True, False),
        ("D", "word", "normal", None, None, None, False, False),
        ("E", "word", "low", None, None, None, False, False),
        ("F", "word", "normal", None, None, 400.0, False, False),
        ("G", "word", "below target", None, None, 45.0, False, True),
        ("H", "word", "above target", None, 90.0, None, True, False),
        ("I", "word", "in target", None, 45.0, 90.0, False, False),
        # before argatroban its target is not in force, and no other target is printed
        ("J", "word", "in target", None, None, None, False, False),
        ("K", "word", "below target", None, None, None, False, False),
        ("L", "word", "negative", None, None, None, False, False),
        ("M", "not_done", "not done", None, None, None, False, False),
        ("N", "not_printed", None, None, None, None, False, False),
    ]


def test_where_two_targets_are_possible_a_bound_must_hold_under_both(tmp_path):
    targets = """
    analyte | anticoagulant | value  | unit | start | end
    aptt    |               | 45..60 | s    | D1    | D3
    aptt    |               | 60..90 | s    | D3    |
    aptt    |               | >75    | s    | D10   |
    """
    found = labs(
        tmp_path,
        """
        id | when | analyte | value
        A  | D2   | aptt    | below target
        B  | D3   | aptt    | below target
        C  | D3   | aptt    | in target
        D  | D3   | aptt    | above target
        E  | D10  | aptt    | above target
        F  | D12  | aptt    | below target
        """,
        **{"targets.csv": sheet(targets)},
    )
    assert rows(found, "row_id", "value_low", "value_high") == [
        ("A", None, 45.0),
        ("B", None, 60.0),
        ("C", 45.0, 90.0),
        ("D", 60.0, None),
        ("E", None, None),  # one of the two targets has no upper end
        ("F", None, 75.0),
    ]


def test_stat_says_what_a_number_is(tmp_path):
    found = labs(
        tmp_path,
        """
        id | when  | analyte   | value  | unit   | stat
        A  | D1/D3 | platelets | 60..70 | 10*9/L | range
        B  | D1/D3 | platelets | 60..70 | 10*9/L |
        C  | D1/D3 | platelets | 65     | 10*9/L | mean
        D  | D1/D3 | platelets | 90     | 10*9/L | max
        E  | D1/D3 | platelets | 2500   | 10*9/L | fall
        """,
    )
    assert rows(found, "row_id", "stat", "value", "value_low", "value_high", "is_implausible") == [
        ("A", "range", None, 60.0, 70.0, False),
        ("B", None, 65.0, 60.0, 70.0, False),
        ("C", "mean", 65.0, 65.0, 65.0, False),
        ("D", "max", 90.0, 90.0, 90.0, False),
        ("E", "fall", 2500.0, 2500.0, 2500.0, False),
    ]


def test_a_reading_is_used_and_the_print_stays(tmp_path):
    text = """
    id | when | analyte    | value | unit | read_as
    A  | D1   | hemoglobin | 9.3   | g/L  | 9.3 g/dL
    B  | D1   | platelets  | 113   |      | 113 10*9/L
    C  | D1   | aptt       | 3O    | s    | 30
    """
    found = labs(tmp_path, text)
    assert rows(found, "row_id", "value", "unit", "value_reported", "unit_reported", "read_as", "conversion") == [
        ("A", 93.0, "g/L", "9.3", "g/L", "9.3 g/dL", "read as 9.3 g/dL; g/dL to g/L: x 10"),
        ("B", 113.0, "10*9/L", "113", None, "113 10*9/L", "read as 113 10*9/L"),
        ("C", 30.0, "s", "3O", "s", "30", "read as 30"),
    ]


def test_implausible_is_told_and_kept(tmp_path):
    files = {"labs.csv": sheet("id|when|analyte|value|unit\nA|D1|hemoglobin|9.3|g/L\nB|D1|hemoglobin|<9|g/L")}
    frames, told = warnings(tmp_path, files)
    assert rows(frames["labs"], "row_id", "value", "value_high", "is_implausible") == [
        ("A", 9.3, 9.3, True),
        ("B", None, 9.0, True),
    ]
    assert told == [
        f"labs.csv, row {row}, column value: '{text}' is outside the plausible range of hemoglobin "
        "(usually 20 to 250 g/L)"
        for row, text in ((2, "9.3"), (3, "<9"))
    ]


def test_names_of_its_own_are_uncoded_and_pass(tmp_path):
    text = """
    id | when | analyte               | value | unit
    A  | D1   | plasma free kryptonin | 3     | mg/dL
    B  | D1   | plasma free kryptonin | 3     | dips
    C  | D1   | plasma free kryptonin | 3     |
    """
    frames, told = warnings(tmp_path, {"labs.csv": sheet(text)})
    assert rows(frames["labs"], "analyte", "is_coded", "value", "unit", "conversion") == [
        ("plasma free kryptonin", False, 3.0, "mg/dL", None),
        ("plasma free kryptonin", False, 3.0, "dips", None),
        ("plasma free kryptonin", False, 3.0, None, None),
    ]
    assert len(told) == 4  # three names, one unit


def test_d_dimer_is_never_turned_into_feu(tmp_path):
    frames, _ = read(tmp_path, {"labs.csv": sheet("when|analyte|value|unit\nD1|d_dimer_feu|500|ng/mL")})
    assert frames["labs"].is_empty()


def test_patient_items(tmp_path):
    text = """
    id  | item                | value  | unit   | when | read_as
    A   | age                 | 41     | years  |      |
    S   | sex                 | Female |        |      |
    W   | weight              | 200    | lb     | D0   |
    E   | heparin_exposure_30d| no     |        |      |
    X   | shoe size           | large  |        |      |
    """
    frames, told = warnings(tmp_path, {"patient.csv": sheet(text)})
    assert rows(frames["patient"], "item", "is_coded", "value_kind", "value", "value_word", "unit", "time_form") == [
        ("age", True, "number", 41.0, None, "a", "unknown"),
        ("sex", True, "word", None, "female", None, "unknown"),
        ("body_weight", True, "number", 90.718474, None, "kg", "day"),
        ("heparin_exposure_30d", True, "word", None, "no", None, "unknown"),
        ("shoe size", False, "word", None, "large", None, "unknown"),
    ]
    assert told == ["patient.csv, row 6, column item: 'shoe size' is not in the vocabulary and stays as typed"]
    weight = rows(frames["cases"], "weight_kg", "weight_low_kg", "weight_row_id")[0]
    assert (float(weight[0]), float(weight[1]), weight[2]) == (90.718474, 90.718474, "W")


def test_targets(tmp_path):
    text = """
    id | analyte | anticoagulant | value  | unit | start  | end
    A  | aptt    | argatroban    | 45..90 | s    | @ARG   |
    B  | aptt    | heparin       | >75    | s    | D1     | D3T12:00
    C  | aptt    | heparin       |        |      |        |
    D  | act     |               | 300..350 | s  | D1T08:00 | +2h
    """
    found = tables(tmp_path, {"targets.csv": sheet(text)})["targets"]
    columns = ("row_id", "anticoagulant", "target_low", "target_high", "low_is_strict", "start_earliest_min",
               "start_latest_min", "end_earliest_min", "end_latest_min")  # fmt: skip
    assert rows(found, *columns) == [
        ("A", "argatroban", 45.0, 90.0, False, 6360, 6360, None, None),
        ("B", "unfractionated heparin", 75.0, None, True, 1440, 2879, 5040, 5040),
        ("C", "unfractionated heparin", None, None, False, None, None, None, None),
        ("D", None, 300.0, 350.0, False, 1920, 1920, 2040, 2040),
    ]


def test_steps_may_begin_anew_on_another_day(tmp_path):
    text = """
    id | when     | order | analyte | value
    A  | D1T08:00 | 1     | aptt    | 30
    B  | D1T09:00 | 2     | aptt    | 31
    C  | D2T08:00 | 1     | aptt    | 32
    """
    assert rows(labs(tmp_path, text), "row_id", "order", "day") == [("A", 1, 1), ("B", 2, 1), ("C", 1, 2)]


def test_two_equal_results_need_a_step(tmp_path):
    text = "id|when|order|analyte|value\nA||1|anti_pf4|negative\nB||2|anti_pf4|negative"
    assert labs(tmp_path, text).height == 2


@pytest.mark.parametrize(("read_", "status", "ok"), [("full", "not_reported", True), ("part", "not_reported", False),
                                                     ("part", "not_read", True)])  # fmt: skip
def test_silence_counts_only_in_a_text_read_in_full(tmp_path, read_, status, ok):
    files = {
        "source.yaml": SOURCE.replace("read: full", f"read: {read_}"),
        "findings.csv": f"finding,status\nbleeding,{status}\n",
    }
    _, problems = read(tmp_path, files)
    assert ([p for p in problems if p.severity == "error"] == []) is ok


def test_a_finding_with_a_grade_and_free_names(tmp_path):
    text = """
    id | finding   | status  | grade | site   | by
    A  | haemorrhage | present | major | wound  |
    B  | blue toes | present | mild  |        | curator
    """
    frames, told = warnings(tmp_path, {"findings.csv": sheet(text)})
    assert rows(frames["findings"], "finding", "is_coded", "grade", "site", "by") == [
        ("bleeding", True, "major", "wound", "authors"),
        ("blue toes", False, "mild", None, "curator"),
    ]
    assert told == ["findings.csv, row 3, column finding: 'blue toes' is not in the vocabulary and stays as typed"]


def test_claims(tmp_path):
    text = """
    id | claim | compute    | of                     | from | to    | window | comparator | value  | unit
    A  | a     | dose_total | unfractionated heparin |      |       | 24h    | >          | 35000  | U
    B  | b     | change     | platelets              | P1   | P1    |        |            | -98    | 10*9/L
    C  | c     | min        | platelets              | @B1  | @ARG+2h |      |            | 10..19 | 10*9/L
    D  | d     | level      | A1                     |      |       |        | <          | target | s
    E  | e     | duration   |                        | POD1 | @ARG  |        | ~          | 2.0    | h
    """
    found = tables(tmp_path, {"claims.csv": sheet(text)})["claims"]
    assert rows(found, "row_id", "since", "until", "comparator", "value_low", "value_high", "decimals") == [
        ("A", None, None, ">", 35000.0, 35000.0, 0),
        ("B", "P1", "P1", "=", -98.0, -98.0, 0),
        ("C", "@B1", "@ARG+2h", "=", 10.0, 19.0, 0),
        ("D", None, None, "<", None, None, None),
        ("E", "POD1", "@ARG", "~", 2.0, 2.0, 1),
    ]


def test_printed_scores(tmp_path):
    found = tables(tmp_path, {"scores.csv": "score,item,points,label\n4Ts,Total,1.0,\n4ts,band,,low\n"})
    assert rows(found["reported_scores"], "score", "item", "points_reported", "points", "label", "by") == [
        ("4ts", "total", "1.0", 1.0, None, "authors"),
        ("4ts", "band", None, None, "low", "authors"),
    ]


def test_rows_without_an_id_are_named_by_file_and_row(tmp_path):
    found = labs(tmp_path, "when|analyte|value\nD1|aptt|30\nD2|aptt|31")
    assert rows(found, "row_id", "raw_file", "raw_row") == [("labs.2", "labs.csv", 2), ("labs.3", "labs.csv", 3)]
