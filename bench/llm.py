#!/usr/bin/env python3
"""What the provider chain adds to a provider's own time, with 200 calls in flight, and what the cache saves.

Three fakes with five keys each serve from processes of their own and say in each answer how long they had the request; what
the caller waited beyond that is ours: taking a key, the connection, reading the stream, checking the answer, writing the log.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "functional" / "llm"))

DRIVER = ROOT / "build" / "release" / "speechcoach-llm-driver"
IN_FLIGHT = 200
CALLS = 2000
FAKE = {"latency_s": 1.5, "gap_s": 0.06, "pieces": 8, "stamp": True}
FAKE_S = FAKE["latency_s"] + FAKE["gap_s"] * (FAKE["pieces"] - 1)


def start_fake(kind: str, settings: dict) -> tuple[subprocess.Popen, str]:
    command = [sys.executable, ROOT / "tests" / "fakes" / "llm_server.py", kind, json.dumps(settings)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    return process, f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"


def ask_evenly(chain, question: dict) -> list[dict]:
    """Learners come one by one: a question every few milliseconds, so many that 200 are in flight all the time."""
    process = chain.start("--threads", str(2 * IN_FLIGHT))

    def ask() -> None:
        began = time.monotonic()
        for number in range(CALLS):
            time.sleep(max(0.0, began + number * FAKE_S / IN_FLIGHT - time.monotonic()))
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
        process.stdin.close()

    asker = threading.Thread(target=ask)
    asker.start()
    lines = process.stdout.readlines()
    asker.join()
    process.wait(30)
    return [json.loads(line) for line in lines][:-1]


def main() -> None:
    from chain import QUESTION, Chain

    fakes = []
    with tempfile.TemporaryDirectory(prefix="speechcoach-bench-") as folder:
        try:
            chain = Chain(Path(folder))
            for priority, kind in enumerate(("openai", "gemini", "deepseek")):
                process, url = start_fake(kind, FAKE)
                fakes.append(process)
                chain.add(kind, url, keys=5, priority=priority)
            answers = ask_evenly(chain, QUESTION)
            good = [answer for answer in answers if answer["ok"]]
            overheads = [answer["ms"] - json.loads(answer["text"])["server_ms"] for answer in good]
            warm = overheads[IN_FLIGHT:]  # the first ones connect
            cached = chain.ask([QUESTION | {"cache_key": "one"}] * CALLS, "--cache")[:-1]
            hits = [answer["ms"] for answer in cached if answer["from_cache"]]
            equal = chain.ask([QUESTION | {"cache_key": "two"}] * 100, "--cache", "--threads", "100")
            upstream = sum(not answer["from_cache"] for answer in equal[:-1])
        finally:
            for process in fakes:
                process.kill()
                process.wait()
    rows = [
        {"name": "chain overhead p50, 200 in flight", "unit": "ms", "ours": warm, "statistic": "p50"},
        {"name": "chain overhead p95, 200 in flight", "unit": "ms", "ours": warm, "statistic": "p95"},
        {"name": "chain overhead p50, first calls", "unit": "ms", "ours": overheads[:IN_FLIGHT], "statistic": "p50"},
        {"name": "cache hit p50", "unit": "ms", "ours": hits, "statistic": "p50"},
        {"name": "upstream calls for 100 equal questions", "unit": "calls", "ours": [upstream], "statistic": "sum"},
        {"name": "calls answered", "unit": "share", "ours": [len(good) / len(answers)], "statistic": "min"},
    ]
    notes = [f"{CALLS} calls, the fake's own time {FAKE_S:.2f} s, cores {os.cpu_count()}"]
    out = ROOT / "build" / "bench" / "llm.raw.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"bench": "llm", "rows": rows, "notes": notes}))


if __name__ == "__main__":
    main()
