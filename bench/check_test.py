"""What the checker of benchmarks must say."""

import json

import pytest

import check
import keep


def row(**fields):
    return {"name": "speed", "unit": "ms", "ours": [10.0, 30.0, 20.0], "peer": [100.0], **fields}


def test_the_ratio_is_ours_over_the_peers_and_the_bar_is_held_against_it():
    assert check.judge(row(), {"ratio_max": 0.2})["holds"] is True
    assert check.judge(row(), {"ratio_max": 0.19})["holds"] is False
    assert check.judge(row(), {"ratio_min": 0.3})["holds"] is False
    assert check.judge(row(), {"ratio_max": 0.2})["ratio"] == pytest.approx(0.2)


def test_every_rule_of_a_bar_must_hold():
    assert check.judge(row(), {"ratio_max": 0.2, "ours_max": 19.0})["holds"] is False
    assert check.judge(row(), {"ratio_max": 0.2, "ours_max": 20.0})["holds"] is True


def test_a_row_without_a_bar_neither_holds_nor_fails():
    assert check.judge(row(), None)["holds"] is None


def test_a_bar_on_a_ratio_does_not_hold_without_a_peer():
    assert check.judge(row(peer=None), {"ratio_max": 9.0})["holds"] is False


def test_a_bar_whose_row_was_not_measured_does_not_hold():
    rows = check.check({"rows": [row()]}, {"memory": {"ours_max": 1.0}})
    assert [(r["name"], r["holds"]) for r in rows] == [("speed", None), ("memory", False)]


@pytest.mark.parametrize(("statistic", "value"), [("mean", 20.0), ("p95", 30.0), ("p50", 20.0), ("min", 10.0), ("max", 30.0), ("sum", 60.0)])
def test_the_statistic_is_the_rows_own(statistic, value):
    assert check.judge(row(statistic=statistic), None)["ours"] == value


def test_a_sample_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="speed"):
        check.judge(row(ours=[float("nan")]), None)


def test_a_rule_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="faster_than"):
        check.judge(row(), {"faster_than": 1.0})


KEPT = {"date": "2026-11-23", "rows": [{"name": "speed", "ratio": 0.2}]}


@pytest.mark.parametrize(("ratio", "rule", "count"), [(0.24, "ratio_max", 0), (0.26, "ratio_max", 1), (0.17, "ratio_min", 0), (0.15, "ratio_min", 1), (9.0, "ours_max", 0)])
def test_a_ratio_that_is_worse_than_the_kept_one_is_found(ratio, rule, count):
    assert len(check.regressions([{"name": "speed", "ratio": ratio}], KEPT, {"speed": {rule: 1.0}})) == count


def test_what_was_not_kept_or_not_measured_is_no_regression():
    rows = [{"name": "new", "ratio": 9.0}, {"name": "speed", "ratio": None}]
    assert check.regressions(rows, KEPT, {"new": {"ratio_max": 1.0}, "speed": {"ratio_max": 1.0}}) == []


def test_kept_figures_are_held_against_the_bars_of_today():
    kept = [check.judge(row(), {"ratio_max": 0.1}), check.judge(row(name="gone", peer=None), {"ours_max": 1.0})]
    rejudged = keep.rejudged(kept, {"speed": {"ratio_max": 0.2}, "new": {"ours_max": 1.0}})
    assert [(r["name"], r["ours"], r["holds"]) for r in rejudged] == [("speed", 20.0, True), ("gone", 20.0, None), ("new", None, False)]


def test_the_page_says_what_was_not_measured():
    page = keep.page()
    for name in json.loads(check.BARS.read_text(encoding="utf-8")):
        assert f"`make bench-{name}`, not measured" in page or (check.KEPT / f"{name}.json").exists(), name


def test_the_page_is_made_of_what_is_kept():
    assert keep.PAGE.read_text(encoding="utf-8") == keep.page()
