"""Traces: what server and worker send to an OpenTelemetry collector, and what their logs say of it."""

import json
import os
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from audio_bytes import pcm_of_wav
from conftest import PROGRAM, REFERENCE, SESSIONS, clean_environment, run
from google.protobuf import json_format
from live_client import Live
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from with_redis import RedisServer

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
TRACE_ID, CALLERS_SPAN = CALLER.split("-")[1:3]


class Collector:
    """Takes OTLP over HTTP, and nothing that opentelemetry-proto does not have."""

    def __init__(self):
        self.spans: list[dict] = []
        self.bodies: list[str] = []
        self.faults: list[str] = []
        self.posts = 0
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                collector.posts += 1
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                try:
                    assert (self.path, self.headers["Content-Type"]) == ("/v1/traces", "application/json")
                    collector.keep(body)
                except Exception as fault:  # noqa: BLE001: told by the test that reads the spans
                    collector.faults.append(repr(fault))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def keep(self, body: str) -> None:
        json_format.Parse(body, ExportTraceServiceRequest(), ignore_unknown_fields=False)
        self.bodies.append(body)
        for of_resource in json.loads(body)["resourceSpans"]:
            service = plain(of_resource["resource"]["attributes"])["service.name"]
            for scope in of_resource["scopeSpans"]:
                self.spans += [span | {"service": service, "attributes": plain(span["attributes"])} for span in scope["spans"]]

    def all_named(self, name: str) -> list[dict]:
        assert not self.faults, self.faults
        found = [span for span in self.spans if span["name"] == name]
        assert found, f"{name}: {[(span['name'], span['service']) for span in self.spans]}"
        return found

    def named(self, name: str) -> dict:
        [only] = self.all_named(name)
        return only

    def way_up(self, span: dict) -> list[dict]:
        """The span and what it is in, up to where its trace begins here."""
        by_id = {each["spanId"]: each for each in self.spans}
        way = [span]
        while parent := by_id.get(way[-1].get("parentSpanId")):
            way.append(parent)
        return way

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def plain(attributes: list[dict]) -> dict:
    return {attribute["key"]: next(iter(attribute["value"].values())) for attribute in attributes}


def ids_in(log: str) -> set[str]:
    return set(re.findall(r"trace_id=([0-9a-f]{32})", log))


@pytest.fixture
def collector():
    made = Collector()
    yield made
    made.close()


def upload(server, recording, **headers) -> dict:
    with server.guest().http as http:
        form = {"mode": "sentence_practice", "reference_text": REFERENCE}
        answer = http.post(SESSIONS, params={"wait": 60}, data=form, files={"audio": ("good.wav", recording("good.wav"))}, headers=headers)
    assert answer.json()["status"] == "completed"
    return answer.json()


def test_one_trace_goes_from_a_caller_over_server_and_queue_to_a_worker(own_server, tmp_path, recording, collector, monkeypatch):
    monkeypatch.setenv(ENDPOINT, collector.url)
    broker = RedisServer()
    own_server.settings["broker__url"] = broker.url
    worker_log = tmp_path / "worker.log"
    try:
        own_server.start()
        with worker_log.open("w") as log:
            worker = subprocess.Popen(
                [PROGRAM, "worker", "--concurrency", "1"], env=clean_environment(**own_server.settings), stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert "is ready" in worker.stdout.readline()
        session = upload(own_server, recording, traceparent=CALLER)
        assert own_server.stop() == 0
        worker.terminate()
        assert worker.wait(timeout=60) == 0
    finally:
        own_server.end()
        broker.close()

    request = collector.named(f"POST {SESSIONS}")
    assert (request["traceId"], request["parentSpanId"]) == (TRACE_ID, CALLERS_SPAN)
    assert (request["service"], request["kind"]) == ("speechcoach-server", 2)
    assert request["attributes"]["http.response.status_code"] in ("200", "201", "202")
    # A stage may be run by two workers at once, where the one did not wait for the other.
    for stage in [span for name in ("transcribe", "prosody", "pronunciation", "score", "feedback") for span in collector.all_named(name)]:
        way = collector.way_up(stage)
        assert {span["traceId"] for span in way} == {TRACE_ID}
        assert way[-1] is request, [span["name"] for span in way]
        # Through the queue: what a worker processes was sent by the server, or by a worker before it.
        consumers = [place for place, span in enumerate(way) if span["kind"] == 5]
        assert consumers
        for place in consumers:
            assert way[place]["service"] == "speechcoach-worker"
        assert way[0]["service"] == "speechcoach-worker"
        sent = way[consumers[-1] + 1]
        assert (sent["kind"], sent["service"]) == (4, "speechcoach-server")
        assert sent["attributes"]["messaging.message.id"] == way[consumers[-1]]["attributes"]["messaging.message.id"]
    for span in collector.spans:
        assert int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"])
    # Ids and times, no words.
    assert collector.named("submit recording")["attributes"]["speechcoach.session_id"] == session["id"]
    for body in collector.bodies:
        assert "girl" not in body and "good.wav" not in body
    assert TRACE_ID in ids_in(own_server.log_path.read_text())
    assert TRACE_ID in ids_in(worker_log.read_text())


def test_a_recording_over_the_websocket_is_one_trace(own_server, recording, collector, monkeypatch):
    monkeypatch.setenv(ENDPOINT, collector.url)
    own_server.start()
    with Live(own_server, own_server.guest().token) as live:
        started = live.start()
        live.finish(started, live.stream(started, pcm_of_wav(recording("good.wav"))))
    assert own_server.stop() == 0
    way = collector.way_up(collector.named("transcribe"))
    assert way[-1]["name"] == "recording"
    assert way[-1]["attributes"]["speechcoach.session_id"] == started["session_id"]
    assert "parentSpanId" not in way[-1]


@pytest.mark.parametrize(("variable", "value"), [("OTEL_TRACES_EXPORTER", "none"), ("OTEL_TRACES_SAMPLER", "parentbased_always_off")])
def test_nothing_is_sent_where_it_is_off_whatever_a_caller_says(own_server, collector, monkeypatch, variable, value):
    monkeypatch.setenv(ENDPOINT, collector.url)
    monkeypatch.setenv(variable, value)
    own_server.start()
    with own_server.guest().http as http:
        assert http.get(SESSIONS, headers={"traceparent": CALLER}).status_code == 200
    assert own_server.stop() == 0
    assert collector.posts == 0
    assert TRACE_ID in ids_in(own_server.log_path.read_text())


def test_nothing_is_sent_unless_asked_for_and_logs_name_traces_all_the_same(own_server, recording, monkeypatch):
    for variable in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(variable)
    own_server.start(log__format="json")
    session = upload(own_server, recording)
    assert own_server.stop() == 0
    log = own_server.log_path.read_text()
    assert "traces are not taken" not in log  # as it would say of OpenTelemetry's usual address, where nobody is
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    analysed = next(line for line in lines if line.get("session_id") == session["id"] and line["event"] == "session analysed")
    asked = [line for line in lines if line["event"] == "request" and line.get("route") == SESSIONS and line["method"] == "POST"]
    assert [line["trace_id"] for line in asked] == [analysed["trace_id"]]


def test_a_collector_that_is_away_keeps_nobody_waiting(own_server, recording, monkeypatch):
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:1")
    own_server.start()
    upload(own_server, recording)
    assert own_server.stop() == 0
    assert own_server.log_path.read_text().count("traces are not taken") == 1


def test_a_variable_that_cannot_be_used_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setenv(ENDPOINT, "collector:4318")
    refused = run("serve", data_dir=str(tmp_path), server__port="0")
    assert refused.returncode == 2
    assert ENDPOINT in refused.stderr
