#!/usr/bin/env python3
"""Learners practise for a while through the distributed set-up; every few seconds memory, descriptors and threads of each process are noted.

    run.py load --minutes 30     100 learners connected, 1,000 sessions an hour
    run.py soak --minutes 60     30 learners, 600 sessions an hour: does anything grow?

Each learner keeps a connection, speaks in real time, waits for the coach, and looks at the list of sessions and the progress in between. Language
models are fakes that are silent for two seconds; one of them limits its keys, errs, and is down now and then. Writes build/load/KIND.json; prints
what judge.py finds in it, and exits 1 where something does not hold. plots.py draws it.
"""

import argparse
import asyncio
import json
import os
import platform
import random
import re
import signal
import sys
import tempfile
import time
from pathlib import Path

import httpx
import websockets
from judge import judge, table
from setup import METRICS_TOKEN, Setup
from speaker import Practice, Speaker, pcm_of, sign_in

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
SOUNDS = [
    ("good.wav", "The girl was four at the time."),
    ("poor.wav", "He turned around to face her."),
    ("long.wav", "He allowed five wrongs and eight hits over five innings."),
]
KINDS = {"load": (100, 1000), "soak": (30, 600)}  # learners, sessions an hour
SERVERS, WORKERS = 2, 2
SAMPLES = 360  # at most so many a process
PATIENCE_S = 60.0
SESSIONS = "/api/v1/speech-practice/sessions"
PROGRESS = "/api/v1/speech-practice/progress"


class Run:
    def __init__(self, setup: Setup, learners: int, sessions_per_hour: int, minutes: float):
        self.setup = setup
        self.learners = learners
        self.pause_s = 3600 * learners / sessions_per_hour
        self.minutes = minutes
        self.sounds = [(pcm_of(DATA / name), text) for name, text in SOUNDS]
        self.practices: list[Practice] = []
        self.processes: dict[str, list[dict]] = {process.name: [] for process in setup.processes}
        self.queue: list[dict] = []
        self.statuses: dict[int, int] = {}
        self.reconnects = 0
        self.began = time.time()
        self.end = self.began + 60 * minutes

    async def learner(self, number: int) -> None:
        random_of = random.Random(number)
        url = self.setup.urls[number % len(self.setup.urls)]
        token = await asyncio.to_thread(sign_in, url)
        next_at = self.began + random_of.uniform(0, self.pause_s)
        async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE_S) as http:
            while next_at < self.end:
                try:
                    async with Speaker(url, token) as speaker:
                        while next_at < self.end:
                            await asyncio.sleep(max(0.0, next_at - time.time()))
                            self.practices.append(await speaker.practise(*random_of.choice(self.sounds), timeout_s=PATIENCE_S))
                            next_at = max(time.time(), next_at + random_of.uniform(0.5, 1.5) * self.pause_s)
                            for path in (SESSIONS, PROGRESS):
                                answer = await http.get(path)
                                self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
                except websockets.ConnectionClosed:
                    self.reconnects += 1

    async def watch(self) -> None:
        step_s = max(2.0, 60 * self.minutes / SAMPLES)
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {METRICS_TOKEN}"}, timeout=PATIENCE_S) as http:
            while True:
                at_s = round(time.time() - self.began, 1)
                for process in self.setup.processes:
                    if process.is_running():
                        self.processes[process.name].append({"at_s": at_s} | process.sample())
                text = (await http.get(f"{self.setup.urls[0]}/metrics")).text
                waiting = re.search(r"^speechcoach_queue_waiting (\S+)", text, re.MULTILINE)
                self.queue.append({"at_s": at_s, "waiting": float(waiting[1]) if waiting else 0.0})
                await asyncio.sleep(step_s)

    async def go(self) -> None:
        watching = asyncio.create_task(self.watch())
        await asyncio.gather(*(self.learner(number) for number in range(self.learners)))
        watching.cancel()

    def http_5xx(self) -> int:
        """As the servers count them, WebSockets and guests included."""
        count = 0.0
        for url in self.setup.urls:
            text = httpx.get(f"{url}/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"}, timeout=PATIENCE_S).text
            count += sum(float(value) for value in re.findall(r'^speechcoach_http_requests_total\{[^}]*status="5[^"]*"[^}]*\} (\S+)', text, re.MULTILINE))
        return int(count)

    def counted(self) -> dict:
        """What the database holds of the sessions that were begun. Lost: one that was begun and has no result."""
        statuses = dict(self.setup.sql("SELECT status, count(*) FROM speech_practice_sessions GROUP BY status"))
        done = sum(statuses.get(status, 0) for status in ("completed", "degraded"))
        begun = sum(bool(practice.session_id) for practice in self.practices)
        return {
            "begun": begun,
            "refused": [practice.status for practice in self.practices if not practice.session_id],
            "statuses": statuses,
            "lost": len(self.practices) - done,
            "told late or not": begun - sum(practice.is_complete for practice in self.practices),
            "http_5xx": self.http_5xx(),
            "http": self.statuses,
            "reconnects": self.reconnects,
            "degraded": sum(practice.is_degraded for practice in self.practices),
        }

    def report(self, kind: str, sessions_per_hour: int) -> dict:
        return {
            "kind": kind,
            "date": time.strftime("%Y-%m-%d", time.gmtime(self.began)),
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()}",
            "settings": {"learners": self.learners, "sessions_per_hour": sessions_per_hour, "minutes": self.minutes, "servers": SERVERS, "workers": WORKERS},
            "counted": self.counted(),
            "language models": self.setup.llm_calls(),
            "practices": [
                {"began_at": round(p.began_at - self.began, 2), "complete_s": p.after_s.get("complete"), "transcript_s": p.after_s.get("transcript"), "status": p.status}
                for p in self.practices
            ],
            "processes": self.processes,
            "queue": self.queue,
        }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--minutes", type=float, required=True)
    arguments = parser.parse_args()
    learners, sessions_per_hour = KINDS[arguments.kind]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    out = ROOT / "build" / "load"
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{arguments.kind}.json").unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="speechcoach-load-") as folder:
        setup = Setup(Path(folder), SERVERS, WORKERS)
        try:
            run = Run(setup, learners, sessions_per_hour, arguments.minutes)
            asyncio.run(run.go())
            report = run.report(arguments.kind, sessions_per_hour)
        finally:
            codes = setup.stop()
    report["exit codes"] = codes
    (out / f"{arguments.kind}.json").write_text(json.dumps(report, indent=1) + "\n")
    findings = judge(report)
    print(f"## {arguments.kind}: {learners} learners, {sessions_per_hour} sessions an hour, {arguments.minutes:g} minutes\n\n{table(findings)}\n")
    print(json.dumps({name: report[name] for name in ("counted", "language models", "exit codes")}, indent=1, ensure_ascii=False))
    return 0 if all(finding.holds for finding in findings) and not any(codes.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
