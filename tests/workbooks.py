"""Case folders as workbooks, for tests."""

import csv
import shutil

from casetrace.core.yaml_files import read_mapping
from casetrace.extract.source_keys import LISTS
from openpyxl import Workbook


def as_number(text):
    """What a spreadsheet makes of a typed number, where nothing of it gets lost."""
    for kind in (int, float):
        try:
            if str(kind(text)) == text and not text.endswith(".0"):
                return kind(text)
        except ValueError:
            continue
    return text


def to_workbook(folder, twin, numbers=False, with_source=False):
    """The CSV sheets of a case folder as one workbook, with its source as a sheet or as the file beside it."""
    twin.mkdir(parents=True)
    book = Workbook()
    book.remove(book.active)
    for path in sorted(folder.iterdir()):
        if with_source and path.name == "source.yaml":
            add_source(book.create_sheet("source", 0), path)
            continue
        if path.suffix != ".csv" or path.name == "evidence.csv":
            shutil.copy(path, twin)
            continue
        sheet = book.create_sheet(path.stem)
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row, cells in enumerate(csv.reader(file), start=1):
                for column, text in enumerate(cells, start=1):
                    cell = sheet.cell(row=row, column=column, value=as_number(text) if numbers else text or None)
                    if not numbers or isinstance(cell.value, str):
                        cell.data_type = "s" if cell.value is not None else "n"
    book.save(twin / "case.xlsx")
    return twin


def add_source(sheet, path):
    """The keys of a source.yaml as rows."""
    sheet.append(["key", "value", "meaning"])
    for key, value in flat(read_mapping(path, numbers=False)):
        sheet.append([key, "; ".join(names(value)) if key in LISTS else value, "what a reader may know of it"])
        sheet.cell(row=sheet.max_row, column=2).data_type = "s"


def flat(values, outer=""):
    for key, value in values.items():
        if isinstance(value, dict):
            yield from flat(value, f"{outer}{key}.")
        else:
            yield f"{outer}{key}", value


def names(value):
    return [entry["name"] if isinstance(entry, dict) else entry for entry in value]
