#!/usr/bin/env python3
"""Servers, workers and beats on PostgreSQL, an S3 server and Redis; processes are killed -9 while they hold work, Redis is stopped once and
killed once. What a server has acknowledged must come to its end, once.

    distributed.py [--sessions 300] [--kills 10] [--folder DIR]

Prints what was killed and what was found, as JSON lines; exits 1 where something was lost.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
import psycopg
import redis

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "chaos")]
from cluster import Cluster  # noqa: E402

SESSIONS = "/api/v1/speech-practice/sessions"
RECORDING = (ROOT / "tests" / "data" / "good.wav").read_bytes()
REFERENCE = "The girl was four at the time."
WORKERS = 3
SERVERS = 2
BEATS = 2


def say(what: str, **fields) -> None:
    print(json.dumps({"at_s": round(time.monotonic(), 1), "what": what} | fields), flush=True)


class Learners:
    """Send recordings, one after the other, to servers by chance; one that is not acknowledged is sent again."""

    def __init__(self, cluster: Cluster, count: int):
        self.cluster = cluster
        self.wanted = count
        self.acknowledged: list[str] = []
        self.token = ""

    def sign_in(self) -> None:
        self.token = httpx.post(f"{self.cluster.servers[0].url}/api/v1/auth/guest", json={}, timeout=30).json()["token"]

    def request(self, method: str, path: str, **options) -> httpx.Response | None:
        server = random.choice(self.cluster.servers)
        try:
            return httpx.request(method, server.url + path, headers={"Authorization": f"Bearer {self.token}"}, timeout=60, **options)
        except httpx.TransportError:
            return None

    def send_all(self) -> None:
        while len(self.acknowledged) < self.wanted:
            form = {"mode": "sentence_practice", "reference_text": REFERENCE}
            answer = self.request("POST", SESSIONS, params={"wait": 0}, data=form, files={"audio": ("good.wav", RECORDING)})
            if answer is not None and answer.status_code in (200, 201, 202):
                self.acknowledged.append(answer.json()["id"])
            else:
                time.sleep(0.2)

    def statuses(self) -> dict[str, int]:
        counted: dict[str, int] = {}
        with psycopg.connect(self.cluster.settings["database__url"]) as database:
            for status, count in database.execute("SELECT status, count(*) FROM speech_practice_sessions WHERE id = ANY(%s) GROUP BY status", [self.acknowledged]):
                counted[status] = count
        return counted


class Killer:
    def __init__(self, cluster: Cluster, kills: int):
        self.cluster = cluster
        self.kills = kills
        self.killed = {"worker": 0, "server": 0, "beat": 0, "redis": 0}

    def run(self, is_over) -> None:
        redis_turns = {self.kills // 3: "stopped", 2 * self.kills // 3: "killed -9"}
        while not is_over() and self.killed["worker"] < self.kills:
            turn = self.killed["worker"]
            if how := redis_turns.pop(turn, None):
                self.cluster.restart_redis(gently=how == "stopped")
                self.killed["redis"] += 1
                say("redis restarted", how=how)
            worker = self.cluster.busy_worker()
            if worker is None:
                time.sleep(0.02)
                continue
            held = worker.held()
            worker.kill()
            self.killed["worker"] += 1
            say("worker killed", name=worker.name, held=held)
            worker.start()
            if self.killed["server"] < self.kills // 3:
                server = random.choice(self.cluster.servers)
                server.kill()
                self.killed["server"] += 1
                say("server killed", url=server.url)
                server.start()
                beat = random.choice(self.cluster.beats)
                beat.kill()
                self.killed["beat"] += 1
                say("beat killed", name=beat.name)
                beat.start()


def gaps(cluster: Cluster, ids: list[str]) -> int:
    """Sessions whose stream of events, as a client that reconnects reads it, misses one or its end."""
    broken = 0
    for session_id in ids:
        entries = cluster.redis_client().xrange(f"speechcoach.events.{session_id}")
        numbers = [int(entry_id.split(b"-")[0]) for entry_id, _ in entries]
        kinds = [json.loads(fields[b"event"])["kind"] for _, fields in entries]
        broken += numbers != list(range(1, len(numbers) + 1)) or "complete" not in kinds
    return broken


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill processes of a cluster while it works.")
    parser.add_argument("--sessions", type=int, default=300)
    parser.add_argument("--kills", type=int, default=10, help="of workers; servers and beats are killed a third as often, Redis twice")
    parser.add_argument("--timeout", type=int, default=1800, help="seconds for all of it")
    arguments = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="speechcoach-chaos-") as folder, Cluster(Path(folder), SERVERS, WORKERS, BEATS) as cluster:
        learners = Learners(cluster, arguments.sessions)
        learners.sign_in()
        killer = Killer(cluster, arguments.kills)
        sending = threading.Thread(target=learners.send_all)
        sending.start()

        def open_sessions() -> int:
            return len(learners.acknowledged) - sum(count for status, count in learners.statuses().items() if status != "processing")

        killer.run(lambda: not sending.is_alive() and open_sessions() == 0)
        sending.join()
        while open_sessions() > 0 and time.monotonic() - began < arguments.timeout:
            time.sleep(0.5)
        # What dead workers held comes back when their signs of life have run out, and finds its session done.
        while cluster.redis_client().hlen("unacked") > 0 and time.monotonic() - began < arguments.timeout:
            time.sleep(0.5)
        statuses = learners.statuses()
        kept = cluster.kept_recordings()
        known = cluster.known_recordings()
        left = cluster.redis_client()
        runs = [run for beat in cluster.beats for run in beat.runs()]
        found = {
            "sessions": len(set(learners.acknowledged)),
            "statuses": statuses,
            "killed": killer.killed,
            "recordings without a session": len(kept - known),
            "sessions without their recording": len(known - kept),
            "sessions with a gap in their events": gaps(cluster, learners.acknowledged),
            "runs of scheduled jobs": len(runs),
            "of them twice for one time": len(runs) - len(set(runs)),
            "unacknowledged": left.hlen("unacked"),
            "dead letters": left.hlen("speechcoach.dead"),
            "seconds": round(time.monotonic() - began, 1),
        }
    say("found", **found)
    is_good = statuses.get("completed") == arguments.sessions and found["sessions with a gap in their events"] == 0 and found["sessions without their recording"] == 0 and found["unacknowledged"] == 0
    is_good = is_good and found["runs of scheduled jobs"] > 0 and found["of them twice for one time"] == 0
    return 0 if is_good and killer.killed["worker"] >= arguments.kills else 1


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
