#!/usr/bin/env python3
"""The queue's worker beside Celery's, prefork and threads, on one Redis server: delay from send to start, tasks a second with
results, and a backlog of 100,000 tasks.

Messages are made by Celery once and pushed into Redis as they are, so that all workers get the same and no sender's own time is in it.
"""

# ruff: noqa: E402
import sys

sys.path.pop(0)  # this folder, where this file hides Python's own module `queue` from everybody

import json
import os
import subprocess
import time
import uuid
from pathlib import Path

import redis
from celery import Celery

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from with_redis import RedisServer

DRIVER = ROOT / "build" / "release" / "speechcoach-celery-driver"
PYTHON_WORKER = ROOT / "tests" / "functional" / "celery" / "python_worker.py"
CONCURRENCY = 4
SINGLE_TASKS = 400
TASKS = 4000
ROUNDS = 3
BACKLOG = 100_000
URGENT = 40


class Bench:
    def __init__(self, server: RedisServer):
        self.url = server.url
        self.redis = redis.Redis.from_url(server.url)
        self.app = Celery("bench", broker=server.url, backend=server.url)

    def template(self, task: str, queue: str) -> dict:
        """A message as Celery puts it into Redis, by way of a queue on which nobody works."""
        self.app.send_task(task, queue="bench-nobody")
        message = json.loads(self.redis.rpop("bench-nobody"))
        message["properties"]["delivery_info"]["routing_key"] = queue
        return message

    def messages(self, task: str, queue: str, count: int) -> list[tuple[str, str]]:
        template = self.template(task, queue)
        made = []
        for _ in range(count):
            task_id = str(uuid.uuid4())
            template["headers"]["id"] = template["headers"]["root_id"] = template["properties"]["correlation_id"] = task_id
            template["properties"]["delivery_tag"] = str(uuid.uuid4())
            made.append((task_id, json.dumps(template)))
        return made

    def result(self, task_id: str):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if meta := self.redis.get(f"celery-task-meta-{task_id}"):
                return json.loads(meta)["result"]
            time.sleep(0.0005)
        raise TimeoutError(task_id)

    def start(self, kind: str, queue: str) -> subprocess.Popen:
        if kind == "ours":
            command = [DRIVER, "worker", self.url, f"bench@{queue}", queue, str(CONCURRENCY), "--prefetch", "4"]
        else:
            command = [sys.executable, PYTHON_WORKER, self.url, queue, kind, str(CONCURRENCY)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for task_id, message in self.messages("test.now", queue, 20):  # warm: pools, imports, scripts
            self.redis.lpush(queue, message)
            self.result(task_id)
        return process

    def delays_ms(self, queue: str) -> list[float]:
        """One task at a time, to a worker that has nothing else to do."""
        delays = []
        for task_id, message in self.messages("test.now", queue, SINGLE_TASKS):
            sent = time.time()
            self.redis.lpush(queue, message)
            delays.append((self.result(task_id) - sent) * 1000)
        return delays

    def tasks_a_second(self, queue: str) -> float:
        messages = [message for _, message in self.messages("test.noop", queue, TASKS)]
        began = time.monotonic()
        with self.redis.pipeline(transaction=False) as pipe:
            for message in messages:
                pipe.lpush(queue, message)
            pipe.execute()
        while self.redis.llen(queue) > 0 or self.redis.hlen("unacked") > 0:
            time.sleep(0.002)
        return TASKS / (time.monotonic() - began)

    def memory_a_task(self, fill) -> float:
        self.redis.flushdb()
        before = self.redis.info("memory")["used_memory_dataset"]
        fill()
        return (self.redis.info("memory")["used_memory_dataset"] - before) / BACKLOG

    def fill_from_python(self) -> None:
        messages = self.messages("test.noop", "backlog", BACKLOG)
        for start in range(0, BACKLOG, 1000):
            with self.redis.pipeline(transaction=False) as pipe:
                for _, message in messages[start : start + 1000]:
                    pipe.lpush("backlog\x06\x169", message)
                pipe.execute()

    def fill_from_ours(self) -> None:
        subprocess.run([DRIVER, "send", self.url, "backlog", str(BACKLOG), "9"], check=True)

    def urgent_ms(self) -> list[float]:
        """Sent behind the backlog, which the worker is eating: no thread of it is free for longer than one task takes."""
        process = subprocess.Popen([DRIVER, "worker", self.url, "bench@backlog", "backlog", "2"], stdout=subprocess.DEVNULL)
        delays = []
        try:
            for task_id, message in self.messages("test.now", "backlog", URGENT + 1):
                sent = time.time()
                self.redis.lpush("backlog", message)
                delays.append((self.result(task_id) - sent) * 1000)
            if self.redis.llen("backlog\x06\x169") == 0:
                raise RuntimeError("the backlog was gone before the last urgent task")
        finally:
            process.kill()
            process.wait()
        return delays[1:]  # the first waits for the process to start


def main() -> None:
    server = RedisServer()
    delays: dict[str, list[float]] = {}
    rates: dict[str, list[float]] = {}
    try:
        bench = Bench(server)
        for kind in ("ours", "threads", "prefork"):
            queue = f"bench-{kind}"
            process = bench.start(kind, queue)
            try:
                delays[kind] = bench.delays_ms(queue)
                rates[kind] = [bench.tasks_a_second(queue) for _ in range(ROUNDS)]
            finally:
                process.terminate()
                process.wait()
        theirs_bytes = bench.memory_a_task(bench.fill_from_python)
        ours_bytes = bench.memory_a_task(bench.fill_from_ours)
        urgent = bench.urgent_ms()
    finally:
        server.close()
    rows = []
    for peer in ("threads", "prefork"):
        rows += [
            {"name": f"send to start p50, against {peer}", "unit": "ms", "ours": delays["ours"], "peer": delays[peer], "peer_name": f"celery {peer}", "statistic": "p50"},
            {"name": f"send to start p99, against {peer}", "unit": "ms", "ours": delays["ours"], "peer": delays[peer], "peer_name": f"celery {peer}", "statistic": "p99"},
            {"name": f"tasks a second, against {peer}", "unit": "1/s", "ours": rates["ours"], "peer": rates[peer], "peer_name": f"celery {peer}"},
        ]
    rows += [
        {"name": "memory of a waiting task", "unit": "B", "ours": [ours_bytes], "peer": [theirs_bytes], "peer_name": "celery"},
        {"name": "memory of a waiting task beyond Celery's", "unit": "B", "ours": [max(0.0, ours_bytes - theirs_bytes)]},
        {"name": "urgent task behind 100,000, start", "unit": "ms", "ours": urgent, "statistic": "max"},
    ]
    notes = [f"{CONCURRENCY} tasks at once, {TASKS} tasks a round with results, cores {os.cpu_count()}, Redis with an append-only file synced every second"]
    out = ROOT / "build" / "bench" / "queue.raw.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"bench": "queue", "rows": rows, "notes": notes}))


if __name__ == "__main__":
    main()
