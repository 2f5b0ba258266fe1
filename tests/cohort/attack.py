"""What a reader can work out from a page in aggregate: every published number as a linear constraint, solved in integers.

Only what the page and its downloads hold is used. An unknown is the number of cases in a class of a variable, or in a
state of it; what parts what, and that all variables are of the same cases, is known.
"""

import base64
import io
import re
from html.parser import HTMLParser

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp

STATES = ("known", "open", "missing", "not_applicable")


class _Page(HTMLParser):
    """Texts of the cells of each table row, of the marks of each figure, and the files that the page carries."""

    def __init__(self):
        super().__init__()
        self.rows, self.figures, self.files, self._into = [], [], {}, None

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._into = self.rows[-1]
        elif tag == "svg":
            self.figures.append([])
        elif tag == "text":
            self.figures[-1].append("")
            self._into = self.figures[-1]
        elif tag == "a" and "download" in facts:
            self.files[facts["download"]] = base64.b64decode(facts["href"].split(",")[1])

    def handle_endtag(self, tag):
        if tag in ("td", "th", "text"):
            self._into = None

    def handle_data(self, data):
        if self._into is not None:
            self._into[-1] += data


def read(html):
    """The page, taken apart."""
    page = _Page()
    page.feed(html)
    return page


def tables(page):
    """The tables of the downloads, from their CSV."""
    found = {}
    for name in ("sizes", "characteristics", "classes", "quantiles"):
        found[name] = pl.read_csv(io.BytesIO(page.files[f"aggregate-{name}.csv"]), infer_schema_length=None)
    return found


def bounds(text):
    """``11 to 20``, ``10 or fewer``, ``withheld`` as printed."""
    numbers = [int(re.sub(r"\D", "", part)) for part in re.split(" to | or ", text) if re.search(r"\d", part)]
    if text == "withheld":
        return 0, None
    return (0, numbers[0]) if "fewer" in text else (numbers[0], numbers[-1])


class Attack:
    """Unknown counts with the constraints that the published numbers put on them."""

    def __init__(self):
        self.names, self.low, self.high, self.lines = [], [], [], []

    def unknown(self, name, low, high):
        self.names.append(name)
        self.low.append(low)
        self.high.append(np.inf if high is None else high)
        return len(self.names) - 1

    def sum_is(self, parts, total):
        self.line({**dict.fromkeys(parts, 1), total: -1}, 0, 0)

    def line(self, weights, low, high):
        self.lines.append((weights, low, high))

    def range_of(self, weights):
        """Smallest and largest possible value of a weighted sum of unknowns; None when there is no largest."""
        ends = []
        for sign in (1, -1):
            cost = np.zeros(len(self.names))
            for place, weight in weights.items():
                cost[place] = sign * weight
            rows = np.zeros((len(self.lines), len(self.names)))
            for at, (line, _, _) in enumerate(self.lines):
                for place, weight in line.items():
                    rows[at, place] = weight
            limits = LinearConstraint(rows, [one[1] for one in self.lines], [one[2] for one in self.lines])
            result = milp(cost, constraints=limits, bounds=Bounds(self.low, self.high), integrality=np.ones(len(cost)))
            assert result.status in (0, 3, 4), result.message
            assert result.status != 2, "what is published contradicts itself"
            ends.append(None if result.x is None else sign * round(result.fun))
        return tuple(ends)


def on_variables(found, names, empty=frozenset()):
    """The attack on some variables at once: their classes and states, joined by the number of cases.

    ``empty`` are counts that the reader knows to be 0, as nobody's sex is known by its bounds only.
    """
    attack = Attack()

    def unknown(name, low, high):
        return attack.unknown(name, *((0, 0) if name in empty else (low, high)))

    size = found["sizes"].row(0, named=True)
    total = attack.unknown(("cases",), size["cases_low"], size["cases_high"])
    for name in names:
        (told,) = found["characteristics"].filter(pl.col("variable") == name).to_dicts()
        states = [unknown((name, s), told[f"{s}_low"], told[f"{s}_high"]) for s in STATES]
        attack.sum_is(states, total)
        rows = found["classes"].filter(pl.col("variable") == name).to_dicts()
        classes = [unknown((name, "class", at), r["n_low"], r["n_high"]) for at, r in enumerate(rows)]
        attack.sum_is(classes, states[0])
        for quantile in found["quantiles"].filter(pl.col("variable") == name).to_dicts():
            _quantile(attack, quantile, rows, classes, states[0])
    return attack


def _quantile(attack, quantile, rows, classes, known):
    """Fewer than the share lie below the class of a quantile, and at least the share below its end."""
    share = quantile["share_pct"]
    if quantile["low"] is not None:
        below = [
            c
            for c, r in zip(classes, rows, strict=True)
            if r["below_value"] is not None and r["below_value"] <= quantile["low"]
        ]
        attack.line({**dict.fromkeys(below, 100), known: -share}, -np.inf, -1)
    if quantile["high"] is not None:
        within = [
            c
            for c, r in zip(classes, rows, strict=True)
            if r["below_value"] is not None and r["below_value"] <= quantile["high"]
        ]
        attack.line({**dict.fromkeys(within, 100), known: -share}, 0, np.inf)
