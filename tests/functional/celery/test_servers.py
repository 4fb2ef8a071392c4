"""The kinds of Redis servers that a broker can be: with users and TLS, and behind sentinels."""

import gc
import shutil
import subprocess
import uuid

import pytest
import redis
from celery_side import CppWorker, make_app
from waiting import wait_until
from with_redis import RedisServer, free_port

MASTER = "coach"


@pytest.fixture
def workers():
    started = []

    def start(url: str, queue: str) -> CppWorker:
        started.append(CppWorker(url, queue, 1))
        return started[-1]

    yield start
    for worker in started:
        worker.end()


@pytest.fixture
def queue():
    return f"test-{uuid.uuid4().hex[:8]}"


def test_a_user_of_the_access_list_and_tls(workers, queue):
    server = RedisServer(password=True, tls=True)
    try:
        workers(server.tls_url, queue)
        app = make_app(f"{server.tls_url}&ssl_cert_reqs=required")
        assert app.send_task("test.add", args=[1, 2], queue=queue).get(timeout=30) == 3
        app.close()
    finally:
        server.close()


class Sentinel:
    """One that decides alone."""

    def __init__(self, master: RedisServer):
        self.port = free_port()
        self.folder = master.folder / "sentinel"
        self.folder.mkdir()
        configuration = self.folder / "sentinel.conf"
        configuration.write_text(
            f"port {self.port}\nbind 127.0.0.1\ndir {self.folder}\nsentinel monitor {MASTER} 127.0.0.1 {master.port} 1\n"
            f"sentinel down-after-milliseconds {MASTER} 60000\nsentinel failover-timeout {MASTER} 5000\n"
        )
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen([shutil.which("redis-server"), configuration, "--sentinel"], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        self.client = redis.Redis(port=self.port)

    def master(self) -> int:
        """Its port; 0 where nobody knows."""
        try:
            state = self.client.sentinel_master(MASTER)
        except redis.RedisError:
            return 0
        return 0 if state["is_sdown"] or state["is_odown"] else state["port"]

    def replicas(self) -> int:
        return sum(replica["master-link-status"] == "ok" for replica in self.client.sentinel_slaves(MASTER))

    def watch_closely(self) -> None:
        """From now on a silent second means that the master is gone."""
        self.client.sentinel_set(MASTER, "down-after-milliseconds", 1000)

    def end(self) -> None:
        self.client.close()
        self.process.kill()
        self.process.wait()


def test_sentinels_name_the_next_master(workers, queue):
    first, second = RedisServer(), RedisServer()
    redis.Redis(port=second.port).replicaof("127.0.0.1", first.port)
    sentinel = Sentinel(first)
    try:
        wait_until(lambda: sentinel.master() == first.port, 20)
        worker = workers(f"sentinel://127.0.0.1:{sentinel.port}/0?master={MASTER}", queue)
        app = make_app(first.url)
        assert app.send_task("test.add", args=[1, 2], queue=queue).get(timeout=30) == 3
        app.close()
        gc.collect()  # what Celery's results still want from this server
        wait_until(lambda: sentinel.replicas() == 1, 40)
        first.kill()
        sentinel.watch_closely()
        wait_until(lambda: sentinel.master() == second.port, 60)
        app = make_app(second.url)
        assert app.send_task("test.add", args=[20, 3], queue=queue).get(timeout=60) == 23
        app.close()
        assert worker.process.poll() is None
    finally:
        sentinel.end()
        first.close()
        second.close()
