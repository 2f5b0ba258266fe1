"""A table written frame by frame: what is read back, and that the frames leave no trace in the bytes."""

import polars as pl
import pyarrow.parquet as pq
from casetrace.core import growing_table


def test_a_table_in_row_groups_reads_back_as_it_was_and_depends_on_its_rows_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(growing_table, "GROUP_ROWS", 7)
    frame = pl.DataFrame(
        {"case_id": [f"c{i // 4}" for i in range(23)], "value": [None if i % 3 else i / 7 for i in range(23)]}
    ).with_columns(
        row_ids=pl.when(pl.col("value") > 1).then(pl.concat_list("case_id")).otherwise(pl.lit([], pl.List(pl.String)))
    )
    written = set()
    for step in (1, 5, 7, 23):
        table = growing_table.GrowingTable(tmp_path / f"{step}.parquet", frame.schema)
        for start in range(0, 23, step):
            table.append(frame.slice(start, step))
        table.finish()
        assert pl.read_parquet(tmp_path / f"{step}.parquet").equals(frame)
        written.add((tmp_path / f"{step}.parquet").read_bytes())
    assert len(written) == 1
    file = pq.ParquetFile(tmp_path / "1.parquet").metadata
    assert [file.row_group(i).num_rows for i in range(file.num_row_groups)] == [7, 7, 7, 2]


def test_a_table_of_one_row_group_has_the_bytes_that_other_stages_write(tmp_path):
    frame = pl.DataFrame({"case_id": ["a", "b", "c"], "value": [1.0, None, 3.0]})
    table = growing_table.GrowingTable(tmp_path / "grown.parquet", frame.schema)
    for row in range(3):
        table.append(frame.slice(row, 1))
    table.finish()
    frame.write_parquet(tmp_path / "once.parquet", compression="zstd", statistics=True)
    assert (tmp_path / "grown.parquet").read_bytes() == (tmp_path / "once.parquet").read_bytes()


def test_a_table_without_rows_keeps_its_columns(tmp_path):
    table = growing_table.GrowingTable(tmp_path / "t.parquet", {"case_id": pl.String(), "value": pl.Float64()})
    table.finish()
    assert pl.read_parquet_schema(tmp_path / "t.parquet") == {"case_id": pl.String, "value": pl.Float64}
