import itertools

import pytest
from casetrace.cohort.survival import kaplan_meier
from hypothesis import given
from hypothesis import strategies as st

#: Remission in weeks under 6-mercaptopurine (Freireich EJ et al., Blood 1963;21:699-716); + is censored.
MERCAPTOPURINE = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"


def parse(text):
    return [(float(word.rstrip("+")), not word.endswith("+")) for word in text.split()]


def test_the_published_estimate_is_reproduced():
    steps = {s["days"]: s for s in kaplan_meier(parse(MERCAPTOPURINE)) if s["events"]}
    assert {t: round(s["survival"], 3) for t, s in steps.items()} == {
        6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448,
    }  # fmt: skip
    assert {t: s["at_risk"] for t, s in steps.items()} == {6: 21, 7: 17, 10: 15, 13: 12, 16: 11, 22: 7, 23: 6}
    # log-log interval at week 10, as R's survfit(conf.type = "log-log") prints it
    assert (round(steps[10]["ci_low"], 3), round(steps[10]["ci_high"], 3)) == (0.503, 0.889)


def test_without_censoring_it_is_the_share_that_is_left():
    steps = kaplan_meier(parse("1 2 2 4"))
    assert [s["survival"] for s in steps] == pytest.approx([0.75, 0.25, 0.0])
    assert (steps[-1]["ci_low"], steps[-1]["ci_high"]) == (None, None)


def test_a_case_censored_at_the_time_of_an_event_is_at_risk_in_it():
    (step,) = kaplan_meier(parse("3 3+"))
    assert (step["at_risk"], step["events"], step["censored"], step["survival"]) == (2, 1, 1, 0.5)


def test_nothing_gives_nothing():
    assert kaplan_meier([]) == []


def redistributed(times):
    """The same estimate another way (Efron): a censored case hands its mass on to those after it."""
    left = [[t, is_event, 1 / len(times)] for t, is_event in sorted(times, key=lambda x: (x[0], not x[1]))]
    share, found = 1.0, {}
    for place, (time, is_event, mass) in enumerate(left):
        if is_event:
            share -= mass
        else:
            later = left[place + 1 :]
            for other in later:
                other[2] += mass / len(later)
        found[time] = share
    return found


@given(st.lists(st.tuples(st.integers(0, 9).map(float), st.booleans()), min_size=1, max_size=25))
def test_it_equals_the_redistribution_to_the_right(times):
    steps = kaplan_meier(times)
    assert {s["days"]: s["survival"] for s in steps} == pytest.approx(redistributed(times), abs=1e-9)
    assert all(a["survival"] >= b["survival"] for a, b in itertools.pairwise(steps))
    assert all(s["ci_low"] <= s["survival"] <= s["ci_high"] for s in steps if s["ci_low"] is not None)
    assert sum(s["events"] + s["censored"] for s in steps) == len(times)


@given(st.lists(st.tuples(st.integers(0, 9).map(float), st.booleans()), min_size=1, max_size=25))
def test_it_equals_scipy(times):
    from scipy.stats import CensoredData, ecdf

    events, censored = ([t for t, is_event in times if is_event is wanted] for wanted in (True, False))
    found = ecdf(CensoredData(uncensored=events, right=censored)).sf
    steps = kaplan_meier(times)
    assert [s["days"] for s in steps] == found.quantiles.tolist()
    assert [s["survival"] for s in steps] == pytest.approx(found.probabilities.tolist(), abs=1e-12)
