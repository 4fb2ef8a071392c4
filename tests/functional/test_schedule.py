"""What is done from time to time: by several beats of which one leads, by a server alone, by Python's celery beat."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
import redis
from celery import Celery
from conftest import Server, run
from processes import Process
from waiting import wait_until
from with_redis import RedisServer

TOKEN = "the token of Prometheus"
# Due once in the life of a test.
ONCE = "every 366d"


@pytest.fixture(scope="module")
def broker():
    server = RedisServer()
    yield server
    server.close()


class Installation:
    """One database and one broker."""

    def __init__(self, folder: Path, broker_url: str, **settings: str):
        self.folder = folder
        self.store = Server(folder, broker__url=broker_url, beat__cleanup="off", beat__provider_checks="off", beat__key_reset="off", **settings)
        self.processes: list[Process] = []

    def start(self, *arguments: str, **settings: str) -> Process:
        self.processes.append(Process(self.folder, self.store.settings | settings, *arguments))
        return self.processes[-1]

    def ended(self, job: str) -> int:
        rows = self.store.sql(f"SELECT runs FROM scheduled_jobs WHERE job_name = '{job}'")
        return rows[0][0] if rows else 0

    def all_runs(self) -> list[tuple[str, str]]:
        return [ran for process in self.processes for ran in process.runs()]


@pytest.fixture
def installation(tmp_path, broker):
    redis.Redis.from_url(broker.url).flushall()
    made = Installation(tmp_path, broker.url)
    yield made
    for process in made.processes:
        process.end()


def test_of_two_beats_one_leads_and_the_other_follows_a_killed_one(installation):
    often = {"beat__cleanup": "every 1s", "beat__key_reset": "every 2s", "beat__provider_checks": ONCE}
    beats = [installation.start("beat", **often), installation.start("beat", **often)]
    wait_until(lambda: installation.ended("cleanup") >= 3 and installation.ended("key_reset") >= 2 and installation.ended("provider_checks") == 1)
    leader, other = wait_until(lambda: [beats, beats[::-1]][beats[1].leads()] if beats[0].leads() != beats[1].leads() else None)

    # Killed between two runs: one that it were in the middle of would, rightly, pass for running for an hour. What it had sent before it was
    # stopped the database may take a moment later: only two equal readings count.
    while True:
        leader.process.send_signal(signal.SIGSTOP)
        wait_until(lambda: Path(f"/proc/{leader.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T")
        readings = []
        for _ in range(2):
            readings.append(installation.store.sql("SELECT job_name, due_at, began_at, ended_at FROM scheduled_jobs ORDER BY job_name"))
            time.sleep(0.2)
        if readings[0] == readings[1] and all(row[-1] is not None for row in readings[1]):
            break
        leader.process.send_signal(signal.SIGCONT)
        time.sleep(0.05)
    leader.process.kill()
    leader.process.wait()
    before = {job: installation.ended(job) for job in ("cleanup", "key_reset")}
    wait_until(other.leads)
    wait_until(lambda: all(installation.ended(job) >= count + 2 for job, count in before.items()))

    assert other.stop() == 0
    runs = installation.all_runs()
    assert len(set(runs)) == len(runs), "a job ran twice for one time"
    assert [job for job, _ in runs].count("provider_checks") == 1
    for job in ("cleanup", "key_reset"):
        assert installation.ended(job) == [name for name, _ in runs].count(job)
    # Who ends in order lets go of the lead at once.
    assert not redis.Redis.from_url(installation.store.settings["broker__url"]).exists("speechcoach.beat.leader")


def test_what_was_missed_is_caught_up_once(installation):
    first = installation.start("beat", beat__cleanup=ONCE)
    wait_until(lambda: installation.ended("cleanup") == 1)
    assert first.stop() == 0
    # Three of its times pass while no beat is there.
    then = "3 * 366 * interval '1 day'" if "postgresql" in installation.store.settings.get("database__url", "") else "3 * 366 * 86400000"
    installation.store.sql(f"UPDATE scheduled_jobs SET due_at = due_at - {then}, began_at = began_at - {then}, ended_at = ended_at - {then}")
    again = installation.start("beat", beat__cleanup=ONCE, beat__key_reset="every 1s")
    # Each job runs on a thread of its own: the three may be over before the one that was caught up.
    wait_until(lambda: installation.ended("key_reset") >= 3 and installation.ended("cleanup") >= 2)
    assert installation.ended("cleanup") == 2
    assert [job for job, _ in again.runs()].count("cleanup") == 1


def test_python_keeps_the_schedule_instead(installation, broker, tmp_path):
    worker = installation.start("worker", "--queues", "beat", metrics__token=TOKEN, metrics__worker_listen="127.0.0.1:0")
    app = Celery("tests", broker=broker.url, backend=broker.url)
    assert app.send_task("speechcoach.beat.key_reset", queue="beat").get(timeout=30) == "done"
    due = app.send_task("speechcoach.beat.cleanup", kwargs={"due_ms": 1_795_392_000_000, "fence": 5}, queue="beat")
    assert due.get(timeout=30) == "done"
    again = app.send_task("speechcoach.beat.cleanup", kwargs={"due_ms": 1_795_392_000_000, "fence": 5}, queue="beat")
    assert again.get(timeout=30) == "nothing to do"
    outdated = app.send_task("speechcoach.beat.cleanup", kwargs={"due_ms": 1_795_395_600_000, "fence": 4}, queue="beat")
    assert outdated.get(timeout=30) == "nothing to do", "a leader that has lost the lead is not obeyed"

    (tmp_path / "school.py").write_text(
        "from celery import Celery\n"
        f"app = Celery('school', broker={broker.url!r})\n"
        "app.conf.beat_schedule = {'reset': {'task': 'speechcoach.beat.key_reset', 'schedule': 1.0, 'options': {'queue': 'beat'}}}\n"
    )
    with (tmp_path / "celery.log").open("w") as log:
        beat = subprocess.Popen([sys.executable, "-m", "celery", "-A", "school", "beat", "--schedule", tmp_path / "at"], cwd=tmp_path, stdout=log, stderr=log)
    try:
        before = installation.ended("key_reset")
        wait_until(lambda: installation.ended("key_reset") >= before + 2)
    finally:
        beat.kill()
        beat.wait()
    port = re.search(r"metrics served.*?port=?\W*(\d+)", worker.log.read_text())[1]
    told = httpx.get(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30).text
    assert f'speechcoach_job_runs_total{{job_name="cleanup",outcome="succeeded"}} {installation.ended("cleanup")}' in told
    assert 'speechcoach_job_last_success_timestamp_seconds{job_name="key_reset"}' in told
    assert "speechcoach_beat_leader" not in told, "it works and does not keep the schedule"
    assert worker.stop() == 0


def test_a_beat_tells_of_itself(installation):
    beat = installation.start("beat", beat__key_reset=ONCE, metrics__token=TOKEN, metrics__worker_listen="127.0.0.1:0", log__format="json")
    lines = wait_until(lambda: [line for line in beat.log.read_text().splitlines() if "metrics served" in line])
    url = f"http://127.0.0.1:{json.loads(lines[0])['port']}"
    assert httpx.get(f"{url}/healthz", timeout=30).status_code == 200
    assert httpx.get(f"{url}/readyz", timeout=30).status_code == 200

    def told() -> str:
        return httpx.get(f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30).text

    wait_until(lambda: "speechcoach_beat_leader 1" in told())
    wait_until(lambda: 'speechcoach_job_runs_total{job_name="key_reset",outcome="succeeded"} 1' in told())
    assert beat.stop() == 0


def test_a_server_without_a_broker_keeps_the_schedule_itself(own_server, recording):
    learner = own_server.start(privacy__keep_audio_days="30", beat__cleanup=ONCE).guest()
    session = learner.upload(recording("good.wav"), "good.wav").json()
    assert session["status"] == "completed"
    wait_until(lambda: own_server.sql("SELECT 1 FROM scheduled_jobs WHERE job_name = 'cleanup' AND ended_at IS NOT NULL"))
    assert own_server.stop() == 0
    # Forty days later; the time at which it is due has come again.
    postgresql = "postgresql" in own_server.settings.get("database__url", "")
    days = {count: f"{count} * interval '1 day'" if postgresql else f"{count} * 86400000" for count in (40, 366)}
    own_server.sql(f"UPDATE speech_practice_sessions SET created_at = created_at - {days[40]}")
    own_server.sql(f"UPDATE scheduled_jobs SET due_at = due_at - {days[366]}")
    own_server.start(privacy__keep_audio_days="30", beat__cleanup=ONCE)
    wait_until(lambda: own_server.sql("SELECT 1 FROM speech_practice_sessions WHERE audio_url IS NULL"))
    wait_until(lambda: own_server.sql("SELECT 1 FROM scheduled_jobs WHERE job_name = 'cleanup' AND runs = 2"))
    with learner.http as http:
        assert http.get(f"/api/v1/speech-practice/sessions/{session['id']}/audio").status_code == 404


def test_a_beat_without_a_broker_or_with_no_schedule_is_refused(tmp_path):
    refused = run("beat", data_dir=str(tmp_path))
    assert refused.returncode == 2
    assert "broker.url" in refused.stderr
    wrong = run("beat", data_dir=str(tmp_path), broker__url="redis://localhost", beat__cleanup="hourly")
    assert wrong.returncode == 2
    assert "beat.cleanup" in wrong.stderr and "every 1h" in wrong.stderr
