"""A number unfolded: its bounds, what adds up to it, and the rows of the source that it comes from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from casetrace.core.errors import NotFoundError
from casetrace.core.paths import Corpus
from casetrace.schemas import CANONICAL
from casetrace.values import display
from casetrace.vocabulary import reasons

#: Canonical tables whose rows a metric can come from, with the columns that hold the value as typed.
REPORTED = {
    "labs": ("analyte", "value_reported", "unit_reported", "when_reported"),
    "doses": ("drug", "amount_reported", "unit_reported", "start_reported"),
    "patient": ("item", "value_reported", "unit_reported", "when_reported"),
    "events": ("event", None, None, "when_reported"),
    "findings": ("finding", "status", None, "when_reported"),
    "targets": ("analyte", "value_reported", "unit_reported", "start_reported"),
    "reported_scores": ("item", "points_reported", None, "when_reported"),
}


@dataclass(frozen=True)
class Explanation:
    """One metric of one case with its terms (grain: one per dose) and its source rows."""

    case_id: str
    metric: dict[str, Any]
    terms: list[dict[str, Any]]
    rows: list[dict[str, Any]]

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """The reasons that have codes: code, rows, number, term, part, and the sentence with rows by their ids."""
        found = reasons.read(self.metric["reasons"])
        return [asdict(reason) | {"text": reasons.as_text([reason])} for reason in found]

    @property
    def why(self) -> list[str]:
        """What leaves the metric open or decides it, a sentence for each reason; rows by their ids, as below."""
        coded = [str(reason["text"]) for reason in self.reasons]
        return [text for text in coded or [self.metric["reason"]] if text]

    def as_json(self) -> dict[str, Any]:
        """Plain values for a program to read; each reason with its sentence."""
        metric = self.metric | {"reasons": self.reasons}
        return {"case_id": self.case_id, "metric": metric, "terms": self.terms, "rows": self.rows}


def explain(corpus: Corpus, case_id: str, key: str) -> Explanation:
    """The metric ``key`` (``metric`` or ``metric.stratum``) of a case.

    Raises:
        NotFoundError: when the corpus has no results yet, no such case or no such metric.
    """
    path = corpus.metrics / "metrics.parquet"
    if not path.is_file():
        raise NotFoundError(f"no results in {corpus.metrics} yet: run `casetrace run`")
    metrics = pl.read_parquet(path)
    mine = metrics.filter(pl.col("case_id") == case_id)
    if not mine.height:
        raise NotFoundError(f"no case {case_id!r}; known: {', '.join(sorted(set(metrics['case_id'])))}")
    keys = {_key(row): row for row in mine.to_dicts()}
    if key not in keys:
        raise NotFoundError(f"no metric {key!r} for {case_id}; known: {', '.join(sorted(keys))}")
    row = keys[key]
    terms = (
        pl.read_parquet(corpus.series / "terms.parquet")
        .filter(
            (pl.col("case_id") == case_id) & (pl.col("metric") == row["metric"]) & (pl.col("stratum") == row["stratum"])
        )
        .to_dicts()
    )
    return Explanation(case_id, row, terms, _rows(corpus, case_id, row["row_ids"]))


def _key(row: dict[str, Any]) -> str:
    return f"{row['metric']}.{row['stratum']}" if row["stratum"] else row["metric"]


def _rows(corpus: Corpus, case_id: str, row_ids: list[str]) -> list[dict[str, Any]]:
    found = []
    for table in CANONICAL:
        if table not in REPORTED:
            continue
        name, value, unit, when = REPORTED[table]
        wanted = (pl.col("case_id") == case_id) & pl.col("row_id").is_in(row_ids)
        for row in pl.read_parquet(corpus.table(table)).filter(wanted).to_dicts():
            found.append(
                {
                    "row_id": row["row_id"],
                    "what": row[name],
                    "value": row[value] if value else None,
                    "unit": row[unit] if unit else None,
                    "when": row[when],
                    "evidence": row["evidence"],
                    "raw_file": row["raw_file"],
                    "raw_row": row["raw_row"],
                }
            )
    return found


def as_text(explanation: Explanation) -> str:
    """The explanation as a page of plain text: the number, its terms for each bound, its rows."""
    metric = explanation.metric
    key = _key(metric)
    lines = [f"{key} of {explanation.case_id}", f"  {_value_text(metric)}"]
    lines += [f"  {text}" for text in explanation.why]
    for bound in ("best", "low", "high"):
        terms = [t for t in explanation.terms if t["bound"] == bound]
        lines += _terms_text(bound, terms, metric["metric"], {row["row_id"]: row["when"] for row in explanation.rows})
    lines.append("\nrows")
    for row in explanation.rows:
        value = " ".join(x for x in (display.reported(row["value"]), row["unit"]) if x)
        place = row["evidence"] or "no place given"
        lines.append(
            f"  {row['row_id']:<12} {row['what']}: {value}; time {row['when'] or 'not given'}; "
            f"{place}; {row['raw_file']}, row {row['raw_row']}"
        )
    return "\n".join(lines)


def _value_text(metric: dict[str, Any]) -> str:
    decimals = display.decimals_for(metric["unit"])
    unit = display.unit_text(metric["unit"], metric["metric"])
    if metric["unit"] == "min":
        points = [metric[name] for name in ("value", "low", "high") if metric[name] is not None]
        return " / ".join(display.instant(int(p)) for p in dict.fromkeys(points)) or metric["status"]
    bounds = display.span(metric["low"], metric["high"], decimals)
    if metric["unit"] == "{yes_no}":
        return {1.0: "yes", 0.0: "no"}.get(metric["value"], str(metric["status"]).replace("_", " "))
    if metric["value"] is None:
        return f"{metric['status'].replace('_', ' ')}" + (f"; bounds: {bounds} {unit}".rstrip() if bounds else "")
    return f"{display.number(metric['value'], decimals)} {unit} ({bounds})".strip()


def _terms_text(bound: str, terms: list[dict[str, Any]], name: str, printed: Mapping[str, str | None]) -> list[str]:
    """The terms of one bound; ``printed`` is the time of each row as reported."""
    if not terms:
        return []
    lines = [f"\n{bound}"]
    for term in terms:
        span = ""
        if term["from_min"] is not None and term["until_min"] is not None and term["until_min"] > term["from_min"]:
            hours = display.duration(term["until_min"] - term["from_min"])
            span = f"{display.instant(term['from_min'])} to {display.instant(term['until_min'])} ({hours})"
        elif term["from_min"] is not None:
            # A bound takes a dose at one end of what is known of its time: its minute is nobody's statement.
            reported = printed.get(term["row_id"]) if bound != "best" else None
            span = reported or display.instant(term["from_min"])
        unit = display.unit_text(term["unit"], name)
        rate = "" if term["rate"] is None else f" at {display.number(term['rate'], 2)} {unit}/h"
        amount = display.number(term["amount"], 1)
        lines.append(f"  {term['row_id']:<12} {amount:>12}  {', '.join(x for x in (term['kind'] + rate, span) if x)}")
    total = sum(t["amount"] for t in terms)
    lines.append(f"  {'sum':<12} {display.number(total, 1):>12}  {display.unit_text(terms[0]['unit'], name)}")
    return lines
