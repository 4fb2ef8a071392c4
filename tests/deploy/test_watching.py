"""Alerts and dashboards: they hold together with the program's own metrics and with their pages."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
RULES = [ROOT / "deploy/prometheus/alerts.yml", ROOT / "deploy/prometheus/slo.yml"]
RULE_TESTS = [ROOT / "deploy/prometheus/alerts_test.yml", ROOT / "deploy/prometheus/alerts_long_test.yml"]
DASHBOARDS = sorted((ROOT / "deploy/grafana/dashboards").glob("*.json"))
RUNBOOKS = ROOT / "docs/runbooks"


def rules() -> list[dict]:
    return [rule for file in RULES for group in yaml.safe_load(file.read_text())["groups"] for rule in group["rules"]]


def alerts() -> dict[str, dict]:
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def program_metrics() -> set[str]:
    """As the program tells them, with the suffixes that histograms have; docs/metrics.md is held to the program by a unit test."""
    rows = re.findall(r"^\| `([a-z_]+)` \| (\w+)", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE)
    names = {name for name, kind in rows if kind != "histogram"}
    return names | {name + suffix for name, kind in rows if kind == "histogram" for suffix in ("_bucket", "_sum", "_count")}


def metrics_in(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:speechcoach|process)_\w+", re.sub(r'"[^"]*"', '""', expression)))


def panels() -> list[tuple[str, dict]]:
    return [(f"{file.stem}: {panel['title']}", panel) for file in DASHBOARDS for panel in json.loads(file.read_text())["panels"]]


def queries() -> list[tuple[str, str]]:
    return [(name, target["expr"]) for name, panel in panels() for target in panel.get("targets", [])]


def promtool(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)


def test_promtool_takes_the_rules_and_they_fire_when_they_should():
    checked = promtool("check", "rules", *map(str, RULES))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    tested = promtool("test", "rules", *map(str, RULE_TESTS))
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_each_alert_is_fired_by_a_case_that_first_keeps_quiet():
    quiet, fired = set(), set()
    for case in (case for file in RULE_TESTS for case in yaml.safe_load(file.read_text())["tests"]):
        for check in case["alert_rule_test"]:
            (fired if check.get("exp_alerts") else quiet).add(check["alertname"])
    assert fired == quiet == set(alerts())


def test_each_alert_has_its_page_and_each_page_its_alert():
    for name, alert in alerts().items():
        assert alert["annotations"]["runbook"] == f"docs/runbooks/{name}.md"
        assert alert["labels"]["severity"] in ("critical", "high", "medium", "low")
    pages = {page.stem: page.read_text() for page in RUNBOOKS.glob("*.md")}
    assert pages.keys() == alerts().keys()
    for name, text in pages.items():
        assert text.startswith(f"# {name}\n")
        assert "\n## Look\n" in text and "\n## Do\n" in text, name


def test_rules_pages_and_panels_name_only_metrics_that_the_program_has():
    known = program_metrics()
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    for rule in rules():
        assert metrics_in(rule["expr"]) <= known, rule
        assert set(re.findall(r"speechcoach:[\w:]+", rule["expr"])) <= recorded, rule
    for name, expression in queries():
        assert metrics_in(expression), name
        assert metrics_in(expression) <= known, name
    for page in RUNBOOKS.glob("*.md"):
        told = {name for name in re.findall(r"`((?:speechcoach|process)_\w+)", page.read_text())}
        assert told <= known | {name.removesuffix("_bucket") for name in known}, page


def test_every_metric_of_the_program_is_on_a_dashboard():
    shown = {name for _, expression in queries() for name in metrics_in(expression)}
    assert {re.sub("_(bucket|sum|count)$", "", name) for name in shown} == {re.sub("_(bucket|sum|count)$", "", name) for name in program_metrics()}


def test_prometheus_understands_every_query_of_a_panel(tmp_path):
    records = [{"record": f"panel:{number}", "expr": expression.replace("$__rate_interval", "5m")} for number, (_, expression) in enumerate(queries())]
    file = tmp_path / "panels.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": records}]}))
    checked = promtool("check", "rules", str(file))
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.stem)
def test_a_dashboard_is_whole(file):
    dashboard = json.loads(file.read_text())
    assert dashboard["uid"] == file.stem
    assert dashboard["schemaVersion"] >= 36
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        assert 0 <= place["x"] and place["x"] + place["w"] <= 24, panel["title"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not cells & taken, f"{panel['title']} lies on another"
        taken |= cells
        if panel["type"] != "row":
            assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
            assert panel["targets"], panel["title"]
            assert panel["fieldConfig"]["defaults"]["unit"]


def test_the_operators_guide_lists_every_alert_with_its_severity():
    listed = dict(re.findall(r"^\| \[\w+\]\(runbooks/(\w+)\.md\) \| (\w+) \|$", (ROOT / "docs/operations.md").read_text(), re.MULTILINE))
    assert listed == {name: alert["labels"]["severity"] for name, alert in alerts().items()}
