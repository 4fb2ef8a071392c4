"""Python's celery on one side, the program's workers on the other, and a Redis of their own between them."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from celery import Celery

ROOT = Path(__file__).resolve().parents[3]
DRIVER = Path(os.environ.get("SPEECHCOACH_BUILD", ROOT / "build" / "release")) / "speechcoach-celery-driver"
sys.path.append(str(ROOT / "tests" / "support"))
from with_redis import RedisServer  # noqa: E402


@pytest.fixture(scope="module")
def redis_server():
    server = RedisServer()
    yield server
    server.close()


def make_app(url: str) -> Celery:
    app = Celery("tests", broker=url, backend=url)
    # Nothing is pushed into the broker when nobody answers, and a lost broker shows at once.
    app.conf.update(broker_connection_retry_on_startup=False, result_expires=600, worker_hijack_root_logger=False)
    return app


@pytest.fixture
def app(redis_server):
    app = make_app(redis_server.url)
    yield app
    app.close()


class CppWorker:
    """One process of the driver, which is gone with the test."""

    def __init__(self, url: str, queues: str, concurrency: int = 2, *options: str):
        self.name = f"cpp-{uuid.uuid4().hex[:8]}@test"
        self.process = subprocess.Popen([DRIVER, "worker", url, self.name, queues, str(concurrency), *options], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=30)

    def end(self) -> None:
        if self.process.poll() is None:
            self.kill()
        self.process.stdout.close()


@pytest.fixture
def queue():
    """A queue that no other test uses."""
    return f"test-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def start_worker(redis_server):
    workers = []

    def start(queues: str, concurrency: int = 2, *options: str) -> CppWorker:
        workers.append(CppWorker(redis_server.url, queues, concurrency, *options))
        return workers[-1]

    yield start
    for worker in workers:
        worker.end()


@pytest.fixture
def worker(start_worker, queue):
    return start_worker(queue)


@pytest.fixture
def apply(redis_server):
    """Sends a signature from C++ and waits for its result."""

    def apply(signature: dict, seconds: int = 30) -> dict:
        done = subprocess.run([DRIVER, "apply", redis_server.url, str(seconds)], input=json.dumps(signature), capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return apply
