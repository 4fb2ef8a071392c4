#!/usr/bin/env python3
"""Servers, workers of each kind and beats on PostgreSQL, an S3 server, Redis and fake language models; processes are killed -9 while they
hold work, Redis is stopped once and killed once. What a server has acknowledged must come to its end, once.

    distributed.py [--sessions 300] [--kills 10]

Prints what was killed and what was found, as JSON lines; exits 1 where something was lost.
"""

import argparse
import json
import os
import random
import re
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
import psycopg

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "chaos")]
from cluster import APPENDFSYNC, ApiServer, Cluster, Process  # noqa: E402
from watchers import Watchers  # noqa: E402

SESSIONS = "/api/v1/speech-practice/sessions"
RECORDING = (ROOT / "tests" / "data" / "good.wav").read_bytes()
REFERENCE = "The girl was four at the time."
SERVERS = 2
WORKERS = {"stt": (2, 1), "prosody": (1, 1), "llm": (2, 4), "analytics": (1, 1)}
BEATS = 2
IN_FLIGHT = 40  # recordings that wait at once: the work lasts as long as the killing
WATCHED = 5  # every so manieth session is watched


def say(what: str, **fields) -> None:
    print(json.dumps({"at_s": round(time.monotonic(), 1), "what": what} | fields), flush=True)


class Learners:
    """Send recordings to servers by chance; one that is not acknowledged is sent again."""

    def __init__(self, cluster: Cluster, count: int):
        self.cluster = cluster
        self.wanted = count
        self.acknowledged: list[str] = []
        self.token = ""
        self.watchers: Watchers | None = None

    def sign_in(self) -> None:
        self.token = httpx.post(f"{self.cluster.servers[0].url}/api/v1/auth/guest", json={}, timeout=30).json()["token"]
        self.watchers = Watchers([server.url for server in self.cluster.servers], self.token)

    def request(self, method: str, path: str, **options) -> httpx.Response | None:
        server: ApiServer = random.choice(self.cluster.servers)
        server.requests += 1
        try:
            return httpx.request(method, server.url + path, headers={"Authorization": f"Bearer {self.token}"}, timeout=60, **options)
        except httpx.TransportError:
            return None
        finally:
            server.requests -= 1

    def send_all(self) -> None:
        while len(self.acknowledged) < self.wanted:
            if self.open() >= IN_FLIGHT:
                time.sleep(0.1)
                continue
            form = {"mode": "sentence_practice", "reference_text": REFERENCE}
            answer = self.request("POST", SESSIONS, params={"wait": 0}, data=form, files={"audio": ("good.wav", RECORDING)})
            if answer is None or answer.status_code not in (200, 201, 202):
                time.sleep(0.2)
                continue
            session_id = answer.json()["id"]
            if len(self.acknowledged) % WATCHED == 0:
                self.watchers.watch(session_id)
            self.acknowledged.append(session_id)

    def statuses(self) -> dict[str, int]:
        with psycopg.connect(self.cluster.settings["database__url"]) as database:
            query = "SELECT status, count(*) FROM speech_practice_sessions WHERE id = ANY(%s) GROUP BY status"
            return dict(database.execute(query, [self.acknowledged]).fetchall())

    def open(self) -> int:
        return self.statuses().get("processing", 0)


class Killer:
    """Kills a process that holds work, of the kind that was killed least, and starts it again; Redis twice on the way."""

    def __init__(self, cluster: Cluster, kills: int):
        self.cluster = cluster
        self.kills = kills
        self.killed = dict.fromkeys((process.kind for process in cluster.processes()), 0)
        self.redis_killed = 0

    def run(self, is_over) -> None:
        all_kills = self.kills * len(self.killed)
        redis_turns = {all_kills // 3: "stopped", 2 * all_kills // 3: "killed -9"}
        while not is_over() and min(self.killed.values()) < self.kills:
            if how := redis_turns.pop(sum(self.killed.values()), None):
                self.cluster.restart_redis(gently=how == "stopped")
                self.redis_killed += 1
                say("redis restarted", how=how)
            victim, held = self.find_victim()
            if victim is None:
                time.sleep(0.001)
                continue
            self.killed[victim.kind] += 1
            say("killed", name=victim.name, held=held)
            victim.start()

    def find_victim(self) -> tuple[Process | None, int]:
        wanted = [process for process in self.cluster.processes() if self.killed[process.kind] < self.kills]
        for process in sorted(wanted, key=lambda one: (self.killed[one.kind], random.random())):
            if held := process.kill_while_it_holds_work():
                return process, held
        return None, 0


def gaps(cluster: Cluster, ids: list[str]) -> int:
    """Sessions whose stream of events, as a client that reconnects reads it, misses one, or does not have its end once."""
    broken = 0
    for session_id in ids:
        entries = cluster.redis_client().xrange(f"speechcoach.events.{session_id}")
        numbers = [int(entry_id.split(b"-")[0]) for entry_id, _ in entries]
        kinds = [json.loads(fields[b"event"])["kind"] for _, fields in entries]
        broken += numbers != list(range(1, len(numbers) + 1)) or kinds.count("complete") != 1
    return broken


def runs_of_jobs(cluster: Cluster) -> list[tuple[str, str]]:
    """(job, for which time) of all that the beats have done."""
    return [run for beat in cluster.beats for run in re.findall(r"job done job=(\w+) due=(\S+)", beat.log.read_text())]


def asked_models(cluster: Cluster, ids: list[str]) -> int:
    with psycopg.connect(cluster.settings["database__url"]) as database:
        query = "SELECT count(*) FROM speech_practice_sessions WHERE id = ANY(%s) AND llm_provider_used IS NOT NULL"
        return database.execute(query, [ids]).fetchone()[0]


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill processes of a cluster while it works.")
    parser.add_argument("--sessions", type=int, default=300)
    parser.add_argument("--kills", type=int, default=10, help="of each kind of process")
    parser.add_argument("--timeout", type=int, default=1800, help="seconds for all of it")
    arguments = parser.parse_args()
    began = time.monotonic()

    def is_late() -> bool:
        return time.monotonic() - began > arguments.timeout

    with tempfile.TemporaryDirectory(prefix="speechcoach-chaos-") as folder, Cluster(Path(folder), SERVERS, WORKERS, BEATS) as cluster:
        learners = Learners(cluster, arguments.sessions)
        learners.sign_in()
        killer = Killer(cluster, arguments.kills)
        sending = threading.Thread(target=learners.send_all, daemon=True)
        sending.start()
        say("started", sessions=arguments.sessions, servers=SERVERS, workers=WORKERS, beats=BEATS, appendfsync=APPENDFSYNC)
        killer.run(lambda: is_late() or (not sending.is_alive() and learners.open() == 0))
        while (sending.is_alive() or learners.open() > 0) and not is_late():
            time.sleep(0.5)
        # What dead workers held comes back when their signs of life have run out, and finds its session done.
        left = cluster.redis_client()
        while left.hlen("unacked") > 0 and not is_late():
            time.sleep(0.5)
        watched_to_the_end = learners.watchers.wait(60)
        kept = cluster.kept_recordings()
        wanted = cluster.known_recordings(learners.acknowledged)
        runs = runs_of_jobs(cluster)
        found = {
            "sessions": len(set(learners.acknowledged)),
            "statuses": learners.statuses(),
            "with a model's words": asked_models(cluster, learners.acknowledged),
            "killed": killer.killed | {"redis": killer.redis_killed},
            "recordings without a session": len(kept - cluster.known_recordings()),
            "sessions without their recording": len(wanted - kept),
            "sessions with a gap in their events": gaps(cluster, learners.acknowledged),
            "watched": len(learners.watchers.heard),
            "all watched to the end": watched_to_the_end,
            "of them with a gap": learners.watchers.with_gaps(),
            "reconnections": learners.watchers.reconnections,
            "runs of scheduled jobs": len(runs),
            "of them twice for one time": len(runs) - len(set(runs)),
            "unacknowledged": left.hlen("unacked"),
            "dead letters": left.hlen("speechcoach.dead"),
            "seconds": round(time.monotonic() - began, 1),
        }
        for letter in map(json.loads, left.hvals("speechcoach.dead")):
            say("dead letter", task=letter["task"], reason=letter["reason"])
    say("found", **found)
    none = ("recordings without a session", "sessions without their recording", "sessions with a gap in their events", "of them with a gap",
            "of them twice for one time", "unacknowledged", "dead letters")  # fmt: skip
    is_good = found["sessions"] == arguments.sessions and found["statuses"] == {"completed": arguments.sessions} and not any(found[name] for name in none)
    was_tried = min(killer.killed.values()) >= arguments.kills and killer.redis_killed == 2 and len(runs) > 0 and watched_to_the_end
    return 0 if is_good and was_tried else 1


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
