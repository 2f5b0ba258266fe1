"""An invented article and the case folder that was typed from it."""

from pathlib import Path

from casetrace.verify.source_text import SourceText, normalise

ARTICLE = """Case report
A 63-year-old man (84.5 kg) was admitted with fever and shortness of breath; he had never been given
hep-
arin. On day 2 his platelet count was 212 × 10⁹/L and his haemoglobin 131 (reference range 130–170) g/L.

On day 4 he was given a 12\u202f500-unit bolus of heparin at 0940, then an infusion of 18 units/kg/hr at 1015. At 1600
on the same day the aPTT was 41 s (reference range 25–35) s and the INR 1.2. On day 5 the aPTT was 88 s at 06:30; about
3 hours later it was 79 s. The platelets fell to 96 × 10⁹/L on day 9, and argatroban was begun at 2 µg/kg/min at 1400.

Discussion
The highest aPTT was 88 s. The platelets of 96 × 10⁹/L rose to 140 × 10⁹/L within 5 days, and no thrombosis was seen;
the same count of 140 × 10⁹/L was repeated later, which is why the authors say that the patient recovered fully.
"""

SOURCE_YAML = """case_id: made-case
title: An invented case
citation: {journal: Invented, year: 2020}
licence: CC0
curators: [someone]
status: draft
read: full
time_zero: {meaning: midnight before admission, day_zero_starts: midnight}
observed: D0/D20
"""

SHEETS = {
    "patient.csv": (
        "item,value,unit,id,evidence\n"
        'age,63,a,AGE,"Case report, par. 1"\n'
        'body_weight,84.5,kg,WT,"Case report, par. 1"\n'
    ),
    "labs.csv": (
        "id,when,analyte,value,unit,ref_low,ref_high,evidence\n"
        'PLT1,D2,platelets,212,10*9/L,,,"Case report, par. 1"\n'
        'HB1,D2,hemoglobin,131,g/L,130,170,"Case report, par. 1"\n'
        'APTT1,D4T16:00,aptt,41,s,25,35,"Case report, par. 2"\n'
        'INR1,D4T16:00,inr,1.2,,,,"Case report, par. 2"\n'
        'APTT2,D5T06:30,aptt,88,s,25,35,"Case report, par. 2; Discussion"\n'
        'APTT3,@APTT2+3h~,aptt,79,s,25,35,"Case report, par. 2"\n'
        'PLT2,D9,platelets,96,10*9/L,,,"Case report, par. 2; Discussion"\n'
        'PLT3,@PLT2+5d,platelets,140,10*9/L,,,Discussion\n'
        'ELISA,,anti_pf4_elisa,negative,,,,Discussion\n'
    ),
    "doses.csv": (
        "id,drug,kind,route,amount,unit,start,end,evidence\n"
        'BOLUS,heparin,bolus,iv,12500,U,D4T09:40,,"Case report, par. 2"\n'
        'INF,heparin,infusion,iv,18,U/kg/h,D4T10:15,@ARG,"Case report, par. 2"\n'
        'ARG,argatroban,infusion,iv,2,ug/kg/min,D9T14:00,,"Case report, par. 2"\n'
    ),
}  # fmt: skip


def source() -> SourceText:
    """The invented article, normalised."""
    return SourceText(normalise(ARTICLE))


def write_case(root: Path, **changed: str) -> tuple[Path, Path]:
    """The case folder and the article under a folder; sheets may be changed by name without `.csv`."""
    folder = root / "made-case"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.yaml").write_text(SOURCE_YAML, encoding="utf-8")
    for name, text in SHEETS.items():
        (folder / name).write_text(changed.get(name.removesuffix(".csv"), text), encoding="utf-8")
    article = root / "article.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    return folder, article
