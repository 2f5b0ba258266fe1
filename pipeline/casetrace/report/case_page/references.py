"""The references of a report: the article itself, and where the definition of each family of numbers comes from."""

from casetrace.metrics.catalogue import catalogue
from casetrace.report.case_data import CaseData
from casetrace.report.case_page import overview
from casetrace.report.render.block import Block, fill


def block(case: CaseData) -> Block:
    """The article's citation, then the source of every definition that gave this case a number, by family."""
    used = {metric.name for metric in case.metrics.values() if metric.status != "no_data"}
    entries = {entry.title: entry.source for name, entry in catalogue().items() if name in used}
    article = overview.citation(case.source) or "The article's authors, title and journal are not recorded"
    return Block("references", fill("references", article=article, definitions=sorted(entries.items())))
