"""The numbers of the demo data once more, slowly and from the raw files alone: plain Python, no tables, no SQL of ours."""

import csv
import gzip
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

DAY = timedelta(hours=24)
HEPARIN, PROPHYLAXIS, ENOXAPARIN = "225152", "225975", "225906"
#: Drugs whose start ends the course of another, with the heparin that is charted for prophylaxis left out.
ANTICOAGULANTS = {
    HEPARIN: "ufh",
    ENOXAPARIN: "enoxaparin",
    "225913": "warfarin",
    "225147": "argatroban",
    "225148": "bivalirudin",
}


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


@dataclass(frozen=True)
class Dose:
    """An amount at an instant, or evenly from start to end."""

    start: datetime
    end: datetime
    amount: float
    stay: str
    item: str

    @property
    def is_bolus(self) -> bool:
        return self.start == self.end

    def between(self, begin: datetime, end: datetime, *, from_left: bool = False) -> float:
        """What it gives in (begin, end], or in [begin, end): the limit just before a bolus at `begin` falls out."""
        if self.is_bolus:
            is_inside = begin <= self.start < end if from_left else begin < self.start <= end
            return self.amount if is_inside else 0.0
        inside = (min(self.end, end) - max(self.start, begin)).total_seconds()
        return self.amount * max(0.0, inside) / (self.end - self.start).total_seconds()


@dataclass
class Case:
    """One stay or admission with all that it may see."""

    key: str
    start: datetime
    end: datetime
    doses: list[Dose]
    platelets: list[tuple[datetime, float]]
    aptts: list[tuple[datetime, float]]

    def heparin(self) -> list[Dose]:
        return [dose for dose in self.doses if dose.item == HEPARIN]

    def total(self) -> float:
        """In the span of the case, to the second."""
        return sum(
            dose.amount * (minute(self.start) <= dose.start < self.end)
            if dose.is_bolus
            else dose.between(self.start, self.end)
            for dose in self.heparin()
        )

    def max_trailing(self) -> float:
        """Largest amount in (t - 24 h, t] for t in the case; the candidates are where the amount can turn."""
        given = [dose for dose in self.heparin() if dose.start < self.end]
        edges = {edge for dose in given for moment in (dose.start, dose.end) for edge in (moment, moment + DAY)}
        inside = [t for t in edges | {minute(self.start), self.end} if minute(self.start) <= t <= self.end]
        sides = [(t, left) for t in inside for left in (False, True)]
        return max((sum(dose.between(t - DAY, t, from_left=left) for dose in given) for t, left in sides), default=0.0)

    def n_boluses(self) -> int:
        return sum(dose.is_bolus and minute(self.start) <= dose.start < self.end for dose in self.heparin())

    def first_heparin(self) -> datetime | None:
        starts = [d.start for d in self.doses if d.item in (HEPARIN, PROPHYLAXIS, ENOXAPARIN) and d.start < self.end]
        return min(starts, default=None)

    def counts(self) -> list[tuple[datetime, float]]:
        """Platelet counts within the case."""
        return [(t, value) for t, value in self.platelets if minute(self.start) <= t < self.end]

    def nadir(self) -> float | None:
        return min((value for _, value in self.counts()), default=None)

    def baseline_before_heparin(self) -> float | None:
        """Last count before the first heparin, looking back over the start of the case; None when two are at that time."""
        first = self.first_heparin()
        before = [(t, value) for t, value in self.platelets if first is not None and t < first]
        last = {value for t, value in before if t == max(t for t, _ in before)}
        return last.pop() if len(last) == 1 else None

    def fall_pct(self) -> float | None:
        """From that baseline to the lowest count of the case after the first heparin."""
        first, baseline = self.first_heparin(), self.baseline_before_heparin()
        after = [value for t, value in self.counts() if first is not None and t > first]
        same_time = any(t == first for t, _ in self.counts())
        return None if baseline is None or not after or same_time else 100 * (baseline - min(after)) / baseline

    def n_aptt(self) -> int:
        """aPTT results of the case in a course of intravenous heparin."""
        return sum(any(a < t <= b and (c is None or t < c) for a, b, c in self.courses()) for t, _ in self.aptts
                   if minute(self.start) <= t < self.end)  # fmt: skip

    def courses(self) -> list[tuple[datetime, datetime, datetime | None]]:
        """Start, end and start of the next drug of each course of intravenous heparin."""
        given = sorted(
            (d for d in self.doses if d.item in ANTICOAGULANTS and d.start < self.end), key=lambda d: d.start
        )
        groups: list[list[Dose]] = []
        for dose in given:
            if groups and ANTICOAGULANTS[groups[-1][0].item] == ANTICOAGULANTS[dose.item]:
                groups[-1].append(dose)
            else:
                groups.append([dose])
        found = []
        for position, group in enumerate(groups):
            following = groups[position + 1] if position + 1 < len(groups) else None
            if group[0].item != HEPARIN:
                continue
            boluses = [d.start for d in group if d.is_bolus]
            ends = [d.end for d in group if not d.is_bolus]
            end = max(ends) if ends and (not boluses or max(ends) >= max(boluses)) else max([*ends, max(boluses) + DAY])
            found.append((group[0].start, end, following[0].start if following else None))
        return found


def cases(folder: Path, unit: str) -> list[Case]:
    """Every stay or admission of the demo data."""
    stays = {row["stay_id"]: row for row in rows(folder, "icustays")}
    doses: dict[str, list[Dose]] = {}
    for row in rows(folder, "inputevents"):
        start = instant(row["starttime"])
        end = start if row["ordercategorydescription"] == "Drug Push" else instant(row["endtime"])
        if float(row["amount"]) > 0:
            dose = Dose(start, end, float(row["amount"]), row["stay_id"], row["itemid"])
            doses.setdefault(row["hadm_id"], []).append(dose)
    labs: dict[tuple[str, str], list[tuple[str, datetime, float]]] = {}
    for row in rows(folder, "labevents"):
        if row["itemid"] in ("51265", "51275") and row["valuenum"]:
            entry = (row["hadm_id"], minute(instant(row["charttime"])), float(row["valuenum"]))
            labs.setdefault((row["subject_id"], row["itemid"]), []).append(entry)
    built = []
    for admission in rows(folder, "admissions"):
        hadm, begin = admission["hadm_id"], instant(admission["admittime"])
        seen_from = min([begin] + [instant(t) for t in [admission["edregtime"]] if t])
        until = instant(admission["dischtime"])
        spans = [(hadm, begin, until)]
        if unit == "stay":
            own = [(key, stay) for key, stay in stays.items() if stay["hadm_id"] == hadm]
            spans = [(key, instant(stay["intime"]), instant(stay["outtime"])) for key, stay in own]
        for key, start, end in spans:
            low, high = min(seen_from, start), max(until, end)
            seen = [
                [
                    (t, v)
                    for h, t, v in labs.get((admission["subject_id"], item), [])
                    if h == hadm or (not h and low <= t <= high)
                ]
                for item in ("51265", "51275")
            ]
            built.append(Case(key, start, end, doses.get(hadm, []), *seen))
    return built
