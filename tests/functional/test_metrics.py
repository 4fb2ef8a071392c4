"""What a server and a worker count of themselves, as Prometheus reads it."""

import re
import subprocess
from pathlib import Path

import httpx
import pytest
from conftest import PROGRAM, Server, clean_environment
from live_client import Live
from with_redis import RedisServer

TOKEN = "the token of Prometheus"
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "metrics.md"


def ask(url: str, token: str | None = TOKEN) -> httpx.Response:
    return httpx.get(f"{url}/metrics", headers={"Authorization": f"Bearer {token}"} if token else {}, timeout=30)


def read(url: str) -> str:
    answer = ask(url)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return answer.text


def value(text: str, name: str, **labels: str) -> float | None:
    """The sum of the series that bear these labels; None where there is none."""
    found = None
    for line in text.splitlines():
        series = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line)
        if series and series[1] == name and labels.items() <= dict(re.findall(r'(\w+)="([^"]*)"', series[2] or "")).items():
            found = (found or 0.0) + float(series[3])
    return found


@pytest.fixture
def watched(tmp_path):
    server = Server(tmp_path, metrics__token=TOKEN).start()
    yield server
    server.end()


def test_a_session_shows_in_the_metrics_and_no_person_does(watched, recording):
    learner = watched.guest()
    session = learner.upload(recording("good.wav"), "good.wav").json()
    assert session["status"] == "completed"
    with Live(watched, learner.token) as live:
        live.until("hello")
        text = read(watched.url)
        assert value(text, "speechcoach_websocket_connections") == 1
    assert value(text, "speechcoach_sessions_total", mode="sentence_practice", status="completed") == 1
    assert value(text, "speechcoach_stage_duration_seconds_count", stage="stt") == 1
    assert value(text, "speechcoach_audio_seconds_total") == pytest.approx(session["audio"]["duration_s"], abs=0.01)
    assert value(text, "speechcoach_feedback_total", writer="rules") == 1
    assert value(text, "speechcoach_http_requests_total", route="/api/v1/auth/guest", status="201") == 1
    assert value(text, "speechcoach_websocket_requests_total", outcome="open") == 1
    assert value(text, "speechcoach_database_up") == 1
    assert value(text, "speechcoach_queue_waiting") == 0
    assert value(text, "speechcoach_llm_cache_lookups_total", result="hit") == 0
    assert value(text, "process_resident_memory_bytes") > 1e7
    # Neither the session, nor what was read, nor who asked.
    for private in (session["id"], "girl", "127.0.0.1", learner.token):
        assert private not in text


def test_every_metric_that_is_told_is_documented(watched):
    documented = set(re.findall(r"^\| `([a-z_]+)`", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))
    told = set(re.findall(r"^# TYPE (\w+)", read(watched.url), re.MULTILINE))
    assert told
    assert told <= documented


def test_errors_are_counted_by_their_code(watched):
    assert httpx.get(f"{watched.url}/api/v1/speech-practice/sessions").status_code == 401
    assert httpx.get(f"{watched.url}/api/v1/no-such-thing").status_code == 404
    learner = watched.guest()
    with Live(watched, learner.token) as live:
        live.until("hello")
        live.socket.send("{")
        assert live.until("error")["code"] == "bad_json"
        text = read(watched.url)
    assert value(text, "speechcoach_errors_total", surface="rest", code="unauthenticated") == 1
    assert value(text, "speechcoach_errors_total", surface="websocket", code="bad_json") == 1
    # A path that a stranger made up makes no series.
    assert "no-such-thing" not in text


def test_only_who_bears_the_token_reads_them(watched, server):
    assert ask(watched.url, None).status_code == 401
    assert ask(watched.url, TOKEN[:-1]).status_code == 401
    assert ask(watched.url, watched.guest().token).status_code == 401
    # Without a token in the settings they are not there.
    assert ask(server.url).status_code == 404


def test_a_worker_tells_of_what_it_analysed(tmp_path, recording):
    broker = RedisServer()
    server = Server(tmp_path, broker__url=broker.url, metrics__token=TOKEN).start()
    log = tmp_path / "worker.log"
    with log.open("w") as stream:
        worker = subprocess.Popen(
            [PROGRAM, "worker", "--concurrency", "1"],
            env=clean_environment(**server.settings, metrics__worker_listen="127.0.0.1:0"), stdout=subprocess.PIPE, stderr=stream, text=True,
        )  # fmt: skip
    try:
        assert "is ready" in worker.stdout.readline(), log.read_text()
        port = re.search(r"metrics served.*?port=?\W*(\d+)", log.read_text())[1]
        url = f"http://127.0.0.1:{port}"
        assert httpx.get(f"{url}/readyz").status_code == 200
        assert ask(url, None).status_code == 401
        session = server.guest().upload(recording("good.wav"), "good.wav").json()
        assert session["status"] == "completed"
        text = read(url)
        assert value(text, "speechcoach_sessions_total", status="completed") == 1
        assert value(text, "speechcoach_analysis_duration_seconds_count") == 1
        # The server took it in and analysed nothing.
        text = read(server.url)
        assert value(text, "speechcoach_sessions_total", status="completed") == 0
        assert value(text, "speechcoach_http_requests_total", route="/api/v1/speech-practice/sessions") == 1
    finally:
        worker.kill()
        worker.wait()
        server.end()
        broker.close()
