"""The keys of a case's source for a person who fills them: what each is for, and the words that it may hold.

The names of the keys are declared in `casetrace.extract.source_file`; a test holds this text against them.
"""

from dataclasses import dataclass

from casetrace.extract.source_file import DAY_ZERO, FICTIONAL
from casetrace.schemas.canonical import CASE_STATUS, READ


@dataclass(frozen=True)
class KeyRow:
    """One key: its name with points, what it is for, and the only words that it may hold (empty: free text)."""

    key: str
    meaning: str
    words: tuple[str, ...] = ()
    is_required: bool = True
    value: str = ""


def key_rows(case_id: str) -> list[KeyRow]:
    """Every key in the order in which it is filled; optional ones last."""
    return [
        KeyRow("case_id", "The name of the folder: lower case, digits, hyphens.", value=case_id),
        KeyRow("title", "The case in your own words, not the article's title."),
        *_citation(),
        KeyRow("licence", "Licence of the article, or what is known of it."),
        KeyRow("curators", "Who types this case; a semicolon between two: A Name; B Name."),
        KeyRow("status", "checked when a second person has read every row against the source.", tuple(CASE_STATUS),
               value="draft"),
        KeyRow("read", "How much of the article you have read.", tuple(READ)),
        KeyRow("time_zero.meaning", "What time zero is, in words: midnight at the start of the day of admission."),
        KeyRow("time_zero.day_zero_starts", "hour_zero when the article counts hours from an instant.", DAY_ZERO),
        KeyRow("observed", "The first and the last day that the source covers: D0/D25. The first day is day 0."),
        KeyRow("clocks.POD.0", "The article's own day count: the time of its day 0 (D2, @SURGERY). Rename POD and 0 as "
               "needed (clocks.HD.1); leave empty without one.", is_required=False),
        KeyRow("fictional", "true where the publisher says that the case is invented (a teaching case): it then stands "
               "in no comparison.", FICTIONAL, is_required=False),
        KeyRow("patient_label", "Which patient, where the article has several.", is_required=False),
        KeyRow("same_patient_as", "Other case ids of the same patient; a semicolon between two.", is_required=False),
        KeyRow("source_text.sha256", "SHA-256 of the text that the rows were checked against.", is_required=False),
    ]  # fmt: skip


def _citation() -> list[KeyRow]:
    return [
        KeyRow("citation.authors", "A semicolon between two: First A; Second B.", is_required=False),
        KeyRow("citation.title", "Title of the article.", is_required=False),
        KeyRow("citation.journal", "One of journal, year, doi, pmid, pmcid or url at least.", is_required=False),
        KeyRow("citation.year", "Four digits.", is_required=False),
        *(KeyRow(f"citation.{key}", "", is_required=False) for key in ("volume", "issue", "pages")),
        KeyRow("citation.doi", "10.1503/cmaj.180000, without https://doi.org/.", is_required=False),
        KeyRow("citation.pmid", "PubMed number.", is_required=False),
        KeyRow("citation.pmcid", "PubMed Central number with its letters: PMC1234567.", is_required=False),
        KeyRow("citation.url", "Only where the article has no DOI.", is_required=False),
    ]
