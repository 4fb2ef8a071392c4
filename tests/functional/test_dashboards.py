"""Every panel of the dashboards shows something: a real Prometheus reads a real server at work."""

import json
import math
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from conftest import PROGRAM, Server, clean_environment

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "fakes"))
from live_client import Live  # noqa: E402
from llm_server import FakeProvider  # noqa: E402
from waiting import wait_until  # noqa: E402

TOKEN = "the token of Prometheus"
# What shows only when a stage fails, and what only with a broker: tools/topology asks for that.
QUIET = {"Stages replaced by something simpler", "Waiting tasks by queue of the broker"}
PATIENCE_S = 120


def queries() -> dict[str, str]:
    panels = [panel for file in (ROOT / "deploy/grafana/dashboards").glob("*.json") for panel in json.loads(file.read_text())["panels"]]
    return {
        f"{panel['title']} {target['refId']}": target["expr"].replace("$__rate_interval", "1m")
        for panel in panels for target in panel.get("targets", []) if panel["title"] not in QUIET
    }  # fmt: skip


def address_of(prometheus: subprocess.Popen, log_path: Path) -> str:
    """It took a free port, and says which."""
    end = time.monotonic() + PATIENCE_S
    while not (told := re.search(r'msg="Listening on" address=(\S+:\d+)', log_path.read_text())):
        assert prometheus.poll() is None and time.monotonic() < end, log_path.read_text()
        time.sleep(0.05)
    return f"http://{told[1]}"


@pytest.fixture
def world(tmp_path, request):
    """A server with a language model, and a Prometheus that reads it every second under the repository's rules."""
    if request.config.getoption("--database") != "sqlite":
        pytest.skip("the same on every database")
    server = Server(tmp_path, metrics__token=TOKEN, limits__sessions_per_hour="1000", llm__daily_budget_usd="5").start()
    with FakeProvider("openai") as fake:
        server.sql(f"UPDATE llm_providers SET base_url = '{fake.url}' WHERE provider_name = 'openai'")
        added = subprocess.run(
            [PROGRAM, "keys", "add", "--provider", "openai", "--name", "k"], env=clean_environment(**server.settings),
            input="sk-for-the-tests-0001", text=True, capture_output=True, check=False,
        )  # fmt: skip
        assert added.returncode == 0, added.stderr
        (tmp_path / "token").write_text(TOKEN)
        for name in ("alerts.yml", "slo.yml"):
            (tmp_path / name).write_text((ROOT / "deploy/prometheus" / name).read_text())
        (tmp_path / "prometheus.yml").write_text(
            f"""global: {{ scrape_interval: 1s, evaluation_interval: 1s }}
rule_files: [alerts.yml, slo.yml]
scrape_configs:
  - job_name: speechcoach-server
    authorization: {{ credentials_file: {tmp_path}/token }}
    static_configs: [{{ targets: ["{server.url.removeprefix("http://")}"] }}]
"""
        )
        log_path = tmp_path / "prometheus.log"
        with log_path.open("w") as log:
            prometheus = subprocess.Popen(
                ["prometheus", f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/tsdb",
                 "--web.listen-address=127.0.0.1:0"], stdout=log, stderr=log,
            )  # fmt: skip
        try:
            yield server, httpx.Client(base_url=address_of(prometheus, log_path), timeout=30)
        finally:
            prometheus.kill()
            prometheus.wait()
            server.end()


def shows(prometheus: httpx.Client, expression: str) -> bool:
    answer = prometheus.get("/api/v1/query", params={"query": expression})
    assert answer.status_code == 200, f"{expression}: {answer.text}"
    return any(not math.isnan(float(series["value"][1])) for series in answer.json()["data"]["result"])


def alerts(prometheus: httpx.Client, *states: str) -> set[str]:
    answer = prometheus.get("/api/v1/alerts").json()["data"]["alerts"]
    return {alert["labels"]["alertname"] for alert in answer if alert["state"] in states}


def test_every_panel_shows_something_and_a_dead_server_is_noticed(world, recording):
    server, prometheus = world
    learner = server.guest()
    missing = queries()
    end = time.monotonic() + PATIENCE_S
    while missing:
        assert time.monotonic() < end, f"nothing to see in {sorted(missing)}"
        session = learner.upload(recording("good.wav"), "good.wav").json()
        assert session["status"] in ("completed", "degraded")
        assert httpx.get(f"{server.url}/api/v1/speech-practice/sessions").status_code == 401
        with Live(server, learner.token) as live:
            live.until("hello")
        if prometheus.get("/-/ready").status_code == 200:
            missing = {name: expression for name, expression in missing.items() if not shows(prometheus, expression)}

    assert not alerts(prometheus, "firing")
    server.kill()
    # It fires after two minutes; that it is pending shows that the rule sees the dead server.
    wait_until(lambda: "ProcessDown" in alerts(prometheus, "pending", "firing"), PATIENCE_S, "nobody noticed that the server is gone")
