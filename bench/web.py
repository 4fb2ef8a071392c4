#!/usr/bin/env python3
"""The page in Chromium: what a first visit costs, how busy the main thread is while somebody speaks, and how soon the result is seen."""

import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RAW = ROOT / "build" / "bench" / "web.raw.json"
MEASURE = ROOT / "tests" / "browser" / "measure.mjs"


def main() -> None:
    RAW.parent.mkdir(parents=True, exist_ok=True)
    path = f"{ROOT / 'build' / 'node' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["node", MEASURE], check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, "PATH": path})
    measured = json.loads(done.stdout.splitlines()[-1])
    rows = [
        {"name": "scripts of a first visit", "unit": "KiB, packed", "ours": measured["script_kib"], "statistic": "max"},
        {"name": "first visit until it can be used, CPU 4x slower", "unit": "s", "ours": measured["interactive_s"], "statistic": "p50"},
        {"name": "layout shift of a first visit", "unit": "CLS", "ours": measured["layout_shift"], "statistic": "max"},
        {"name": "main thread while speaking, p95", "unit": "ms a frame", "ours": measured["frame_ms"], "statistic": "p95"},
        {"name": "longest task while speaking", "unit": "ms", "ours": measured["task_ms"], "statistic": "max"},
        {"name": "button pressed until the result is seen", "unit": "s, 5 s of speech", "ours": measured["result_s"], "statistic": "p50"},
    ]
    notes = [f"Chromium {measured['browser']}, 360x740, no graphics card."]
    if measured["shifted"]:
        notes.append(f"Moved in a first visit: {', '.join(measured['shifted'])}.")
    RAW.write_text(json.dumps({"bench": "web", "rows": rows, "notes": notes}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
