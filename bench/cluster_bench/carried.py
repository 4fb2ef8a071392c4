#!/usr/bin/env python3
"""What was measured at one worker process, carried on paper to many: sessions a second, and what holds them back.

Operational bounds (Denning and Buzen, "The operational analysis of queueing network models", 1978): with V visits of S seconds a session at a
resource of c servers, throughput is at most c / (V S) of each. Waiting for a worker is M/M/c's (Erlang's C formula).

    carried.py      the table of docs/scaling.md, from build/bench/cluster.json or what bench/kept has of it
"""

import json
import math
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKERS = (1, 2, 10, 50, 100, 200, 500, 1000)
DATABASE_CORES = 4
LOAD = 0.8  # of what holds it back: who plans for more plans for queues


def most_sessions_a_second(workers: int, worker_s: float, shared_s: dict[str, float]) -> tuple[float, str]:
    """And the resource that allows no more: `shared_s` are seconds a session of what there is one of."""
    bounds = {"workers": workers / worker_s} | {name: 1 / seconds for name, seconds in shared_s.items()}
    least = min(bounds, key=bounds.__getitem__)
    return bounds[least], least


def wait_probability(servers: int, load_erlang: float) -> float:
    """Erlang's C: the share that finds all `servers` busy, at `load_erlang` < servers busy on the average."""
    blocked = 1.0  # Erlang's B, by its recursion
    for count in range(1, servers + 1):
        blocked = load_erlang * blocked / (count + load_erlang * blocked)
    return blocked / (1 - (load_erlang / servers) * (1 - blocked))


def wait_p95_s(servers: int, sessions_a_second: float, seconds: float) -> float:
    """Of all sessions 95 of 100 wait less for one of `servers` that take `seconds` each."""
    load_erlang = sessions_a_second * seconds
    busy = wait_probability(servers, load_erlang)
    return math.log(busy / 0.05) / (servers / seconds - sessions_a_second) if busy > 0.05 else 0.0


def figures() -> dict[str, float]:
    made = ROOT / "build" / "bench" / "cluster.json"
    rows = json.loads(made.read_text()) if made.exists() else json.loads((ROOT / "bench" / "kept" / "cluster.json").read_text())["rows"]
    return {row["name"]: row["ours"] for row in rows}


def main() -> None:
    of = figures()
    worker_s = 3600 / of["sessions an hour, 1 worker process"]
    shared_s = {
        "Redis' thread": of["Redis' thread a session"] / 1000,
        f"PostgreSQL on {DATABASE_CORES} cores": of["database CPU a session"] / 1000 / DATABASE_CORES,
    }
    print("| workers of one core | sessions an hour at most | held back by | sessions an hour at 80 % | p95 of waiting at 80 % |\n|---|---|---|---|---|")
    for workers in WORKERS:
        most, by = most_sessions_a_second(workers, worker_s, shared_s)
        waits_s = wait_p95_s(workers, LOAD * most, worker_s)
        print(f"| {workers:,} | {3600 * most:,.0f} | {by} | {3600 * LOAD * most:,.0f} | {waits_s:.2f} s |")


if __name__ == "__main__":
    main()
