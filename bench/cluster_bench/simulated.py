"""Sessions through simulated stages, with more and more slots, and what a queueing model says of them.

Four stages in a row, each with a queue and slots of its own, as a session has them; a stage's work is a sleep. With N sessions waiting at
the start, the stage with the least slots for its seconds is always busy, and the others wait for it:

    time = (sum of the stages' seconds) + (N - 1) / min(slots / seconds)
"""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import redis
from celery import Celery, chain

ROOT = Path(__file__).resolve().parents[2]
DRIVER = ROOT / "build" / "release" / "speechcoach-celery-driver"
TIMES = (1, 2, 4, 8, 16)
LASTS_S = 8  # of each measurement, by the model
PATIENCE_S = 120


@dataclass(frozen=True)
class Stage:
    name: str
    seconds: float
    slots: int


STAGES = (Stage("prosody", 0.05, 1), Stage("stt", 0.4, 4), Stage("llm", 1.2, 16), Stage("analytics", 0.02, 1))


def slots(times: int) -> int:
    return times * sum(stage.slots for stage in STAGES)


def bottleneck(times: int) -> float:
    """Sessions a second."""
    return min(times * stage.slots / stage.seconds for stage in STAGES)


def sessions_a_second(url: str, times: int) -> tuple[float, float]:
    """Measured, and by the model."""
    count = int(LASTS_S * bottleneck(times))
    predicted_s = sum(stage.seconds for stage in STAGES) + (count - 1) / bottleneck(times)
    app = Celery("bench", broker=url, backend=url)
    for _ in range(count):
        stages = [app.signature("test.sleep", args=[stage.seconds], queue=f"bench-{stage.name}", immutable=True) for stage in STAGES]
        chain(stages).apply_async(ignore_result=True)
    client = redis.Redis.from_url(url)
    workers = []
    began = time.monotonic()  # before the first worker: it takes sessions while the last one still starts
    try:
        for stage in STAGES:
            queue = f"bench-{stage.name}"
            command = [DRIVER, "worker", url, f"{stage.name}@bench", queue, str(times * stage.slots)]
            workers.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        for worker in workers:
            worker.stdout.readline()
        while any(client.llen(f"bench-{stage.name}") for stage in STAGES) or client.hlen("unacked"):
            if time.monotonic() - began > PATIENCE_S:
                raise TimeoutError("sessions are left over")
            time.sleep(0.01)
        took_s = time.monotonic() - began
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
            worker.stdout.close()
        client.close()
        app.close()
    return count / took_s, count / predicted_s
