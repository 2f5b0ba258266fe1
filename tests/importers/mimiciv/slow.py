"""The numbers of the demo data once more, slowly and from the raw files alone: plain Python, no tables, no SQL of ours."""

import csv
import gzip
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

DAY = timedelta(hours=24)
HEPARIN, PROPHYLAXIS, ENOXAPARIN = "225152", "225975", "225906"
#: Drugs that replace each other, with the heparin that is charted for prophylaxis left out; warfarin is given beside them.
ANTICOAGULANTS = {
    HEPARIN: "ufh",
    ENOXAPARIN: "enoxaparin",
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
    """One stay or admission with all that it may see. A result whose number was scrubbed is not a number: it may be any."""

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
        found = [value for _, value in self.counts()]
        is_open = len(found) < 2 or any(map(math.isnan, found))  # a single count is no nadir
        return None if is_open else min(found)

    def baseline_before_heparin(self) -> float | None:
        """Last count before the first heparin, looking back over the start of the case; None when two are at that time."""
        first = self.first_heparin()
        before = [(t, value) for t, value in self.platelets if first is not None and t < first]
        last = {value for t, value in before if t == max(t for t, _ in before)}
        return last.pop() if len(last) == 1 and not any(map(math.isnan, last)) else None

    def fall_pct(self) -> float | None:
        """From that baseline to the lowest count of the case after the first heparin."""
        first, baseline = self.first_heparin(), self.baseline_before_heparin()
        after = [value for t, value in self.counts() if first is not None and t > first]
        same_time = any(t == first for t, _ in self.counts())
        is_open = baseline is None or any(map(math.isnan, after))
        return None if is_open or not after or same_time else 100 * (baseline - min(after)) / baseline

    def aptts_under_heparin(self) -> list[datetime]:
        """aPTT results of the case in a course of intravenous heparin and of no other drug that replaces it."""
        courses = self.courses()
        inside = [t for t, _ in self.aptts if minute(self.start) <= t < self.end]
        return [t for t in inside if {c[0].item for c in courses if was_given(c, courses, t)} == {HEPARIN}]

    def n_aptt(self) -> int:
        return len(self.aptts_under_heparin())

    def n_aptt_while_held(self) -> int:
        """Those between the end of an infusion and the next dose of the course, without a bolus since that end."""
        courses = [course for course in self.courses() if course[0].item == HEPARIN]
        return sum(any(is_held(course, t) for course in courses) for t in self.aptts_under_heparin())

    def courses(self) -> list[list[Dose]]:
        """A dose after one of another drug begins a new course, unless an infusion of its own drug was still running."""
        found: list[list[Dose]] = []
        last_item = ""
        given = [d for d in self.doses if d.item in ANTICOAGULANTS and d.start < self.end]
        for dose in sorted(given, key=lambda d: d.start):
            own = [course for course in found if course[0].item == dose.item]
            runs_on = any(not d.is_bolus and dose.start <= d.end for course in own for d in course)
            if own and (dose.item == last_item or runs_on):
                own[-1].append(dose)
            else:
                found.append([dose])
            last_item = dose.item
        return found


def was_given(course: list[Dose], courses: list[list[Dose]], t: datetime) -> bool:
    """Whether an infusion of the course runs, or the instant lies between its start and its end or switch."""
    if any(d.start < t <= d.end for d in course if not d.is_bolus):
        return True
    others = [other[0] for other in courses if other[0].item != course[0].item and other[0].start > course[-1].start]
    if t <= course[0].start or any(other.start <= t for other in others):
        return False
    boluses = [d.start for d in course if d.is_bolus]
    ends = [d.end for d in course if not d.is_bolus]
    end = max(ends) if ends and (not boluses or max(ends) >= max(boluses)) else max([*ends, max(boluses) + DAY])
    return t <= end


def is_held(course: list[Dose], t: datetime) -> bool:
    """Whether an infusion of the course has ended, nothing was given since, and a dose of the course is to come."""
    before = [d for d in course if d.start < t]
    ends = [d.end for d in before if not d.is_bolus]
    is_over = bool(ends) and max(ends) < t and len(before) < len(course)
    return is_over and all(d.start < max(ends) for d in before if d.is_bolus)


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
        if row["itemid"] in ("51265", "51275") and (row["valuenum"] or not row["comments"].startswith("UNABLE")):
            entry = (row["hadm_id"], minute(instant(row["charttime"])), float(row["valuenum"] or "nan"))
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


#: Words of the administration record that say that a drug was given, as they occur in the demo data.
GIVEN = ("Administered", "Confirmed", "Started", "Restarted", "Delayed Administered", "Delayed Confirmed",
         "Administered in Other Location", "Confirmed in Other Location", "Started in Other Location")  # fmt: skip


def cases_with_unseen_heparin(folder: Path, unit: str) -> set[str]:
    """Cases before whose end the record shows a dose of heparin, and `inputevents` none of the admission until an hour later."""
    charted: dict[str, datetime] = {}
    for row in rows(folder, "inputevents"):
        if row["itemid"] in (HEPARIN, PROPHYLAXIS, ENOXAPARIN) and float(row["amount"]) > 0:
            start = instant(row["starttime"])
            charted[row["hadm_id"]] = min(start, charted.get(row["hadm_id"], start))
    admissions = rows(folder, "admissions")
    given: dict[str, datetime] = {}
    for row in rows(folder, "emar"):
        is_dose = row["medication"] == "Heparin" or row["medication"].startswith("Enoxaparin")
        if not is_dose or row["event_txt"] not in GIVEN:
            continue
        time = instant(row["charttime"])
        own = (
            [row["hadm_id"]]
            if row["hadm_id"]
            else [a["hadm_id"] for a in admissions if _is_during(a, row["subject_id"], time)]
        )
        for hadm in own[:1]:
            given[hadm] = min(time, given.get(hadm, time))
    unseen = {
        hadm: time
        for hadm, time in given.items()
        if hadm not in charted or time < charted[hadm] - timedelta(minutes=60)
    }
    spans = [(s["stay_id"], s["hadm_id"], s["outtime"]) for s in rows(folder, "icustays")]
    if unit == "admission":
        spans = [(a["hadm_id"], a["hadm_id"], a["dischtime"]) for a in admissions]
    return {key for key, hadm, end in spans if hadm in unseen and minute(unseen[hadm]) < instant(end)}


def _is_during(admission: dict[str, str], subject: str, time: datetime) -> bool:
    begins = min(instant(t) for t in (admission["admittime"], admission["edregtime"]) if t)
    return admission["subject_id"] == subject and begins <= time <= instant(admission["dischtime"])
