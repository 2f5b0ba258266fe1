"""The canonical tables: the one seam between sources (a case folder, a database) and metrics.

Instants are whole minutes since the case's time zero. Values stand twice: as reported and canonical.
Units are UCUM codes; heparin and antithrombin are in ``[iU]`` (plain ``U`` is the enzyme unit in UCUM).
"""

from typing import Annotated

import polars as pl

from casetrace.schemas.base import TIME_FORMS, StringList, Table, column
from casetrace.schemas.claim_tests import COMPUTE

Amount = Annotated[pl.Decimal, 38, 12]

VALUE_KINDS = ["number", "approximate", "one_sided", "range", "word", "not_printed", "not_done"]
STATS = ["mean", "median", "min", "max", "range", "initial", "fall", "rise"]
DOSE_KINDS = ["bolus", "infusion", "total", "transfusion"]
ROUTES = ["iv", "sc", "oral", "im", "circuit", "local", "inhaled"]
PURPOSES = ["therapeutic", "prophylactic", "circuit", "flush"]
FINDING_STATUS = ["present", "absent", "not_reported", "not_read"]
ADJUDICATORS = ["authors", "curator"]
#: Whether a target is what was aimed at in this patient, or a range that the source cites as usual or as a definition.
TARGET_ROLES = ["aim", "cited"]
READ = ["full", "part", "abstract"]
CASE_STATUS = ["draft", "checked"]
#: What `of` of a claim names.
SUBJECTS = ["rows", "analyte", "patient_item", "drug", "score", "metric"]
AMOUNT_STATUS = ["known", "not_printed", "needs_weight", "needs_unit", "implausible_weight", "unreadable", "disputed"]
COMPARATORS = ["=", "<", "<=", ">", ">=", "~"]


class Row(Table):
    """What every canonical row carries: its case, its id and where it comes from."""

    case_id: str = column("Case that the row belongs to")
    row_id: str = column("Id of the row, unique within its case: the id typed in the raw file, or file.row")
    evidence: str = column("Place in the source (page, table, box)", nullable=True)
    note: str = column("Curator's note", nullable=True)
    raw_file: str = column("Raw file that holds the row")
    raw_row: pl.Int32 = column("Row in that file as a spreadsheet counts it (the heading is row 1)", ge=1)


class TimedRow(Row):
    """A row with one instant, known only as well as the source tells it."""

    when_reported: str = column("Time as typed in the raw file; null when unknown", nullable=True)
    time_form: str = column("How precisely the time is known", isin=TIME_FORMS)
    time_min: pl.Int64 = column("Best instant (midpoint); null when unknown or open", "min", nullable=True)
    time_earliest_min: pl.Int64 = column("Earliest possible instant", "min", nullable=True)
    time_latest_min: pl.Int64 = column("Latest possible instant", "min", nullable=True)
    day: pl.Int32 = column("Study day, when the instant surely lies within one", "d", nullable=True)
    anchor: str = column("Row that the time rests on (ID or ID.end)", nullable=True)
    offset_min: pl.Int64 = column(
        "Stated distance from the anchor; give or take the tolerance when typed with ~", "min", nullable=True
    )
    not_before: str = column("Row (ID or ID.end) that the instant does not precede: the start of an interval `@ID/...`", nullable=True)  # fmt: skip
    not_after: str = column("Row (ID or ID.end) that the instant does not follow: the end of an interval `.../@ID`", nullable=True)  # fmt: skip
    order: pl.Int32 = column("Step that the source states among rows whose time spans overlap", nullable=True)


class ValuedRow(TimedRow):
    """A timed row with one value, as reported and canonical."""

    value_reported: str = column("Value as typed in the raw file; null when given but not printed", nullable=True)
    unit_reported: str = column("Unit as typed in the raw file", nullable=True)
    read_as: str = column("Curator's reading, used where the print cannot be", nullable=True)
    value_kind: str = column("What form the value has", isin=VALUE_KINDS)
    value: float = column("Best value in `unit`; null for words and one-sided values", "unit", nullable=True)
    value_low: float = column("Lower bound in `unit`; null when there is none", "unit", nullable=True)
    value_high: float = column("Upper bound in `unit`; null when there is none", "unit", nullable=True)
    low_is_strict: bool = column("True when the true value lies above, not at, value_low")
    high_is_strict: bool = column("True when the true value lies below, not at, value_high")
    value_word: str = column("Word printed instead of a number, in lower case", nullable=True)
    unit: str = column("Canonical unit (UCUM); null when unknown", nullable=True)


class Cases(Table):
    """Grain: one row per case."""

    case_id: str = column("Case", unique=True)
    title: str = column("Title of the case in our own words")
    status: str = column("draft or checked by a second reader", isin=CASE_STATUS)
    read: str = column("How much of the source was read", isin=READ)
    is_fictional: bool = column("True when its publisher says that the case is invented; it then counts as no patient")
    patient_label: str = column("Label of the patient where a source has several", nullable=True)
    same_patient_as: StringList = column("Other cases of the same patient")
    time_zero: str = column("What time zero is, in words")
    day_zero_starts: str = column("Whether day 0 starts at midnight or at hour 0", isin=["midnight", "hour_zero"])
    observed_start_min: pl.Int64 = column("First minute that the source covers", "min")
    observed_end_min: pl.Int64 = column("Last minute that the source covers", "min")
    span_start_min: pl.Int64 = column("Start of the case within a longer record, which baselines and trailing windows may look back over; null when the whole record is the case. No dose crosses it", "min", nullable=True)  # fmt: skip
    span_end_min: pl.Int64 = column("First minute after the case within a longer record; nothing from then on is measured; null as above", "min", nullable=True)  # fmt: skip
    weight_kg: Amount = column("Dosing weight", "kg", nullable=True)
    weight_low_kg: Amount = column("Lower bound of the dosing weight", "kg", nullable=True)
    weight_high_kg: Amount = column("Upper bound of the dosing weight", "kg", nullable=True)
    weight_row_id: str = column("Row of `patient` that gives the dosing weight", nullable=True)


class Sources(Table):
    """Grain: one row per case: the publication or database that it comes from."""

    case_id: str = column("Case", unique=True)
    authors: StringList = column("Authors in printed order")
    article_title: str = column("Title of the publication", nullable=True)
    journal: str = column("Journal", nullable=True)
    year: pl.Int32 = column("Year", nullable=True)
    volume: str = column("Volume", nullable=True)
    issue: str = column("Issue", nullable=True)
    pages: str = column("Pages or article number", nullable=True)
    doi: str = column("DOI", nullable=True)
    pmid: str = column("PubMed id", nullable=True)
    pmcid: str = column("PubMed Central id", nullable=True)
    url: str = column("Address at which the source was read", nullable=True)
    licence: str = column("Licence of the source")
    curators: StringList = column("Who typed the case")
    source_text_sha256: str = column("Hash of the normalised source text that the rows were checked against", nullable=True)  # fmt: skip


class Patient(ValuedRow):
    """Grain: one row per patient item (age, sex, weight, diagnosis, earlier heparin exposure)."""

    item: str = column("Item: a vocabulary term or a free name")
    item_reported: str = column("Item as typed in the raw file")
    is_coded: bool = column("True when the item is a vocabulary term")


class Targets(Row):
    """Grain: one row per target range of a monitored analyte, with the span in which it was in force."""

    analyte: str = column("Analyte code")
    anticoagulant: str = column("Drug that the target was set for; null when not stated", nullable=True)
    role: str = column("aim: set for this patient; cited: a usual range or a definition that the source cites, by which no result is judged", isin=TARGET_ROLES)  # fmt: skip
    value_reported: str = column("Target as typed in the raw file", nullable=True)
    unit_reported: str = column("Unit as typed in the raw file", nullable=True)
    target_low: float = column("Lower end of the target", "unit", nullable=True)
    target_high: float = column("Upper end of the target", "unit", nullable=True)
    low_is_strict: bool = column("True when the lower end itself is outside")
    high_is_strict: bool = column("True when the upper end itself is outside")
    unit: str = column("Canonical unit (UCUM)", nullable=True)
    start_reported: str = column("Start as typed in the raw file", nullable=True)
    start_earliest_min: pl.Int64 = column("Earliest start; null when not stated", "min", nullable=True)
    start_latest_min: pl.Int64 = column("Latest start", "min", nullable=True)
    end_reported: str = column("End as typed in the raw file", nullable=True)
    end_earliest_min: pl.Int64 = column("Earliest end; null when not stated", "min", nullable=True)
    end_latest_min: pl.Int64 = column("Latest end", "min", nullable=True)


class Labs(ValuedRow):
    """Grain: one row per laboratory result, also for results given in words or not printed."""

    analyte: str = column("Analyte: a vocabulary code, or the name as typed when it is not in the vocabulary")
    analyte_reported: str = column("Analyte as typed in the raw file")
    is_coded: bool = column("True when the analyte is a vocabulary code")
    stat: str = column("What the value is when it is not one measurement", nullable=True, isin=STATS)
    conversion: str = column("How the canonical value came from the reported one", nullable=True)
    ref_low_reported: str = column("Lower end of the reference range as typed", nullable=True)
    ref_high_reported: str = column("Upper end of the reference range as typed", nullable=True)
    ref_low: float = column("Lower end of the reference range in `unit`", "unit", nullable=True)
    ref_high: float = column("Upper end of the reference range in `unit`", "unit", nullable=True)
    method: str = column("Assay or reagent", nullable=True)
    is_implausible: bool = column("True when the value lies outside the plausible range of the vocabulary")


class Doses(Row):
    """Grain: one row per dose, rate segment, total or transfusion; a repeated dose is one row per occurrence.

    `amount` is the dose for a bolus, total or transfusion, and the rate per hour for an infusion.
    """

    drug: str = column("Drug: a vocabulary name, or the name as typed when it is not in the vocabulary")
    drug_reported: str = column("Drug as typed in the raw file")
    is_coded: bool = column("True when the drug is in the vocabulary")
    drug_class: str = column("Class of the drug in the vocabulary", nullable=True)
    occurrence: pl.Int32 = column("1, 2, 3 ... for a repeated dose; 1 otherwise", ge=1)
    kind: str = column("bolus, infusion (a rate), total (over a span) or transfusion", isin=DOSE_KINDS)
    route: str = column("Route; null when not stated", nullable=True, isin=ROUTES)
    purpose: str = column("Purpose; null when not stated", nullable=True, isin=PURPOSES)
    order: pl.Int32 = column("Step that the source states among rows whose time spans overlap", nullable=True)
    amount_reported: str = column("Amount or rate as typed; null when given but not printed", nullable=True)
    unit_reported: str = column("Unit as typed in the raw file", nullable=True)
    read_as: str = column("Curator's reading, used where the print cannot be", nullable=True)
    assumption: str = column("What was read into the row beyond its print (route iv of a bolus), and why; null when nothing was", nullable=True)  # fmt: skip
    stat: str = column("What the amount is when it is not one dose or rate", nullable=True, isin=STATS)
    amount_status: str = column("Whether the amount could be made canonical; disputed: the source gives two, and the bounds hold both", isin=AMOUNT_STATUS)  # fmt: skip
    amount: Amount = column("Best amount, or rate per hour, in `unit`", "unit", nullable=True)
    amount_low: Amount = column("Lower bound of the amount", "unit", nullable=True)
    amount_high: Amount = column("Upper bound of the amount; null when there is none", "unit", nullable=True)
    unit: str = column("Canonical unit (UCUM): [iU], [iU]/h, mg, mg/h, {unit} ...", nullable=True)
    amount_per_kg: Amount = column("Best amount, or rate per hour, per kg: as reported, else from the weight", "unit_per_kg", nullable=True)  # fmt: skip
    amount_per_kg_low: Amount = column("Lower bound per kg", "unit_per_kg", nullable=True)
    amount_per_kg_high: Amount = column("Upper bound per kg", "unit_per_kg", nullable=True)
    unit_per_kg: str = column("Canonical unit per kg (UCUM): [iU]/kg, [iU]/kg/h ...", nullable=True)
    weight_row_ids: StringList = column(
        "Rows of `patient` whose weight was used; several where it is not known which was in force", nullable=True
    )
    conversion: str = column("How the canonical amount came from the reported one", nullable=True)
    start_reported: str = column("Start as typed", nullable=True)
    start_form: str = column("How precisely the start is known", isin=TIME_FORMS)
    start_min: pl.Int64 = column("Best start; null when unknown or open", "min", nullable=True)
    start_earliest_min: pl.Int64 = column("Earliest start", "min", nullable=True)
    start_latest_min: pl.Int64 = column("Latest start", "min", nullable=True)
    start_day: pl.Int32 = column("Study day of the start, when it surely lies within one", "d", nullable=True)
    start_anchor: str = column("Row that the start rests on (ID or ID.end)", nullable=True)
    start_offset_min: pl.Int64 = column("Exact distance of the start from its anchor", "min", nullable=True)
    start_not_before: str = column("Row (ID or ID.end) that the start does not precede", nullable=True)
    start_not_after: str = column("Row (ID or ID.end) that the start does not follow", nullable=True)
    start_boundary: str = column("Name of the boundary at the start: equal names are one instant")
    end_reported: str = column("End as typed; null when not stated", nullable=True)
    end_form: str = column("How precisely the end is known; 'open' when not stated", isin=TIME_FORMS)
    end_min: pl.Int64 = column("Best end; null when unknown or open. A bolus ends at its start", "min", nullable=True)
    end_earliest_min: pl.Int64 = column("Earliest end", "min", nullable=True)
    end_latest_min: pl.Int64 = column("Latest end", "min", nullable=True)
    end_anchor: str = column("Row that the end rests on (ID or ID.end)", nullable=True)
    end_offset_min: pl.Int64 = column("Exact distance of the end from its anchor", "min", nullable=True)
    end_boundary: str = column("Name of the boundary at the end: equal names are one instant")
    length_min: pl.Int64 = column("Length, when the source states it exactly; it is kept wherever the dose lies", "min", nullable=True)  # fmt: skip
    total_group: str = column("Group of doses of which a printed total may hold the others, by a row of it: what they gave together is open", nullable=True)  # fmt: skip
    is_implausible: bool = column("True when the amount or rate lies outside the plausible range of the vocabulary")


class Events(TimedRow):
    """Grain: one row per event (admission, ECMO start, discharge ...)."""

    event: str = column("Event: a vocabulary term, or the name as typed when it is not in the vocabulary")
    event_reported: str = column("Event as typed in the raw file")
    is_coded: bool = column("True when the event is a vocabulary term")


class Findings(TimedRow):
    """Grain: one row per finding that a person adjudicates; never computed, never a test result."""

    finding: str = column("Finding: a vocabulary term, or the name as typed when it is not in the vocabulary")
    finding_reported: str = column("Finding as typed in the raw file")
    is_coded: bool = column("True when the finding is a vocabulary term")
    status: str = column("present, absent, not_reported or not_read", isin=FINDING_STATUS)
    grade: str = column("Grade from the vocabulary", nullable=True)
    site: str = column("Site, or the cause that is meant", nullable=True)
    by: str = column("Who says so", isin=ADJUDICATORS)
    same_as: str = column("Row of `findings` that tells the same finding in another place; it then counts once", nullable=True)  # fmt: skip


class ReportedScores(TimedRow):
    """Grain: one row per score item (or total) as printed; never recomputed here."""

    score: str = column("Score (4ts, hep, isth_dic, sic)")
    item: str = column("Item of the score, or total, or band")
    points_reported: str = column("Points as typed", nullable=True)
    points: float = column("Points as printed", "points", nullable=True)
    label: str = column("Label as printed, in our own words or a term of the score's table", nullable=True)
    by: str = column("Who says so", isin=ADJUDICATORS)


class Claims(Row):
    """Grain: one row per statement of the authors, or check of the curator, that the printed numbers can be held against.

    References are resolved: a row is named by its id, a term by its name in the vocabulary, an instant by its minutes.
    """

    claim: str = column("The claim in our own words")
    by: str = column("Whose statement it is: of the authors (claims.csv) or of the curator (checks.csv)", isin=ADJUDICATORS)  # fmt: skip
    compute: str = column("How it is tested", isin=COMPUTE)
    of: str = column("What the claim is about, as typed", nullable=True)
    of_kind: str = column("What `of` names", nullable=True, isin=SUBJECTS)
    of_name: str = column("Analyte, patient item, drug, score or metric", nullable=True)
    of_part: str = column("Item or band of the score, kind of dose, or stratum of the metric", nullable=True)
    of_rows: StringList = column("Rows that `of` names")
    since: str = column("`from` of the raw file as typed", nullable=True)
    since_row: str = column("Row (ID or ID.end) that `from` names", nullable=True)
    since_earliest_min: pl.Int64 = column("Earliest start of the span, or instant of the row", "min", nullable=True)
    since_latest_min: pl.Int64 = column("Latest start of the span, or instant of the row", "min", nullable=True)
    until: str = column("`to` of the raw file as typed", nullable=True)
    until_row: str = column("Row (ID or ID.end) that `to` names", nullable=True)
    until_earliest_min: pl.Int64 = column("Earliest end of the span, or instant of the row", "min", nullable=True)
    until_latest_min: pl.Int64 = column("Latest end of the span, or instant of the row", "min", nullable=True)
    window: str = column("Length of the window, as typed (24h)", nullable=True)
    per: str = column("What the value is per (kg, h, d), as typed", nullable=True)
    per_rows: StringList = column("Doses that the value is per")
    comparator: str = column("How the stated value binds", isin=COMPARATORS)
    value_reported: str = column("Stated value as typed", nullable=True)
    unit_reported: str = column("Unit as typed", nullable=True)
    value_low: float = column("Lower end of the stated value", "unit_reported", nullable=True)
    value_high: float = column("Upper end of the stated value", "unit_reported", nullable=True)
    decimals: pl.Int32 = column("Decimals that the stated value is printed with", nullable=True)
    gave_rows: StringList = column("Rows that were typed from this very statement, which therefore cannot test it")
    complete: bool = column("True when the source says that what it prints is all there is")


CANONICAL: dict[str, type[Table]] = {
    "cases": Cases,
    "sources": Sources,
    "patient": Patient,
    "targets": Targets,
    "labs": Labs,
    "doses": Doses,
    "events": Events,
    "findings": Findings,
    "reported_scores": ReportedScores,
    "claims": Claims,
}
