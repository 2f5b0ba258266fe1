"""How to cite a case: the article that it comes from, as BibTeX and RIS."""

import re
from typing import Any

from casetrace.report.case_data import CaseData

#: Signs that mean something to BibTeX.
ESCAPES = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
}
BIBTEX = {"journal": "journal", "year": "year", "volume": "volume", "issue": "number", "pages": "pages", "doi": "doi",
          "pmid": "pmid", "url": "url"}  # fmt: skip
RIS = {"article_title": "TI", "journal": "JO", "year": "PY", "volume": "VL", "issue": "IS", "doi": "DO", "pmid": "AN",
       "url": "UR"}  # fmt: skip
#: Fields that hold names and are written as they are: an escape would change them.
VERBATIM = {"doi", "url", "pmid"}


def bibtex(case: CaseData) -> str:
    """An ``@article`` entry with whatever of the citation is known."""
    source = case.source
    fields = [("author", " and ".join(_escaped(a) for a in source["authors"] or []))]
    fields.append(("title", f"{{{_escaped(str(source['article_title'] or case.case['title']))}}}"))
    fields += [(key, _field(name, source[name])) for name, key in BIBTEX.items() if source[name] is not None]
    lines = [f"  {key} = {{{value}}}," for key, value in fields if value]
    return "\n".join([f"@article{{{re.sub(r'[^A-Za-z0-9-]', '', case.case_id)},", *lines, "}"]) + "\n"


def ris(case: CaseData) -> str:
    """A RIS record (journal article); lines end in carriage return and line feed, as the format asks."""
    source = case.source
    lines = [("TY", "JOUR")] + [("AU", str(a)) for a in source["authors"] or []]
    if source["article_title"] is None:
        lines.append(("TI", str(case.case["title"])))
    lines += [(tag, str(source[name])) for name, tag in RIS.items() if source[name] is not None]
    first, _, last = str(source["pages"] or "").replace("\u2013", "-").partition("-")
    lines += [(tag, value) for tag, value in (("SP", first), ("EP", last), ("ER", "")) if value or tag == "ER"]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines)


def _field(name: str, value: Any) -> str:
    text = str(value)
    return text if name in VERBATIM else _escaped(text.replace("\u2013", "--") if name == "pages" else text)


def _escaped(text: str) -> str:
    return "".join(ESCAPES.get(sign, sign) for sign in " ".join(text.split()))
