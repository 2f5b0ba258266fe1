"""Short names of the transcribed cases: `known.GIRL` is the girl of 17."""

ACP = "acphospitalist2017-hit-46f"
HIGH_DOSE = "ajhp2012-high-dose-argatroban-51f"
CPB = "blood2005-argatroban-cpb-48m"
PSEUDO = "cja2019-pseudo-heparin-resistance-56000u"
GIRL = "dager2004-lepirudin-ecmo-17f"
DELRUE = "delrue2021-covid-hit-64m-reactions"
GREEN = "green2021-argatroban-heart-transplant"
FONDA = "hit-ecmo-covid-48m-fondaparinux"
RIVA = "hit-ecmo-covid-60f-rivaroxaban"
BOY = "morimoto2022-ilvad-hit-15m"
OGAWA = "ogawa2020-covid-va-ecmo-hit-argatroban"
PHAN = "phan2020-covid-vv-ecmo-hit-rivaroxaban"
PCI = "pmc10332976-at-deficiency-heparin-resistance-pci"
PAROTID = "pmc8407609-hit-lmwh-lepirudin-parotid"
POSTPARTUM = "pmc8449948-postpartum-daily-lab-table"
TABLE = "pmc9310331-covid-rv-thrombus-dated-table"
DOG_BITE = "pmc9703478-suspected-hit-ivig-argatroban"
ALL = [
    ACP, HIGH_DOSE, CPB, PSEUDO, GIRL, DELRUE, GREEN, FONDA, RIVA, BOY, OGAWA, PHAN, PCI, PAROTID, POSTPARTUM, TABLE,
    DOG_BITE,
]  # fmt: skip
