"""Keys of a mapping file on the form of numbers and times, on words, on copies and on several files."""

from pathlib import Path

import duckdb
import polars as pl
import pytest
from casetrace.core.errors import CasetraceError, InputError
from casetrace.core.paths import ProjectFolder
from casetrace.importers.stage import Options, import_tables

CASES = "key,came,left\nA,2024-01-01 00:00,2024-01-10 00:00\n"


def run(folder, labs="", doses="", top="", of_labs="", of_doses="", limit=100.0, columns="value: result, unit: unit"):
    """The corpus of one patient with these rows, and the result of the import."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cases.csv").write_text(CASES, encoding="utf-8")
    (folder / "labs.csv").write_text("who,at,test,result,unit,comment\n" + labs, encoding="utf-8")
    (folder / "doses.csv").write_text(
        "who,at,until,drug,kind,amount,rate,unit,conc,conc_unit\n" + doses, encoding="utf-8"
    )
    (folder / "mapping.yaml").write_text(f"""
{top}
tables:
  cases: {{from: cases.csv, columns: {{case_key: key, subject: key, starts: came, ends: left}}}}
  labs:
    from: labs.csv
    columns: {{subject: who, charted: at, term: test, {columns}}}
{of_labs}
  doses:
    from: doses.csv
    columns: {{subject: who, starts: at, ends: until, term: drug, kind: kind, amount: amount, rate: rate, unit: unit, concentration: conc, concentration_unit: conc_unit}}
    values: {{route: iv, purpose: therapeutic}}
{of_doses}
""", encoding="utf-8")  # fmt: skip
    corpus = ProjectFolder(folder).corpus("keys")
    return corpus, import_tables(corpus, folder / "mapping.yaml", Options(max_unknown_pct=limit))


def results(corpus):
    return pl.read_parquet(corpus.table("labs")).sort("time_min", "value").to_dicts()


def amounts(corpus):
    frame = pl.read_parquet(corpus.table("doses")).sort("start_earliest_min", "amount_high")
    return [
        tuple(None if v is None else float(v) for v in row)
        for row in frame.select("amount_low", "amount", "amount_high").rows()
    ]


@pytest.mark.parametrize(
    ("keys", "text", "value"),
    [
        ("decimal: comma", '"210,5"', 210.5),
        ("decimal: comma\n    thousands: point", '"1.210,5"', 1210.5),
        ("thousands: comma", '"1,210"', 1210),
        ("thousands: space", "1 210", 1210),
        ("decimal: comma", "210.5", None),
        ("thousands: comma", '"12,10"', None),
        ("", '"210,5"', None),
        ("", "nan", None),
        ("", "-5", None),
    ],
)
def test_the_form_of_numbers(tmp_path, keys, text, value):
    corpus, result = run(tmp_path, f"A,2024-01-02 00:00,PLT,{text},10^9/L,\n", of_labs=f"    {keys}" if keys else "")
    (row,) = results(corpus)
    assert (row["value"], row["value_kind"]) == (value, "number" if value else "not_printed")
    assert row["value_reported"] == text.strip('"')
    assert len(result.account.unknown) == (value is None)


UNITS = [("K/uL", 150), ("K/mm3", 150), ("thou/uL", 150), ("10*4/uL", 1500), ("G/l", 150), ("10^3/µL", 150), ("10^3/μL", 150), ("x10E3/uL", 150),
         ("/uL", 0.15), ("K", None), ("G", None), ("mg/L", None), ("K/kg", None), ("", None)]  # fmt: skip


def test_units_of_counts(tmp_path):
    rows = "".join(f"A,2024-01-02 00:{i:02d},PLT,150,{unit},\n" for i, (unit, _) in enumerate(UNITS))
    corpus, _ = run(tmp_path, rows)
    assert [row["value"] for row in results(corpus)] == [value for _, value in UNITS]


def test_d_dimer_in_feu_never_becomes_another(tmp_path):
    corpus, _ = run(
        tmp_path,
        "A,2024-01-02 00:00,D-dimer FEU,2,mg/L FEU,\nA,2024-01-02 01:00,d_dimer,2,mg/L FEU,\nA,2024-01-02 02:00,d_dimer,2,mg/L,\n",
    )
    assert [(row["analyte"], row["value"]) for row in results(corpus)] == [
        ("d_dimer_feu", 2000),
        ("d_dimer", None),
        ("d_dimer", 2000),
    ]


def test_a_bound_in_the_column_of_text(tmp_path):
    rows = "A,2024-01-02 00:00,aptt,,s,>200\nA,2024-01-02 01:00,aptt,,s,not done\nA,2024-01-02 02:00,aptt,80,s,high\n"
    corpus, _ = run(tmp_path, rows, columns="value: result, unit: unit, text: comment")
    assert [(r["value_kind"], r["value_low"], r["value"]) for r in results(corpus)] == [
        ("one_sided", 200, None),
        ("not_done", None, None),
        ("number", 80, 80),
    ]


def test_codes_are_terms(tmp_path):
    corpus, result = run(
        tmp_path,
        "A,2024-01-02 00:00,777-3,150,10^9/L,\n",
        "A,2024-01-02 00:00,,RxNorm:5224,bolus,5000,,U,,\nA,2024-01-03 00:00,,B01AB01,bolus,5000,,U,,\n",
        limit=0,
    )
    assert [row["analyte"] for row in results(corpus)] == ["platelets"]
    assert set(pl.read_parquet(corpus.table("doses"))["drug"]) == {"unfractionated heparin"}
    assert result.account.share_unknown_pct == 0


def test_unknown_words_are_listed_counted_and_stop(tmp_path):
    labs, doses = "A,2024-01-02 00:00,thrombos,150,10^9/L,\n", "A,2024-01-02 00:00,,heparrin,bolus,5000,,U,,\n"
    _, result = run(tmp_path, labs, doses)
    assert [(u.what, u.term, u.examples) for u in result.account.unknown] == [
        ("the drug is in no vocabulary", "heparrin", ("nearest name: unfractionated heparin",)),
        ("the test is in no vocabulary", "thrombos", ("nearest name: platelets",)),
    ]
    assert result.account.share_unknown_pct == 100
    with pytest.raises(CasetraceError, match="--max-unknown 99"):
        run(tmp_path / "again", labs, doses, limit=99)


def test_a_mapping_leaves_words_out(tmp_path):
    corpus, result = run(
        tmp_path,
        "A,2024-01-02 00:00,thrombos,150,10^9/L,\nA,2024-01-02 00:00,PLT,150,10^9/L,\n",
        of_labs="    leave_out: [thrombos]",
        limit=0,
    )
    assert [row["analyte"] for row in results(corpus)] == ["platelets"]
    assert [(e.reason, e.rows) for e in result.account.left_out] == [("left out by the mapping", 1)]
    assert result.account.unaccounted() == {}


def test_a_form_of_times_is_named_where_no_time_can_be_read(tmp_path):
    rows = "A,02.01.2024 06:00,PLT,150,10^9/L,\n"
    with pytest.raises(InputError) as error:
        run(tmp_path / "without", rows)
    for said in ("labs.csv", "column at", "02.01.2024 06:00", "tables.labs.time_format", "%d.%m.%Y %H:%M"):
        assert said in str(error.value)
    corpus, _ = run(tmp_path / "with", rows, of_labs='    time_format: "%d.%m.%Y %H:%M"')
    assert [row["time_min"] for row in results(corpus)] == [1440 + 360]
    corpus, _ = run(tmp_path / "days", "A,02.01.2024,PLT,150,10^9/L,\n", of_labs='    time_format: "%d.%m.%Y"')
    assert [(row["time_earliest_min"], row["time_latest_min"]) for row in results(corpus)] == [(1440, 2879)]


def test_offsets_beside_times_without_one_are_told(tmp_path):
    _, result = run(
        tmp_path,
        "A,2024-01-02 06:00:00+02:00,PLT,150,10^9/L,\nA,2024-01-02 06:00:00,PLT,151,10^9/L,\nA,soon,PLT,152,10^9/L,\n",
    )
    text = result.account.as_text()
    assert "column at: 1 times bear an offset and 1 none" in text
    assert "column at: 1 of 3 times cannot be read, such as 'soon'" in text


TWICE = "A,2024-01-02 00:00,,heparin,bolus,5000,,U,,\n" * 2


def test_copies(tmp_path):
    assert amounts(run(tmp_path / "drop", doses=TWICE)[0]) == [(5000, 5000, 5000)]
    assert amounts(run(tmp_path / "keep", doses=TWICE, top="duplicates: keep")[0]) == [
        (5000, 5000, 5000),
        (0, None, 5000),
    ]
    with pytest.raises(CasetraceError, match="1 rows are equal to an earlier row in every column"):
        run(tmp_path / "fail", doses=TWICE, top="duplicates: fail")


def test_a_volume_needs_a_concentration(tmp_path):
    rows = "A,2024-01-02 00:00,2024-01-02 10:00,heparin,infusion,,10,mL/h,100,U/mL\nA,2024-01-03 00:00,2024-01-03 10:00,heparin,infusion,,10,mL/h,100,mg/mL\nA,2024-01-04 00:00,2024-01-04 10:00,heparin,infusion,,10,mL/h,,U/mL\n"
    assert amounts(run(tmp_path, doses=rows)[0]) == [(1000, 1000, 1000), (None, None, None), (None, None, None)]


def test_separate_pumps(tmp_path):
    rows = "A,2024-01-02 00:00,2024-01-02 10:00,heparin,infusion,,1000,U/h,,\nA,2024-01-02 05:00,2024-01-02 12:00,heparin,infusion,,500,U/h,,\n"
    corpus, _ = run(tmp_path, doses=rows, of_doses="    concurrent_rows: separate_pumps")
    assert amounts(corpus) == [(1000, 1000, 1000), (500, 500, 500)]


def test_a_rate_that_nobody_is_heavy_enough_for_is_marked(tmp_path):
    rows = "A,2024-01-02 00:00,2024-01-02 10:00,heparin,infusion,,25000,U/h,,\nA,2024-01-03 00:00,2024-01-03 10:00,heparin,infusion,,2000,U/h,,\n"
    corpus, result = run(tmp_path, doses=rows)
    assert sorted(pl.read_parquet(corpus.table("doses")).select("amount", "is_implausible").rows()) == [
        (2000, False),
        (25_000, True),
    ]
    assert [(u.what, u.rows) for u in result.account.unknown] == [("outside the plausible range", 1)]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 2, 0, 3), (2, 1, 3, 0)])
def test_a_stop_and_the_next_start_of_one_minute(tmp_path, order):
    lines = [
        "00:00,,heparin,infusion,,1000",
        "10:00,,heparin,infusion,,1200",
        "10:00,,heparin,infusion,,0",
        "20:00,,heparin,infusion,,0",
    ]
    rows = "".join(f"A,2024-01-02 {lines[i]},U/h,,\n" for i in order)
    corpus, _ = run(tmp_path, doses=rows, of_doses="    infusions_end: at_next_change")
    found = pl.read_parquet(corpus.table("doses"))
    assert sum(float(r["amount"]) * r["length_min"] / 60 for r in found.to_dicts()) == 22_000


def test_decimals_of_several_parquet_files(tmp_path):
    for name, kind, value in (("one", "DECIMAL(5, 1)", "0.2"), ("two", "DECIMAL(5, 2)", "0.19")):
        duckdb.sql(
            f"COPY (SELECT 'A' AS who, '2024-01-02 0{len(name)}:00' AS at, 'inr' AS test, {value}::{kind} AS result) TO '{tmp_path}/labs_{name}.parquet'"
        )
    (tmp_path / "cases.csv").write_text(CASES, encoding="utf-8")
    head = "tables:\n  cases: {from: cases.csv, columns: {case_key: key, subject: key, starts: came, ends: left}}\n  labs:\n"
    columns = "    columns: {subject: who, charted: at, term: test, value: result}\n"

    def labs(source):
        (tmp_path / "mapping.yaml").write_text(head + source + columns, encoding="utf-8")
        corpus = ProjectFolder(tmp_path).corpus("keys")
        import_tables(corpus, Path(tmp_path / "mapping.yaml"), Options(max_unknown_pct=100))
        return sorted(row["value"] for row in results(corpus))

    assert labs("    from: labs_*.parquet\n") == [0.19, 0.2]
    assert labs("    query: SELECT * FROM read_parquet('labs_*.parquet', union_by_name = true)\n") == [0.19, 0.2]
    with pytest.raises(InputError, match="the files differ in their number of decimals"):
        labs("    query: SELECT * FROM 'labs_*.parquet'\n")
