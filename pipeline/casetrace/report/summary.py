"""``summary.json``: every number of a case under a stable key, with bounds, status, reason and rows."""

import json
from decimal import Decimal
from typing import Any

from casetrace.report.case_data import CaseData
from casetrace.report.case_page.appendix import versions
from casetrace.report.text import metric_text, reasons
from casetrace.report.text.citable import citable
from casetrace.vocabulary.reasons import read

#: Raised when a key is renamed, removed or changes its meaning; new keys do not raise it.
SCHEMA_VERSION = 1


def summary(case: CaseData) -> dict[str, Any]:
    """The case, its metrics by ``metric`` or ``metric.stratum``, its audit by claim, its placing, and the versions.

    Values are in ``unit`` (UCUM; ``min`` since time zero for instants); null where there is none. They have 12
    significant digits. ``placing`` has a row for each measure, none where no comparison corpus is named.
    """
    metrics = {
        m.key: {
            "value": _plain(m.value),
            "low": _plain(m.low),
            "high": _plain(m.high),
            "unit": m.unit,
            "status": m.status,
            "reason": m.reason,
            "reasons": reasons.as_data(case, m.reasons),
            "row_ids": list(m.row_ids),
            "label": metric_text.label(m),
            "display": metric_text.full(m, case),
        }
        for m in case.metrics.values()
    }
    audit = {str(r["claim_id"]): _row(case, r, ("case_id", "claim_id")) for r in case.rows("audit")}
    placing = [_row(case, r, ("case_id",)) for r in case.rows("placing")]
    about = {k: _plain(v) for k, v in case.case.items()} | {"corpus": case.corpus}
    return {
        "schema_version": SCHEMA_VERSION,
        "case": about,
        "source": {k: _plain(v) for k, v in case.source.items() if k != "case_id"},
        "metrics": metrics,
        "audit": audit,
        "placing": placing,
        "versions": versions(),
    }


def to_json(case: CaseData) -> str:
    """The summary as text: sorted keys, one space of indent, a line feed at the end."""
    return json.dumps(summary(case), indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _row(case: CaseData, row: dict[str, Any], without: tuple[str, ...]) -> dict[str, Any]:
    """A row of a table of results with its reasons in words too, without the columns that its place tells."""
    plain = {name: _plain(value) for name, value in row.items() if name not in without}
    return plain | {"reasons": reasons.as_data(case, read(row["reasons"]))}


def _plain(value: object) -> Any:
    """Decimals and doubles as numbers that can be cited; lists and text as they are."""
    return citable(float(value)) if isinstance(value, Decimal | float) else value
