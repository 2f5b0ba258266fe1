"""One fault each in a small valid case: the exact place and wording, nothing written, exit code 2.

The table below is also docs/broken-inputs.md; `CASETRACE_UPDATE_DOCS=1 pytest tests/test_broken_inputs.py` rewrites it.
"""

import os
from dataclasses import dataclass

import pytest
from casetrace.core.errors import EXIT_BAD_INPUT, InputError
from casetrace.core.paths import ProjectFolder
from casetrace.extract.stage import extract

from tests.case_builder import CASE_ID, ROOT, SMALL_CASE, params, write_case

DOCUMENT = ROOT / "docs" / "broken-inputs.md"


@dataclass(frozen=True)
class Fault:
    """One fault: in `file`, `old` becomes `new` (or the whole file becomes `new`), and the message that follows."""

    name: str
    file: str
    old: str | None
    new: str | bytes | None
    message: str

    def content(self) -> str | bytes | None:
        if self.old is None:
            return self.new
        text = SMALL_CASE[self.file]
        assert text.count(self.old) == 1, f"{self.name}: '{self.old}' must stand once in {self.file}"
        assert isinstance(self.new, str)
        return text.replace(self.old, self.new)


INFUSION = "I1,unfractionated heparin,infusion,iv,therapeutic,10,U/kg/h,,,D2T08:00,@ARG,"
BOLUS = "B1,unfractionated heparin,bolus,iv,therapeutic,5000,U,,,D2T08:00,,2"
ARGATROBAN = "ARG,argatroban,infusion,iv,therapeutic,1,ug/kg/min,,,D4T10:00,+12h,"
FORM = "13, 0.63, <5, >=20, 60..70, ~40"

FAULTS = [
    # --- files
    Fault("source.yaml is missing", "source.yaml", None, None,
          "source.yaml: the file is missing (allowed: a file source.yaml in each case folder)"),
    Fault("a file with a slip in its name", "lab.csv", None, "when,analyte,value\n",
          "lab.csv: a case folder has no such file (did you mean 'labs.csv'?)"),
    Fault("a workbook beside the CSV files", "case.xlsx", None, b"PK",
          "case.xlsx: the folder holds the sheets twice: here and in patient.csv, targets.csv, labs.csv, doses.csv, "
          "events.csv, findings.csv, scores.csv, claims.csv (allowed: either the workbook or the CSV files)"),
    Fault("an empty file", "labs.csv", None, "",
          "labs.csv: the file is empty (allowed: a heading row, or no such file)"),
    Fault("an empty first row", "labs.csv", None, "\nwhen,analyte,value\n",
          "labs.csv, row 1: the heading row is empty (allowed: when, analyte, value, id, order, unit, stat, ref_low, "
          "ref_high, method, read_as, evidence, note)"),
    Fault("saved as Latin-1", "events.csv", None, "id,event,when,note\nOP,surgery,D1,größer\n".encode("cp1252"),
          "events.csv, row 2: the text is not UTF-8 (allowed: save the sheet as 'CSV UTF-8')"),
    Fault("saved as UTF-16", "events.csv", None, "id,event,when\nOP,surgery,D1\n".encode("utf-16-le"),
          "events.csv: the file is not plain text (allowed: save the sheet as 'CSV UTF-8')"),
    Fault("separated by semicolons", "events.csv", None, "id;event;when\nOP;surgery;D1\n",
          "events.csv, row 1: the cells are separated by semicolons (allowed: commas; or one workbook case.xlsx in place "
          "of the CSV files)"),
    Fault("separated by tabs", "events.csv", None, "id\tevent\twhen\nOP\tsurgery\tD1\n",
          "events.csv, row 1: the cells are separated by tabs (allowed: commas; or one workbook case.xlsx in place of the "
          "CSV files)"),
    Fault("a quotation mark that is never closed", "events.csv", "OP,surgery", 'OP,"surgery',
          'events.csv, row 2: a quotation mark is opened or closed in the wrong place (allowed: "text, with a comma"; '
          "a quotation mark within is doubled)"),
    # --- headings and cells
    Fault("a required column is missing", "labs.csv", "id,when,order,analyte,value,", "id,when,order,analyte,note,",
          "labs.csv, row 1, column value: the column is missing (allowed: the columns when, analyte, value)"),
    Fault("an unknown column", "labs.csv", "ref_low,ref_high", "reflow,ref_high",
          "labs.csv, row 1, column reflow: the sheet has no such column (did you mean 'ref_low'?)"),
    Fault("a column twice", "labs.csv", "stat,ref_low", "unit,ref_low",
          "labs.csv, row 1, column unit: the column stands twice (allowed: each column once)"),
    Fault("a column without a heading", "events.csv", "id,event,when,order", "id,event,when,",
          "events.csv, row 1: column 4 has no heading (allowed: event, when, id, order, evidence, note)"),
    Fault("a row with a cell too many", "events.csv", "OP,surgery,D1T09:00,", "OP,surgery,D1T09:00,,hip, left",
          'events.csv, row 2: the row has 6 cells and the heading has 4 (allowed: as many; a cell with a comma stands in '
          '"quotes")'),
    Fault("a row with a cell too few", "events.csv", "OP,surgery,D1T09:00,", "OP,surgery,D1T09:00",
          'events.csv, row 2: the row has 3 cells and the heading has 4 (allowed: as many; a cell with a comma stands in '
          '"quotes")'),
    Fault("an error of the spreadsheet", "labs.csv", "platelets,150,", "platelets,#REF!,",
          "labs.csv, row 2, column value: '#REF!' is an error of the spreadsheet (allowed: what the source prints)"),
    # --- source.yaml
    Fault("YAML that cannot be read", "source.yaml", "curators: [tester]", "curators: [tester",
          "source.yaml: the file cannot be read as YAML near line 6 (allowed: key: value, one a line)"),
    Fault("a key twice", "source.yaml", "status: draft", "status: draft\nstatus: checked",
          "source.yaml: the key 'status' stands twice (line 7) (allowed: each key once)"),
    Fault("an unknown key", "source.yaml", "licence: none", "license: none",
          "source.yaml, key license: no such key (did you mean 'licence'?)"),
    Fault("an unknown key of the citation", "source.yaml", "journal: J Test", "jurnal: J Test",
          "source.yaml, key citation.jurnal: no such key (did you mean 'journal'?)"),
    Fault("a required key is missing", "source.yaml", "observed: D0/D25\n", "",
          "source.yaml, key observed: the key is missing (allowed: the first and the last day that the source covers: D0/D25)"),
    Fault("the case id is not the folder", "source.yaml", "case_id: small-case", "case_id: other-case",
          "source.yaml, key case_id: 'other-case' is not the name of the folder (allowed: small-case)"),
    Fault("a status that does not exist", "source.yaml", "status: draft", "status: done",
          "source.yaml, key status: 'done' is not a choice (allowed: draft, checked)"),
    Fault("a word that is neither true nor false", "source.yaml", "read: full", "read: full\nfictional: yes",
          "source.yaml, key fictional: 'yes' is not a choice (allowed: true, false)"),
    Fault("a span that is a calendar date", "source.yaml", "observed: D0/D25", "observed: 2020-04-21/2020-05-15",
          "source.yaml, key observed: '2020-04-21/2020-05-15' is a calendar date (allowed: the first and the last "
          "day that the source covers: D0/D25)"),
    Fault("a span that ends before it starts", "source.yaml", "observed: D0/D25", "observed: D25/D0",
          "source.yaml, key observed: 'D25/D0' ends before it starts (allowed: D0/D25)"),
    Fault("a clock without a number", "source.yaml", 'POD: {0: "@OP"}', 'POD: "@OP"',
          "source.yaml, key clocks.POD: a clock is given by the instant of one of its numbers (allowed: "
          'POD: {0: "@SURGERY"})'),
    Fault("a year that is not one", "source.yaml", "year: 2020", "year: '20'",
          "source.yaml, key citation.year: '20' is not a year (allowed: 2019)"),
    # --- ids
    Fault("an id twice", "labs.csv", "HB,D2,,hemoglobin", "P1,D2,,hemoglobin",
          "labs.csv, row 4, column id: the id 'P1' stands already in labs.csv, row 2 (allowed: each id once)"),
    Fault("an id twice in two files", "events.csv", "OP,surgery", "WT,surgery",
          "events.csv, row 2, column id: the id 'WT' stands already in patient.csv, row 3 (allowed: each id once)"),
    Fault("an id with a space", "labs.csv", "P1,D0", "P 1,D0",
          "labs.csv, row 2, column id: 'P 1' is not an id (allowed: a letter, then letters, digits, '-' or '_' (PLT1, "
          "ECMO-END))"),
    Fault("an id that reads as a distance", "labs.csv", "P1,D0", "P-24h,D0",
          "labs.csv, row 2, column id: the id 'P-24h' ends like a distance in time (allowed: an id that does not end in "
          "-24h, -7d ...)"),
    Fault("a row typed twice", "labs.csv", "HB,D2,,hemoglobin,9.3,g/dL,,11.5,16.0,\n",
          "HB,D2,,hemoglobin,9.3,g/dL,,11.5,16.0,\nHB2,D2,,hemoglobin,9.3,g/dL,,11.5,16.0,\n",
          "labs.csv, row 5: the row repeats row 4 in every column but id, evidence and note (allowed: one row; or `order` "
          "where the source gives two results)"),
    # --- times
    Fault("a calendar date", "labs.csv", "P1,D0,", "P1,21 April 2020,",
          "labs.csv, row 2, column when: '21 April 2020' is a calendar date (allowed: study days: D4, D4T03:15, D4~, "
          "D4T03:15/D4T04:00, ../D4, @ID, @ID.end, @ID+2h, @ID+4d)"),
    Fault("a day in a small letter", "labs.csv", "P1,D0,", "P1,d0,",
          "labs.csv, row 2, column when: 'd0' is not a time (did you mean 'D0'?)"),
    Fault("an hour that does not exist", "labs.csv", "D2T06:00", "D2T24:10",
          "labs.csv, row 3, column when: 'D2T24:10' has no such time of day (allowed: T00:00 to T23:59)"),
    Fault("a reference to no row", "doses.csv", "D2T08:00,@ARG,", "D2T08:00,@ARGG,",
          "doses.csv, row 3, column end: no row of this case has the id 'ARGG' (did you mean 'ARG'?)"),
    Fault("the end of a row without an end", "labs.csv", "P1,D0,", "P1,@OP.end,",
          "labs.csv, row 2, column when: the row 'OP' has no end (allowed: @OP, or the id of a dose)"),
    Fault("times that rest on each other", "labs.csv", "P1,D0,", "P1,@P1+2h,",
          "labs.csv, row 2, column when: the time rests on itself: P1 -> P1 (labs.csv row 2) (allowed: at least one time "
          "that is not a reference)"),
    Fault("a clock that is not named", "labs.csv", "P1,D0,", "P1,LOS3,",
          "labs.csv, row 2, column when: no clock 'LOS' is named in source.yaml (allowed: D, HD, POD, a new key "
          "clocks.LOS, or the id of a row behind an @)"),
    Fault("an interval the wrong way round", "labs.csv", "P1,D0,", "P1,D6/D4,",
          "labs.csv, row 2, column when: the interval ends before it starts (allowed: the earlier time first: D4/D6)"),
    Fault("an open side before the record", "labs.csv", "P1,D0,", "P1,../D-3,",
          "labs.csv, row 2, column when: the start is open, and `observed` in source.yaml starts at D0T00:00, after this "
          "time (allowed: a start in place of '..', or an `observed` that covers this time)"),
    Fault("an end before the start", "doses.csv", "D4T10:00,+12h", "D4T10:00,D4T09:00",
          "doses.csv, row 4, column end: the end lies before the start (allowed: an end after the start)"),
    Fault("a length that is not one", "doses.csv", "D4T10:00,+12h", "D4T10:00,+12",
          "doses.csv, row 4, column end: '+12' is not a length (allowed: +30min, +12h, +5d, +2w)"),
    Fault("a bolus with an end", "doses.csv", "D2T08:00,,2", "D2T08:00,D2T09:00,2",
          "doses.csv, row 2, column end: a bolus is an instant (allowed: no end; kind total for an amount over a span)"),
    Fault("steps against the times", "labs.csv", "D2T06:00,1", "D2T06:00,3",
          "labs.csv, row 3, column order: step 3 lies before step 2 of 'B1' by its time (allowed: steps in the order of "
          "the times)"),
    Fault("a step that is not a number", "labs.csv", "D2T06:00,1", "D2T06:00,first",
          "labs.csv, row 3, column order: 'first' is not a step (allowed: 1, 2, 3 ...)"),
    # --- values
    Fault("a comma before the decimals", "labs.csv", "hemoglobin,9.3,", 'hemoglobin,"9,3",',
          "labs.csv, row 4, column value: '9,3' is not a value (did you mean '9.3'?)"),
    Fault("a letter O for a zero", "labs.csv", "platelets,150,", "platelets,15O,",
          f"labs.csv, row 2, column value: '15O' is not a value (allowed: {FORM}; the unit stands in its own column)"),
    Fault("a space between thousands", "doses.csv", "therapeutic,5000,U", "therapeutic,5 000,U",
          "doses.csv, row 2, column amount: '5 000' is not a value (did you mean '5000'?)"),
    Fault("a comma between thousands", "doses.csv", "therapeutic,5000,U", 'therapeutic,"5,000",U',
          f"doses.csv, row 2, column amount: '5,000' is not a value (allowed: {FORM}; no separator between thousands "
          "(5000), a point before decimals (5.000))"),
    Fault("a comma that may be either", "labs.csv", "platelets,150,", 'platelets,"1,406",',
          f"labs.csv, row 2, column value: '1,406' is not a value (allowed: {FORM}; no separator between thousands "
          "(1406), a point before decimals (1.406))"),
    Fault("a D-dimer in FEU under the other analyte", "labs.csv", "hemoglobin,9.3,g/dL", "D-dimer,1844,ng/mL FEU",
          "labs.csv, row 4, column unit: 'ng/mL FEU' cannot be converted to ug/L for d_dimer (did you mean the analyte "
          "'d_dimer_feu'?)"),
    Fault("a word for nothing told", "labs.csv", "platelets,150,", "platelets,n.d.,",
          "labs.csv, row 2, column value: 'n.d.' is not a value (allowed: "),
    Fault("a row named without its sign", "doses.csv", "D2T08:00,@ARG,", "D2T08:00,ARG,",
          "doses.csv, row 3, column end: 'ARG' is not a time (allowed: @ARG where that is the id of a row; a day is D4, a "
          "time D4T03:15)"),
    Fault("a length of time in words", "doses.csv", "D2T08:00,@ARG,", "D2T08:00,3 h after OP,",
          "doses.csv, row 3, column end: '3 h after OP' is not a time (did you mean '@OP+3h'?)"),
    Fault("a power of ten", "labs.csv", "platelets,150,", "platelets,1e3,",
          f"labs.csv, row 2, column value: '1e3' is not a value (allowed: {FORM}; the unit stands in its own column)"),
    Fault("not a number", "labs.csv", "platelets,150,", "platelets,NaN,",
          f"labs.csv, row 2, column value: 'NaN' is not a value (allowed: {FORM})"),
    Fault("infinity", "labs.csv", "platelets,150,", "platelets,inf,",
          f"labs.csv, row 2, column value: 'inf' is not a value (allowed: {FORM})"),
    Fault("a range the wrong way round", "labs.csv", "platelets,150,", "platelets,70..60,",
          "labs.csv, row 2, column value: the range '70..60' ends below its start (allowed: the lower number first: "
          "60..70)"),
    Fault("a slip in a word", "labs.csv", "platelets,150,", "platelets,normel,",
          "labs.csv, row 2, column value: 'normel' is not a value (did you mean 'normal'?)"),
    Fault("a reference range the wrong way round", "labs.csv", "11.5,16.0", "16.0,11.5",
          "labs.csv, row 4, column ref_low: the reference range ends below its start (allowed: ref_low not above "
          "ref_high)"),
    Fault("a reference range that is not a number", "labs.csv", "11.5,16.0", "11.5,16 g/dL",
          "labs.csv, row 4, column ref_high: '16 g/dL' is not a plain number (allowed: 13, 0.63)"),
    Fault("a wide table with a value that is none", "labs_wide.csv", None, "when,platelets [10^9/L]\nD3,240\nD4,24O\n",
          "labs_wide.csv, row 3, column platelets [10^9/L]: '24O' is not a value (allowed: "),
    Fault("a wide table with one analyte in two columns", "labs_wide.csv", None, "when,platelets [10^9/L],PLT [/uL]\nD3,240,\nD4,,180000\n",
          "labs_wide.csv, row 1, column PLT [/uL]: the analyte stands already in the column 'platelets [10^9/L]' (allowed: one "
          "column for each analyte)"),
    Fault("a wide table with a slip in an analyte", "labs_wide.csv", None, "when,platelts [10^9/L]\nD3,240\n",
          "labs_wide.csv, row 1, column platelts [10^9/L]: 'platelts' is not in the vocabulary (did you mean "
          "'platelets'?)"),
    Fault("a wide table with a column of the long one", "labs_wide.csv", None, "when,value\nD3,240\n",
          "labs_wide.csv, row 1, column value: the sheet has no such column (allowed: when, id, order, evidence, note)"),
    Fault("a wide table with a reference range upside down", "labs_wide.csv", None, "when,INR\nreference,1.2..0.8\nD3,1.1\n",
          "labs_wide.csv, row 2, column INR: '1.2..0.8' is not a reference range (allowed: 150..400, <1.5, <=30, >0.50, >=80, "
          "the lower number first)"),
    Fault("a wide table with a row about columns below a result", "labs_wide.csv", None, "when,INR\nD3,1.1\nreference,0.8..1.2\n",
          "labs_wide.csv, row 3, column when: 'reference' says something of the columns (allowed: such rows first)"),
    Fault("a statistic that does not exist", "labs.csv", "g/dL,,11.5", "g/dL,average,11.5",
          "labs.csv, row 4, column stat: 'average' is not a choice (did you mean 'mean'?)"),
    Fault("a weight of nothing", "patient.csv", "body_weight,80", "body_weight,0",
          "patient.csv, row 3, column value: a weight of '0' is not possible (allowed: more than 0)"),
    Fault("a word for a number of the patient", "patient.csv", "age,41", "age,elderly",
          f"patient.csv, row 2, column value: 'elderly' is not a value (allowed: {FORM})"),
    # --- names and units
    Fault("a slip in an analyte", "labs.csv", "platelets,150", "platlets,150",
          "labs.csv, row 2, column analyte: 'platlets' is not in the vocabulary (did you mean 'platelets'?)"),
    Fault("a slip in a drug", "doses.csv", "ARG,argatroban", "ARG,argatrobann",
          "doses.csv, row 4, column drug: 'argatrobann' is not in the vocabulary (did you mean 'argatroban'?)"),
    Fault("an empty analyte", "labs.csv", "platelets,150", ",150",
          "labs.csv, row 2, column analyte: the cell is empty (allowed: a text)"),
    Fault("a unit that does not exist", "labs.csv", "9.3,g/dL", "9.3,g/dLL",
          "labs.csv, row 4, column unit: the unit 'g/dLL' is not known (did you mean 'g/dL'?)"),
    Fault("a unit that cannot be converted", "labs.csv", "9.3,g/dL", "9.3,mmol/L",
          "labs.csv, row 4, column unit: 'mmol/L' cannot be converted to g/L for hemoglobin (allowed: g/L, g/dL)"),
    Fault("a unit that must not be left out", "labs.csv", "9.3,g/dL", "9.3,",
          "labs.csv, row 4, column unit: the unit of hemoglobin is missing (allowed: g/L, g/dL; where none is printed, "
          "your reading in read_as)"),
    Fault("a reading that cannot be used", "labs.csv", "11.5,16.0,", "11.5,16.0,9.3 g/dX",
          "labs.csv, row 4, column read_as: the unit 'g/dX' is not known (did you mean 'g/dl'?)"),
    # --- doses
    Fault("a kind that does not exist", "doses.csv", "B1,unfractionated heparin,bolus", "B1,unfractionated heparin,shot",
          "doses.csv, row 2, column kind: 'shot' is not a choice (allowed: bolus, infusion, total, transfusion, dose)"),
    Fault("a route that does not exist", "doses.csv", "bolus,iv", "bolus,intravenous",
          "doses.csv, row 2, column route: 'intravenous' is not a choice (did you mean 'iv'?)"),
    Fault("a negative dose", "doses.csv", "therapeutic,5000,U", "therapeutic,-5000,U",
          "doses.csv, row 2, column amount: the amount '-5000' is negative (allowed: 0 or more)"),
    Fault("a word for an amount", "doses.csv", "therapeutic,5000,U", "therapeutic,high,U",
          f"doses.csv, row 2, column amount: 'high' is not a value (allowed: {FORM})"),
    Fault("a dose without a unit", "doses.csv", "therapeutic,5000,U", "therapeutic,5000,",
          "doses.csv, row 2, column unit: the unit of unfractionated heparin is missing (allowed: U, U/kg; or your reading in "
          "read_as)"),
    Fault("international units in milligrams", "doses.csv", "therapeutic,5000,U", "therapeutic,50,mg",
          "doses.csv, row 2, column unit: 'mg' cannot be converted to U for unfractionated heparin (allowed: U)"),
    Fault("an infusion without a rate", "doses.csv", "therapeutic,10,U/kg/h", "therapeutic,10,U/kg",
          "doses.csv, row 3, column unit: an infusion needs a rate and 'U/kg' is an amount (allowed: U/kg/h; or kind total "
          "for an amount over a span)"),
    Fault("a bolus with a rate", "doses.csv", "therapeutic,5000,U", "therapeutic,5000,U/h",
          "doses.csv, row 2, column unit: a bolus needs an amount and 'U/h' is a rate (allowed: kind infusion for a rate)"),
    Fault("an interval between doses typed as a rate", "doses.csv", "therapeutic,5000,U", "therapeutic,5000,U/8 h",
          "doses.csv, row 2, column unit: 'U/8 h' is not a unit (allowed: "),
    Fault("infusions that surely overlap", "doses.csv", ARGATROBAN,
          f"{ARGATROBAN}\nI2,unfractionated heparin,infusion,iv,therapeutic,12,U/kg/h,,,D3T08:00,D3T10:00,",
          "doses.csv, row 5, column start: this infusion and 'I1' (row 3) of unfractionated heparin surely overlap "
          "(allowed: one rate at a time: end the earlier with @ID of the later; or concurrent_with for two pumps)"),
    Fault("an infusion repeated", "doses.csv", INFUSION, INFUSION.replace(",,,D2T08:00", ",,8h,D2T08:00"),
          "doses.csv, row 3, column every: a dose of kind infusion cannot be repeated (allowed: kind bolus or transfusion)"),
    Fault("an `every` that is not a distance", "doses.csv", BOLUS, BOLUS.replace(",,,D2T08:00,,2", ",,q8h,D2T08:00,D4,2"),
          "doses.csv, row 2, column every: 'q8h' is not the distance between two doses (did you mean '8h'?)"),
    Fault("a dose every minute", "doses.csv", BOLUS, BOLUS.replace(",,,D2T08:00,,2", ",,1min,D2T08:00,D4T08:00,2"),
          "doses.csv, row 2, column every: this dose would be given 2880 times (allowed: at most 1000 times)"),
    # --- findings, scores, claims
    Fault("a status of a finding that does not exist", "findings.csv", "absent", "none",
          "findings.csv, row 2, column status: 'none' is not a choice (allowed: present, absent, not_reported, not_read)"),
    Fault("a grade that the finding does not have", "findings.csv", "absent,,", "absent,huge,",
          "findings.csv, row 2, column grade: 'huge' is not a grade of bleeding (allowed: "),
    Fault("an adjudicator that does not exist", "findings.csv", "authors", "nurse",
          "findings.csv, row 2, column by: 'nurse' is not a choice (allowed: authors, curator)"),
    Fault("points that are not a number", "scores.csv", "total,3,", "total,three,",
          "scores.csv, row 2, column points: 'three' is not a plain number (allowed: 13, 0.63)"),
    Fault("a claim about no row", "claims.csv", "level,P1", "level,P9",
          "claims.csv, row 2, column of: no row of this case has the id 'P9' (allowed: the id of a row, a time or a name)"),
    Fault("a claim with nothing to test", "claims.csv", "level,P1,", "level,,",
          "claims.csv, row 2, column of: the cell is empty, and 'level' needs it (allowed: ids of rows, an analyte, a patient "
          "item)"),
    Fault("a test of a claim that does not exist", "claims.csv", "level,P1", "average,P1",
          "claims.csv, row 2, column compute: 'average' is not a choice (did you mean 'mean'?)"),
    Fault("an item that the score does not have", "scores.csv", "4ts,total,3,", "4ts,tming,3,",
          "scores.csv, row 2, column item: 'tming' is no item of 4ts (did you mean 'timing'?)"),
    Fault("an item of another score", "scores.csv", "4ts,total,3,", "4ts,bypass_96h,3,",
          "scores.csv, row 2, column item: 'bypass_96h' is no item of 4ts (allowed: thrombocytopenia, timing, thrombosis, "
          "other_causes, total, band)"),
    Fault("a slip in the name of a score", "scores.csv", "4ts,total", "isth dick,total",
          "scores.csv, row 2, column score: 'isth dick' is not a score of the vocabulary (did you mean 'isth_dic'?)"),
    Fault("a claim of a score that does not exist", "claims.csv", "level,P1", "score_total,nonsense",
          "claims.csv, row 2, column of: 'nonsense' is not a score (allowed: 4ts, hep, isth_dic, isth_dic_2025, sic)"),
    Fault("a claim of an item that does not exist", "claims.csv", "level,P1", "score_item,4Ts timming",
          "claims.csv, row 2, column of: 'timming' is no item of 4ts (did you mean 'timing'?)"),
    Fault("a claim of a score without an item", "claims.csv", "level,P1", "score_item,4Ts",
          "claims.csv, row 2, column of: the item of 4ts is missing (allowed: 4ts thrombocytopenia, 4ts timing, 4ts "
          "thrombosis, 4ts other_causes)"),
    Fault("a claim of a band that does not exist", "claims.csv", "level,P1", "score_band,4Ts intermed",
          "claims.csv, row 2, column of: 'intermed' is no band of 4ts (did you mean 'intermediate'?)"),
    Fault("a claim of an item where a score is meant", "claims.csv", "level,P1", "score_total,4Ts timing",
          "claims.csv, row 2, column of: 'score_total' is of a whole score, not of 'timing' (allowed: 4ts)"),
    Fault("a claim about no analyte", "claims.csv", "level,P1", "max,platlets",
          "claims.csv, row 2, column of: 'platlets' is no analyte (did you mean 'platelets'?)"),
    Fault("a claim about no drug", "claims.csv", "level,P1", "dose_total,argatrobam",
          "claims.csv, row 2, column of: 'argatrobam' is no drug (did you mean 'argatroban'?)"),
    Fault("a dose that is a result", "claims.csv", "level,P1", "dose_total,P1",
          "claims.csv, row 2, column of: 'P1' is no dose (allowed: a row of doses.csv)"),
    Fault("the value of an event", "claims.csv", "level,P1", "level,OP",
          "claims.csv, row 2, column of: 'OP' is no row with a value (allowed: a row of labs.csv or patient.csv or doses.csv)"),
    Fault("two rows for one value", "claims.csv", "level,P1", "level,P1 A1",
          "claims.csv, row 2, column of: 2 rows are named, and the test is of one (allowed: the id of one row)"),
    Fault("one row that agrees with itself", "claims.csv", "level,P1", "agrees,P1",
          "claims.csv, row 2, column of: 'P1' is one row, and rows are compared (allowed: ids of two rows or more)"),
    Fault("a claim about no metric", "claims.csv", "level,P1", "other,platelet_nadir",
          "claims.csv, row 2, column of: 'platelet_nadir' is no metric (did you mean 'platelets_nadir'?)"),
    Fault("a claim that ends at no row", "claims.csv", "level,P1,,", "change,platelets,P1,A9",
          "claims.csv, row 2, column to: no row of this case has the id 'A9' (allowed: the id of a row, a time or a name)"),
    Fault("a claim that begins at no time", "claims.csv", "level,P1,,", "max,platelets,yesterday,",
          "claims.csv, row 2, column from: 'yesterday' is neither a row nor a time (allowed: @yesterday where that is the id "
          "of a row; a day is D4, a time D4T03:15)"),
    Fault("a change without its end", "claims.csv", "level,P1,,", "change,platelets,P1,",
          "claims.csv, row 2, column to: the cell is empty, and 'change' needs it (allowed: the id of a row)"),
    Fault("an argument that the test does not take", "claims.csv", "level,P1,,", "level,P1,,A1",
          "claims.csv, row 2, column to: 'level' does not take 'to' (allowed: of, gave)"),
    Fault("a window of a maximum", "claims.csv", "id,claim,compute,of,from,to,value,unit\nC1,Platelets fell,level,P1,,,",
          "id,claim,compute,of,from,window,value,unit\nC1,Platelets fell,max,platelets,,24h,",
          "claims.csv, row 2, column window: 'max' does not take 'window' (allowed: of, from, to, complete, gave)"),
    Fault("a window that is no length", "claims.csv", "id,claim,compute,of,from,to,value,unit\nC1,Platelets fell,level,P1,,,",
          "id,claim,compute,of,from,window,value,unit\nC1,Platelets fell,dose_total,heparin,,a day,",
          "claims.csv, row 2, column window: 'a day' is not a length (allowed: 24h, 7d)"),
    Fault("a rate per what is no unit", "claims.csv", "id,claim,compute,of,from,to,value,unit\nC1,Platelets fell,level,P1,,,",
          "id,claim,compute,of,from,per,value,unit\nC1,Platelets fell,dose_rate,I1,,fortnight,",
          "claims.csv, row 2, column per: 'fortnight' is not a choice (allowed: h, d, kg)"),
    Fault("a sign in the value of a claim", "claims.csv", "150,10*9/L", "<150,10*9/L",
          "claims.csv, row 2, column value: '<150' has a sign (allowed: the number here, '<' in comparator)"),
    Fault("a check about no row", "checks.csv", None, "id,claim,compute,of,value\nK1,x,level,P9,1\n",
          "checks.csv, row 2, column of: no row of this case has the id 'P9' (allowed: the id of a row, a time or a name)"),
]  # fmt: skip


def project(tmp_path, fault):
    (tmp_path / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    write_case(tmp_path / "data" / "raw" / "case_reports", {fault.file: fault.content()} if fault else None)
    return ProjectFolder(tmp_path).corpus()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_one_fault_gives_one_exact_message_and_nothing_is_written(tmp_path, fault):
    corpus = project(tmp_path, fault)
    with pytest.raises(InputError) as refused:
        extract(corpus, params())
    errors = [str(problem) for problem in refused.value.problems if problem.severity == "error"]
    expected = f"{CASE_ID}/{fault.message}"
    assert any(error == expected or (fault.message.endswith((": ", ", ")) and error.startswith(expected))
               for error in errors), errors  # fmt: skip
    assert len(errors) <= 3, errors  # what follows from the fault may be told as well, but never a flood
    assert refused.value.exit_code == EXIT_BAD_INPUT
    assert not corpus.processed.exists()


def test_the_small_case_itself_is_valid(tmp_path):
    result = extract(project(tmp_path, None), params())
    assert (result.cases, result.warnings) == (1, [])


def test_names_are_unique_and_there_are_enough():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 45


def test_many_faults_are_told_at_once(tmp_path):
    files = {
        "labs.csv": SMALL_CASE["labs.csv"].replace("9.3,g/dL", "9.3,mmol/L").replace("platelets,150", "platelets,NaN"),
        "doses.csv": SMALL_CASE["doses.csv"].replace("5000,U", "-1,U").replace("D2T08:00,@ARG", "D2T08:00,@NO"),
        "scores.csv": SMALL_CASE["scores.csv"].replace("total,3", "total,x"),
    }
    write_case(tmp_path / "data" / "raw" / "case_reports", files)
    with pytest.raises(InputError) as refused:
        extract(ProjectFolder(tmp_path).corpus(), params())
    places = [(p.file, p.row, p.column) for p in refused.value.problems]
    assert places == [
        ("small-case/doses.csv", 2, "amount"),
        ("small-case/doses.csv", 3, "end"),
        ("small-case/labs.csv", 2, "value"),
        ("small-case/labs.csv", 4, "unit"),
        ("small-case/scores.csv", 2, "points"),
    ]


def document():
    """The table as a page."""
    lines = [
        "# What casetrace says of broken input",
        "",
        "One fault each in a small case folder, and the message that it gives. Nothing is written when there is an error,",
        "all errors of all cases are told at once, and the command ends with exit code 2.",
        "",
        "This page is made from the table in `tests/test_broken_inputs.py` and checked with it.",
        "",
        "| fault | message |",
        "|---|---|",
    ]
    for fault in FAULTS:
        message = fault.message + ("..." if fault.message.endswith((": ", ", ")) else "")
        lines.append(f"| {fault.name} | `{message.replace('|', chr(92) + '|').replace('`', chr(39))}` |")
    return "\n".join(lines) + "\n"


def test_the_page_is_current():
    if os.environ.get("CASETRACE_UPDATE_DOCS") == "1":
        DOCUMENT.write_text(document(), encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "CASETRACE_UPDATE_DOCS=1 rewrites the page"
