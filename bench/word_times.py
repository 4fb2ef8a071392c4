#!/usr/bin/env python3
"""When each word was said: the transcript's times against the forced alignment of the sounds to the sentence, which knows what was to be read.

Only words that both have count, by the longest common runs. SPEECHCOACH_BENCH_RECORDINGS (60) says how many recordings,
SPEECHCOACH_BENCH_PREFIX is a command put before the program, for machines that are shared.
"""

import difflib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "stt_bench"))
import recordings  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
RAW = ROOT / "build" / "bench" / "word_times.raw.json"
PROGRAM = ROOT / "build" / "release" / "speechcoach"


def analyses(chosen: list[recordings.Recording]) -> list[dict]:
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as listing:
        listing.writelines(f"{recording.path}\t{recording.text}\n" for recording in chosen)
        listing.flush()
        prefix = shlex.split(os.environ.get("SPEECHCOACH_BENCH_PREFIX", ""))
        done = subprocess.run([*prefix, PROGRAM, "score", "--batch", listing.name, "--json"], capture_output=True, text=True)
    if done.returncode not in (0, 4):
        sys.exit(f"speechcoach score failed: {done.stderr}")
    return [answer["analysis"] for answer in map(json.loads, done.stdout.splitlines()) if "analysis" in answer]


def plain(word: str) -> str:
    return re.sub(r"[^a-z']", "", word.lower())


def errors_ms(analysis: dict) -> list[tuple[float, float]]:
    """Of each word's start and end."""
    said = [word for word in (analysis.get("pronunciation") or {}).get("words", []) if word["end_s"] > word["start_s"]]
    heard = analysis["transcript"]["words"]
    runs = difflib.SequenceMatcher(a=[plain(word["text"]) for word in said], b=[plain(word["text"]) for word in heard], autojunk=False)
    return [
        (1000 * abs(b["start_s"] - a["start_s"]), 1000 * abs(b["end_s"] - a["end_s"]))
        for run in runs.get_matching_blocks()
        for a, b in zip(said[run.a : run.a + run.size], heard[run.b : run.b + run.size])
    ]


def main() -> None:
    RAW.parent.mkdir(parents=True, exist_ok=True)
    chosen = recordings.sample(int(os.environ.get("SPEECHCOACH_BENCH_RECORDINGS", "60")))
    pairs = [pair for analysis in analyses(chosen) for pair in errors_ms(analysis)]
    rows = [
        {"name": f"word {name}s, {statistic}", "unit": "ms", "ours": [pair[side] for pair in pairs], "statistic": statistic}
        for side, name in enumerate(("start", "end"))
        for statistic in ("median", "p95")
    ]
    notes = [f"{len(chosen)} recordings, {len(pairs)} words that both have."]
    RAW.write_text(json.dumps({"bench": "word_times", "rows": rows, "notes": notes}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
