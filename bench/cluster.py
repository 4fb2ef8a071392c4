#!/usr/bin/env python3
"""Sessions an hour of the whole pipeline at one and two worker processes, against Celery with faster-whisper and parselmouth on the same
recordings; and how throughput grows with the slots of simulated stages, against a queueing model.

A worker process has one core to itself and computes with one thread, ours and theirs. Their recordings lie in a folder and their results
in PostgreSQL, as ours do; what a server does before that is not in the time. SPEECHCOACH_BENCH_RECORDINGS (24) says how many recordings.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "bench" / "cluster_bench"), str(ROOT / "bench" / "stt_bench"), str(ROOT / "tests" / "support")]
import models  # noqa: E402
import pipelines  # noqa: E402
import recordings  # noqa: E402
import simulated  # noqa: E402
from with_postgresql import PostgresqlServer  # noqa: E402
from with_redis import RedisServer  # noqa: E402

RECORDINGS = int(os.environ.get("SPEECHCOACH_BENCH_RECORDINGS", "24"))
ROUNDS = 2
PROCESSES = [count for count in (1, 2) if count <= len(os.sched_getaffinity(0))]
PEER = "celery, faster-whisper int8, parselmouth"


def processes_named(count: int) -> str:
    return "1 worker process" if count == 1 else f"{count} worker processes"


def measure(sample: list[recordings.Recording], postgresql: PostgresqlServer) -> list[dict]:
    rows = []
    for count in PROCESSES:
        rates = {}
        for name, make in {
            "ours": lambda folder, redis: pipelines.Ours(folder, redis, postgresql, count, judges_sounds=False),
            "peer": lambda folder, redis: pipelines.Peer(folder, redis, postgresql, count, models.ctranslate2_base()),
            "with pronunciation": lambda folder, redis: pipelines.Ours(folder, redis, postgresql, count, judges_sounds=True),
        }.items():
            redis = RedisServer()
            try:
                with tempfile.TemporaryDirectory(prefix="speechcoach-bench-") as folder, make(Path(folder), redis) as pipeline:
                    rates[name] = [3600 * pipeline.sessions_a_second(sample) for _ in range(ROUNDS)]
                    if name == "ours" and count == 1:
                        rows += [{"name": f"{what} a session", "unit": unit, "ours": [cost]} for what, (cost, unit) in pipeline.costs(sample).items()]
            finally:
                redis.close()
        named = processes_named(count)
        rows.append({"name": f"sessions an hour, {named}", "unit": "1/h", "ours": rates["ours"], "peer": rates["peer"], "peer_name": PEER})
        rows.append({"name": f"sessions an hour with pronunciation, {named}", "unit": "1/h", "ours": rates["with pronunciation"]})
    return rows


def simulate() -> list[dict]:
    rows = []
    for times in simulated.TIMES:
        redis = RedisServer()
        try:
            measured, predicted = simulated.sessions_a_second(redis.url, times)
        finally:
            redis.close()
        name = f"simulated stages, {simulated.slots(times)} slots"
        rows.append({"name": f"{name}: sessions a second", "unit": "1/s", "ours": [measured], "peer": [predicted], "peer_name": "queueing model"})
    return rows


def main() -> None:
    sample = recordings.sample(RECORDINGS)
    postgresql = PostgresqlServer()
    try:
        rows = measure(sample, postgresql)
    finally:
        postgresql.close()
    rows += simulate()
    notes = [
        f"{RECORDINGS} recordings a round, {ROUNDS} rounds, Whisper base, cores {os.cpu_count()}, a core and a thread for each worker process",
        "simulated stages: " + ", ".join(f"{stage.name} {1000 * stage.seconds:.0f} ms x {stage.slots}" for stage in simulated.STAGES) + "; the slots of each grow together",
    ]
    out = ROOT / "build" / "bench" / "cluster.raw.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"bench": "cluster", "rows": rows, "notes": notes}))


if __name__ == "__main__":
    main()
