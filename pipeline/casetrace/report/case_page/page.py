"""What the notebook of a case calls: one function per piece of the report, each a display object."""

from dataclasses import dataclass
from pathlib import Path

from casetrace.core import params as parameters
from casetrace.core.errors import NotFoundError
from casetrace.core.paths import ProjectFolder
from casetrace.report.case_data import CaseData, read_case
from casetrace.report.case_page import (
    appendix,
    audit_view,
    breakdowns,
    care_checklist,
    case_tables,
    metric_tables,
    missing_data,
    overview,
    reference_percentiles,
    references,
    score_sensitivity,
    scores,
    timeline,
)
from casetrace.report.render.block import Block
from casetrace.report.text.evidence import Evidence


@dataclass(frozen=True)
class Report:
    """The pieces of one case's report, in the order of the page."""

    case: CaseData
    evidence: Evidence
    params: parameters.Params

    def title(self) -> Block:
        """Title, citation, status and licence."""
        return overview.title(self.case)

    def summary_lines(self) -> Block:
        """Who and what, in five lines."""
        return overview.summary_lines(self.case, self.evidence)

    def key_numbers(self) -> Block:
        """Key numbers with their bounds."""
        return overview.cards(self.case, self.evidence)

    def verdicts(self) -> Block:
        """The audit in short."""
        return overview.verdicts(self.case, self.evidence)

    def timeline(self) -> Block:
        """Figure 1."""
        return timeline.figure(self.case, self.evidence, self.params)

    def patient(self) -> Block:
        """Table 1."""
        return case_tables.patient(self.case, self.evidence).block()

    def laboratory(self) -> Block:
        """Table 2."""
        return case_tables.laboratory(self.case, self.evidence).block()

    def dosing(self) -> Block:
        """Table 3."""
        return case_tables.dosing(self.case, self.evidence).block()

    def heparin(self) -> Block:
        """Table 4."""
        return metric_tables.heparin(self.case, self.evidence).block()

    def platelets(self) -> Block:
        """Table 5."""
        return metric_tables.platelets(self.case, self.evidence).block()

    def monitoring(self) -> Block:
        """Table 6."""
        return metric_tables.monitoring(self.case, self.evidence).block()

    def other_results(self) -> Block:
        """Table 7."""
        return metric_tables.other_results(self.case, self.evidence).block()

    def placing(self) -> Block:
        """The case among the patients of a comparison corpus."""
        return reference_percentiles.block(self.case)

    def resistance(self) -> Block:
        """Table 8."""
        return metric_tables.resistance(self.case, self.evidence).block()

    def four_ts(self) -> Block:
        """Table 9."""
        return scores.four_ts(self.case, self.evidence).block()

    def other_scores(self) -> Block:
        """Table 10."""
        return scores.others(self.case, self.evidence).block()

    def audit(self) -> Block:
        """Table 11."""
        return audit_view.table(self.case, self.evidence).block()

    def checks(self) -> Block:
        """What the curator worked out."""
        return audit_view.checks(self.case, self.evidence).block()

    def score_sensitivity(self) -> Block:
        """Table 12."""
        return score_sensitivity.table(self.case, self.evidence).block()

    def unknowns(self) -> Block:
        """Table 13."""
        return missing_data.table(self.case, self.evidence).block()

    def care(self) -> Block:
        """Table 14."""
        return care_checklist.table(self.case, self.evidence).block()

    def sums(self) -> Block:
        """Every sum, unfolded."""
        return breakdowns.breakdowns(self.case, self.evidence)

    def methods_paragraph(self) -> Block:
        """A paragraph that a manuscript can take over."""
        return appendix.methods_paragraph(self.case, self.params)

    def methods(self) -> Block:
        """Table 15: the parameters."""
        return appendix.methods(self.params)

    def derived_numbers(self) -> Block:
        """Table 16."""
        return appendix.derived(self.case, self.evidence).block()

    def raw_rows(self) -> Block:
        """Table 17."""
        return appendix.raw_rows(self.evidence).block()

    def references(self) -> Block:
        """The article, and the source of each definition."""
        return references.block(self.case)

    def colophon(self) -> Block:
        """Source, licence, curators and versions."""
        return appendix.colophon(self.case)


def open_case(case_id: str, corpus: str) -> Report:
    """The report of a case of the project that holds the current folder.

    Raises:
        NotFoundError: no project around the current folder, or no such case in its processed tables.

    """
    here = Path.cwd()
    root = next((folder for folder in (here, *here.parents) if (folder / "params.yaml").is_file()), None)
    if root is None:
        raise NotFoundError("no project here: there is no params.yaml in this folder or above it")
    project = ProjectFolder(root)
    case = read_case(project.corpus(corpus), case_id)
    return Report(case, Evidence(case), parameters.load(project.params))
