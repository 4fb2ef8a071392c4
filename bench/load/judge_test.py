"""What passes for a good run."""

import copy

import pytest
from judge import judge


def a_run() -> dict:
    samples = [{"rss_mib": 500.0, "descriptors": 60, "threads": 20} for _ in range(40)]
    practices = [{"began_at": float(i), "complete_s": 2.8} for i in range(500)]
    return {
        "settings": {"minutes": 30, "sessions_per_hour": 1000},
        "practices": practices,
        "counted": {"lost": 0, "http_5xx": 0, "reconnects": 0, "told late or not": 0, "degraded": 0},
        "processes": {"server-0": samples},
    }


def faults(report: dict) -> list[str]:
    return [finding.what for finding in judge(report) if not finding.holds]


def test_a_good_run_holds():
    assert faults(a_run()) == []


@pytest.mark.parametrize("what", ["lost", "http_5xx", "reconnects", "told late or not"])
def test_one_that_loses_something_does_not(what):
    report = a_run()
    report["counted"][what] = 1
    assert len(faults(report)) == 1


def test_slow_answers_are_found():
    report = a_run()
    for practice in report["practices"][:30]:
        practice["complete_s"] = 4.5
    assert any("p95" in fault for fault in faults(report))


def test_answers_that_never_came_are_the_slowest():
    report = a_run()
    report["practices"] += [{"began_at": 500.0 + i, "complete_s": None} for i in range(30)]
    assert faults(report) == ["last sound -> feedback, p95, s"]


@pytest.mark.parametrize(("degraded", "expected"), [(25, []), (26, ["answers with a language model's words, share"])])
def test_too_many_answers_by_the_rules_are_found(degraded, expected):
    report = a_run()
    report["counted"]["degraded"] = degraded
    assert faults(report) == expected


def test_answers_that_become_slower_are_found():
    report = a_run()
    for practice in report["practices"][250:]:
        practice["complete_s"] = 3.6
    assert any("gained, s" in fault for fault in faults(report))


def test_too_few_sessions_are_found():
    report = a_run()
    report["practices"] = report["practices"][:400]
    assert faults(report) == ["sessions an hour"]


@pytest.mark.parametrize(("key", "step"), [("rss_mib", 2.0), ("descriptors", 1), ("threads", 1)])
def test_what_grows_all_the_time_is_found(key, step):
    report = a_run()
    report["processes"]["server-0"] = [dict(sample, **{key: sample[key] + step * i}) for i, sample in enumerate(report["processes"]["server-0"])]
    assert len(faults(report)) == 1


def test_what_grows_only_at_first_is_not():
    report = a_run()
    for i, sample in enumerate(report["processes"]["server-0"][:10]):
        sample["rss_mib"] = 100.0 + 40 * i
    assert faults(report) == []


def test_nothing_measured_is_no_good_run():
    report = copy.deepcopy(a_run())
    report["practices"] = []
    report["processes"]["server-0"] = []
    assert faults(report)
