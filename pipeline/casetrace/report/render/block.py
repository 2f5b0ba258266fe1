"""A piece of a report as a display object: HTML for pages, one line of text for everything else."""

from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from casetrace.core.paths import TEMPLATES


class Block:
    """HTML with a name. Its text never carries a memory address, so that notebooks are reproducible."""

    def __init__(self, name: str, html: str, svg: str | None = None) -> None:
        self.name = name
        self.html = html
        self.svg = svg

    def __repr__(self) -> str:
        return f"[{self.name}]"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        bundle = {"text/plain": repr(self), "text/html": self.html}
        return bundle | ({"image/svg+xml": self.svg} if self.svg else {})


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES / "blocks"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def fill(template: str, **context: Any) -> Markup:
    """The block template with its values; text is escaped, a missing name is an error."""
    return Markup(_environment().get_template(f"{template}.html.j2").render(**context))
