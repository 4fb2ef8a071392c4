"""Servers that take recordings in, workers that analyse them, Redis between them."""

import re
import subprocess
import time
import uuid
from pathlib import Path

import httpx
import pytest
import redis
from conftest import PROGRAM, SESSIONS, Server, clean_environment, run
from with_redis import RedisServer
from waiting import wait_until


@pytest.fixture(scope="module")
def broker():
    server = RedisServer()
    yield server
    server.close()


class Cluster:
    """One database, one store, one broker; servers and workers as a test likes."""

    def __init__(self, folder, broker):
        self.first = Server(folder, broker__url=broker.url, limits__sessions_per_hour="1000")
        self.folder = folder
        self.processes: list = []

    def server(self) -> Server:
        self.first.start()
        return self.first

    def second_server(self) -> Server:
        other = Server.__new__(Server)
        other.__dict__.update(self.first.__dict__)
        other.process = None
        self.processes.append(other.start())
        return other

    def worker(self) -> subprocess.Popen:
        with (self.folder / "worker.log").open("a") as log:
            process = subprocess.Popen(
                [PROGRAM, "worker", "--concurrency", "1", "--hostname", f"test@{uuid.uuid4().hex[:8]}"],
                env=clean_environment(**self.first.settings), stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        self.processes.append(process)
        assert "is ready" in process.stdout.readline()
        return process

    def end(self) -> None:
        for process in self.processes:
            if isinstance(process, Server):
                process.end()
            elif process.poll() is None:
                process.kill()
                process.wait()
        self.first.end()


@pytest.fixture
def cluster(tmp_path, broker):
    made = Cluster(tmp_path, broker)
    yield made
    made.end()


def test_a_worker_analyses_what_a_server_takes_in(cluster, recording):
    server = cluster.server()
    worker = cluster.worker()
    learner = server.guest()
    answer = learner.upload(recording("good.wav"), "good.wav")
    assert answer.is_success, answer.status_code
    assert answer.json()["status"] == "completed"
    # Any server knows any learner.
    other = cluster.second_server()
    headers = {"Authorization": f"Bearer {learner.token}"}
    seen = httpx.get(f"{other.url}{SESSIONS}/{answer.json()['id']}", headers=headers, timeout=30)
    assert seen.json()["scores"] == answer.json()["scores"]
    worker.terminate()
    assert worker.wait(timeout=60) == 0
    assert server.stop() == 0


def test_work_waits_for_a_worker(cluster, recording):
    learner = cluster.server().guest()
    answer = learner.upload(recording("good.wav"), "good.wav", wait=0)
    assert answer.json()["status"] == "processing"
    cluster.worker()
    assert learner.wait_until_final(answer.json()["id"])["status"] == "completed"


def test_a_killed_worker_loses_nothing(cluster, recording):
    learner = cluster.server().guest()
    doomed = cluster.worker()
    ids = [learner.upload(recording("good.wav"), "good.wav", wait=0).json()["id"] for _ in range(3)]
    # Killed while it holds the first of them.
    wait_until(lambda: learner.session(ids[0])["status"] != "processing" or _holds_one(cluster), 30)
    doomed.kill()
    doomed.wait()
    cluster.worker()
    assert [learner.wait_until_final(session_id, 90)["status"] for session_id in ids] == ["completed"] * 3


def _holds_one(cluster) -> bool:
    return redis.Redis.from_url(cluster.first.settings["broker__url"]).hlen("unacked") > 0


def test_a_worker_without_a_broker_is_refused(tmp_path):
    refused = run("worker", data_dir=str(tmp_path))
    assert refused.returncode == 2
    assert "broker.url" in refused.stderr
    wrong = run("worker", data_dir=str(tmp_path), broker__url="redis+cluster://localhost")
    assert wrong.returncode == 2
    assert "broker.url" in wrong.stderr


def _resident_mb(process: subprocess.Popen) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def test_a_worker_that_takes_too_much_memory_starts_anew_and_loses_nothing(cluster, recording):
    learner = cluster.server().guest()
    worker = cluster.worker()
    at_first = _resident_mb(worker)
    assert learner.upload(recording("good.wav"), "good.wav").json()["status"] == "completed"
    after_one = _resident_mb(worker)
    assert after_one > at_first + 4, "an analysis needs memory that is kept for the next"
    worker.terminate()
    assert worker.wait(timeout=60) == 0

    limit_mb = int((at_first + after_one) / 2)
    cluster.first.settings["pipeline__worker_memory_mb"] = str(limit_mb)
    worker = cluster.worker()
    ids = [learner.upload(recording("good.wav"), "good.wav", wait=0).json()["id"] for _ in range(3)]
    assert [learner.wait_until_final(session_id, 120)["status"] for session_id in ids] == ["completed"] * 3
    wait_until(lambda: "starting anew" in (cluster.folder / "worker.log").read_text())
    # Ready a second time, as the same process.
    assert "is ready" in worker.stdout.readline()

    refused = run("worker", "--concurrency", "1", **(cluster.first.settings | {"pipeline__worker_memory_mb": "16"}))
    assert refused.returncode == 2
    assert "pipeline.worker_memory_mb" in refused.stderr


def _tries_until_refused(servers: list[Server], email: str) -> int:
    """How many tries to sign in are heard, taken in turns. Servers that each count for themselves hear ten and a few more that time brings."""
    wrong = {"email": email, "password": "not her password"}
    for number in range(10 * len(servers) + 20):
        status = httpx.post(f"{servers[number % len(servers)].url}/api/v1/auth/login", json=wrong, timeout=60).status_code
        if status == 429:
            return number
        assert status == 401
    raise AssertionError("nobody is refused")


def test_servers_count_tries_to_sign_in_together(cluster):
    """An account has ten at once and one more in half a minute; two servers that count for themselves allow twenty."""
    servers = [cluster.server(), cluster.second_server()]
    for number in range(5):
        heard = _tries_until_refused(servers, f"lan{number}@example.org")
        assert heard >= 10
        # On a busy machine Redis may answer too late: then that server counts for itself for five seconds.
        if "limits cannot be shared" not in cluster.first.log_path.read_text():
            assert heard < 20
            return
        cluster.first.log_path.write_text("")
        time.sleep(6)
    raise AssertionError("the limits are never shared")
