#!/usr/bin/env bash
# DuckDB reads several parquet files with the decimal scale of the first one.
#
# Guess:   0.19 in a file of DECIMAL(9,2) stays 0.19 when it is read beside a file of DECIMAL(9,1), or the read fails.
# Is:      it becomes 0.2, without a word; the order of the file names decides. With union_by_name it stays 0.19.
# Matters: a hospital database is exported month by month, and each file has the scale that its values need. A dose rate of
#          0.19 mg/kg/h that becomes 0.2, or an anti-Xa of 0.34 that becomes 0.3, is a wrong number that nobody sees.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.0 pyarrow==24.0.0 polars==2.1.0
cd "$work"
"$work/env/bin/python" - <<'PY'
from decimal import Decimal
import duckdb, polars, pyarrow as pa, pyarrow.parquet as pq

pq.write_table(pa.table({"rate": pa.array([Decimal("0.2")], pa.decimal128(9, 1))}), "2024-01.parquet")
pq.write_table(pa.table({"rate": pa.array([Decimal("0.19")], pa.decimal128(9, 2))}), "2024-02.parquet")

plain = [row[0] for row in duckdb.sql("SELECT rate FROM '2024-*.parquet'").fetchall()]
by_name = [row[0] for row in duckdb.sql("SELECT rate FROM read_parquet('2024-*.parquet', union_by_name = true)").fetchall()]
try:
    polars.read_parquet("2024-*.parquet")
    other = "reads them"
except polars.exceptions.SchemaError as error:
    other = f"refuses them ({type(error).__name__})"
print(f"duckdb {duckdb.__version__}: plain {plain}, union_by_name {by_name}; polars {polars.__version__} {other}")
assert plain == [Decimal("0.2"), Decimal("0.2")], "the second file keeps its own digits now"
assert by_name == [Decimal("0.20"), Decimal("0.19")]
assert other.startswith("refuses")
PY
