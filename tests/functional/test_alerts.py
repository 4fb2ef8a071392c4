"""Each alert that the beat judges by itself is fired for real: by providers that fail, recordings that wait, a store that is broken."""

import contextlib
import http.server
import json
import shutil
import socketserver
import sys
import threading
from pathlib import Path

import pytest
from conftest import PROGRAM, ROOT, Server, run
from processes import Process
from waiting import wait_until
from with_redis import RedisServer

sys.path.append(str(Path(__file__).resolve().parents[1] / "fakes"))
from llm_server import FakeProvider  # noqa: E402

HOOK_TOKEN = "the token of the hook"
RUNBOOKS = Path(__file__).resolve().parents[2] / "docs" / "runbooks"


class Hook:
    """A webhook's other side: keeps what it was told; refuses while the test says so."""

    def __init__(self):
        self.told: list[tuple[str, str]] = []  # (firing or resolved, alert)
        self.severities: dict[str, str] = {}
        self.faults: list[str] = []
        self.refuses = False
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(503 if hook.refuses else 200)
                self.end_headers()
                if not hook.refuses:
                    hook.take(body, self.headers["Authorization"])

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/alerts"

    def take(self, body: dict, authorization: str) -> None:
        if body["version"] != "4" or authorization != f"Bearer {HOOK_TOKEN}":
            self.faults.append(f"{body['version']} {authorization}")
        for alert in body["alerts"]:
            labels = alert["labels"]
            name = labels["alertname"] + (f"/{labels['subject']}" if "subject" in labels else "")
            if not (RUNBOOKS / Path(alert["annotations"]["runbook"]).name).exists() or not alert["annotations"]["summary"]:
                self.faults.append(name)
            self.severities[name] = labels["severity"]
            self.told.append((alert["status"], name))

    def fired(self) -> set[str]:
        return {name for status, name in self.told if status == "firing"}

    def over(self) -> set[str]:
        return {name for status, name in self.told if status == "resolved"}

    def wait_for(self, *names: str) -> None:
        with contextlib.suppress(AssertionError):
            wait_until(lambda: set(names) <= self.fired())
        assert set(names) <= self.fired()


class MailBox:
    """As much of a mail server as one message needs."""

    def __init__(self):
        self.messages: list[str] = []
        self.recipients: list[str] = []
        box = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                self.wfile.write(b"220 test\r\n")
                while line := self.rfile.readline().decode().strip():
                    word = line.split(" ")[0].upper()
                    if word == "RCPT":
                        box.recipients.append(line.split("<")[1].split(">")[0])
                    if word == "DATA":
                        self.wfile.write(b"354 go on\r\n")
                        text = b""
                        while not text.endswith(b"\r\n.\r\n"):
                            text += self.rfile.readline()
                        box.messages.append(text.decode())
                    self.wfile.write(b"221 bye\r\n" if word == "QUIT" else b"250 ok\r\n")
                    if word == "QUIT":
                        return

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def hook():
    made = Hook()
    yield made
    made.server.shutdown()
    made.server.server_close()
    assert made.faults == []


@pytest.fixture
def mailbox():
    made = MailBox()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def providers():
    with FakeProvider("openai") as openai, FakeProvider("deepseek") as deepseek:
        openai.settings.behaviour = deepseek.settings.behaviour = "500"
        yield {"openai": openai, "deepseek": deepseek}


def alerting(hook: Hook) -> dict[str, str]:
    """Looks every second, and tells what it sees at once."""
    return {"beat__alerts": "every 1s", "alerts__hold_percent": "0", "alerts__webhook_url": hook.url, "alerts__webhook_token": HOOK_TOKEN, "alerts__resolve_after_s": "1"}


def test_language_models_that_fail(own_server, hook, mailbox, providers, recording):
    mail = {"alerts__smtp_url": mailbox.url, "alerts__mail_from": "coach@school.example", "alerts__mail_to": "an@school.example, binh@school.example"}
    settings = alerting(hook) | mail | {
        "beat__provider_checks": "every 1s", "llm__daily_budget_usd": "0.000001", "limits__sessions_per_hour": "1000", "llm__breaker_open_ms": "3600000",
    }  # fmt: skip
    own_server.settings |= settings
    own_server.start().stop()
    own_server.sql("UPDATE llm_providers SET is_active = FALSE")
    for name, fake in providers.items():
        own_server.sql(f"UPDATE llm_providers SET is_active = TRUE, base_url = '{fake.url}' WHERE provider_name = '{name}'")
        added = run("keys", "add", "--provider", name, "--name", "one", stdin=f"sk-{name}-of-the-test\n", **own_server.settings)
        assert added.returncode == 0, added.stderr
    learner = own_server.start().guest()

    hook.wait_for("AllProvidersDown", "PrimaryProviderFailing", "ProviderFailing/deepseek")
    assert hook.severities["AllProvidersDown"] == "critical"
    # The rules write the advice of every session: they are degraded.
    for _ in range(10):
        assert learner.upload(recording("good.wav"), "good.wav").json()["degraded_mode"] is True
    hook.wait_for("DegradedShareHigh")

    # One answers again, which costs something; the other's key is refused.
    providers["openai"].settings.behaviour = "good"
    providers["deepseek"].settings.behaviour = "401"
    hook.wait_for("DailyCostOverBudget", "NoUsableKey/deepseek")
    wait_until(lambda: "AllProvidersDown" in hook.over())
    # Twenty answers of the last hour, of which two came from a fallback.
    own_server.sql(
        "INSERT INTO llm_usage_logs (provider_id, model_used, prompt_tokens, cached_prompt_tokens, completion_tokens, response_time_ms, success, cost_picousd,"
        " was_fallback, attempt_number, created_at) SELECT provider_id, model_used, 1, 0, 1, 1, TRUE, 0, n.value < 2, 1, created_at"
        " FROM llm_usage_logs, (SELECT 0 AS value UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7"
        " UNION SELECT 8 UNION SELECT 9 UNION SELECT 10 UNION SELECT 11 UNION SELECT 12 UNION SELECT 13 UNION SELECT 14 UNION SELECT 15 UNION SELECT 16"
        " UNION SELECT 17 UNION SELECT 18 UNION SELECT 19) n WHERE id = (SELECT MAX(id) FROM llm_usage_logs)"
    )
    hook.wait_for("FallbackRateHigh")
    # The mail goes out after the webhook; a stop breaks it off, and the next start tells it.
    wait_until(lambda: "\r\nFallbackRateHigh (" in "".join(mailbox.messages))
    assert own_server.stop() == 0

    # Each was told once when it began, over many looks.
    firing = [name for status, name in hook.told if status == "firing"]
    assert sorted(firing) == sorted(set(firing))
    mailed = "".join(mailbox.messages)
    for name in hook.fired():
        assert f"\r\n{name.split('/')[0]} (" in mailed, name
    assert set(mailbox.recipients) == {"an@school.example", "binh@school.example"}
    assert "Over; since" in mailed
    log = own_server.log_path.read_text()
    assert "alert firing" in log and HOOK_TOKEN not in log


@pytest.fixture(scope="module")
def broker():
    server = RedisServer()
    yield server
    server.close()


def test_work_that_waits_or_fails(tmp_path, broker, hook, recording):
    server = Server(tmp_path, broker__url=broker.url, limits__sessions_per_hour="1000", pipeline__max_queued="110", pipeline__max_attempts="1", **alerting(hook))
    audio = tmp_path / "audio"
    server.settings |= {"audio__url": f"file:{audio}", "beat__provider_checks": "off", "beat__cleanup": "off", "beat__key_reset": "off"}
    processes = []
    hook.refuses = True
    try:
        learner = server.start().guest()
        sound = recording("good.ogg")
        for _ in range(101):
            assert learner.upload(sound, "good.ogg", wait=0).json()["status"] == "processing"
        processes.append(Process(tmp_path, server.settings, "beat"))
        # Nobody takes the message at first; it comes once somebody does.
        wait_until(lambda: server.sql("SELECT 1 FROM alerts WHERE alert_name = 'QueueBacklog'"))
        wait_until(lambda: "webhook: answered 503" in processes[0].log.read_text())
        hook.refuses = False
        hook.wait_for("QueueBacklog", "QueueNearlyFull")

        # An installation that lacks the program which decodes.
        (tmp_path / "bin").mkdir()
        alone = shutil.copy(PROGRAM, tmp_path / "bin")
        worker = Process(tmp_path, server.settings | {"stt__model_dir": str(ROOT / "build" / "models")}, "worker", program=alone)
        processes.append(worker)
        hook.wait_for("AnalysesFailing")
        wait_until(lambda: {"QueueBacklog", "QueueNearlyFull"} <= hook.over())
        assert worker.stop() == 0

        # A store that has lost its recordings: what stands in their place cannot be deleted.
        for kept in [path for path in audio.rglob("*") if path.is_file()]:
            kept.unlink()
            kept.mkdir()
        assert processes[0].stop() == 0
        day = "interval '1 day'" if "postgresql" in server.settings.get("database__url", "") else "86400000"
        server.sql(f"UPDATE speech_practice_sessions SET created_at = created_at - 40 * {day}")
        processes.append(Process(tmp_path, server.settings | {"beat__cleanup": "every 366d", "privacy__keep_audio_days": "30"}, "beat"))
        hook.wait_for("JobFailing/cleanup")
    finally:
        for process in processes:
            process.end()
        server.end()


def test_alerts_that_nobody_could_get_are_refused_at_the_start(tmp_path):
    refused = run("config", data_dir=str(tmp_path), alerts__smtp_url="smtp://localhost")
    assert refused.returncode == 2
    assert "alerts.mail_to" in refused.stderr
    signed = run("config", data_dir=str(tmp_path), alerts__smtp_url="smtp://coach:hush-hush@mail.school.example:587")
    assert signed.returncode == 2
    assert "alerts.smtp_user" in signed.stderr and "alerts.smtp_password" in signed.stderr and "hush-hush" not in signed.stderr
    wrong = run("config", data_dir=str(tmp_path), alerts__mail_to="an@school.example\nBcc: everyone@school.example")
    assert wrong.returncode == 2
