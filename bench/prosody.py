#!/usr/bin/env python3
"""Prosody against parselmouth (Praat) with the same settings, and librosa's pyin; each in one thread, on the same recordings.

SPEECHCOACH_BENCH_RECORDINGS (32) says how many recordings of ../shared/data; where it is missing, the project's own are heard.
SPEECHCOACH_BENCH_PREFIX is a command put before each program, for machines that are shared.
"""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RAW = ROOT / "build" / "bench" / "prosody.raw.json"
SHARED = ROOT.parent / "shared" / "data"
PYIN_FILES = 4


def lines(command: list) -> list[dict]:
    prefix = shlex.split(os.environ.get("SPEECHCOACH_BENCH_PREFIX", ""))
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    done = subprocess.run(prefix + [str(word) for word in command], check=True, capture_output=True, text=True, env=environment)
    return [json.loads(line) for line in done.stdout.splitlines()]


def our_program() -> Path:
    build = ROOT / "build" / "release"
    subprocess.run(["cmake", "--build", build, "--target", "speechcoach-bench-prosody"], check=True, stdout=subprocess.DEVNULL)
    return build / "speechcoach-bench-prosody"


def recordings(wanted: int) -> list[Path]:
    folder = ROOT / "build" / "bench" / "prosody"
    folder.mkdir(parents=True, exist_ok=True)
    found = sorted(path for ending in ("flac", "opus") for path in SHARED.glob(f"**/*.{ending}"))
    chosen = [found[i * len(found) // wanted] for i in range(min(wanted, len(found)))] or sorted((ROOT / "tests" / "data").glob("*.wav"))
    waves = []
    for source in chosen:
        waves.append(folder / f"{source.stem}.wav")
        if not waves[-1].exists():
            command = ["ffmpeg", "-v", "error", "-i", source, "-ar", "16000", "-ac", "1", "-c:a", "pcm_s16le", waves[-1]]
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return waves


def main() -> None:
    waves = recordings(int(os.environ.get("SPEECHCOACH_BENCH_RECORDINGS", "32")))
    peers = ROOT / "bench" / "prosody_bench" / "peers.py"
    ours = lines([our_program(), *waves])
    praat = lines([sys.executable, peers, "praat", *waves])
    pyin = lines([sys.executable, peers, "pyin", *waves[:PYIN_FILES]])

    def per_second(results: list[dict], key: str) -> list[float]:
        return [result[key] / result["duration_s"] for result in results]

    unit = "ms of processor time a second of audio"
    rows = [
        {"name": "the same figures as Praat", "unit": unit, "ours": per_second(ours, "figures_ms"), "peer": per_second(praat, "ms"), "peer_name": "parselmouth", "statistic": "median"},
        {"name": "all figures against pitch alone", "unit": unit, "ours": per_second(ours[:PYIN_FILES], "figures_ms"), "peer": per_second(pyin, "ms"), "peer_name": "librosa pyin", "statistic": "median"},
        {"name": "whole report in one call", "unit": unit, "ours": per_second(ours, "extract_ms"), "statistic": "median"},
        {"name": "while it comes in, 20 ms at a time", "unit": unit, "ours": per_second(ours, "append_ms"), "statistic": "median"},
        {"name": "finish after streaming over one call", "unit": "ms", "ours": [sum(result["finish_ms"] for result in ours)], "peer": [sum(result["extract_ms"] for result in ours)], "peer_name": "one call", "statistic": "sum"},
        {"name": "F0 before the end within a semitone", "unit": "% of voiced moments", "ours": [100 * sum(result["near"] for result in ours) / max(1, sum(result["voiced"] for result in ours))], "statistic": "mean"},
        {"name": "F0 before the end comes late by", "unit": "ms", "ours": [1e3 * result["late_s"] for result in ours], "statistic": "max"},
    ]
    notes = [f"{len(waves)} recordings, {sum(result['duration_s'] for result in ours):.0f} s; best of several runs each, one thread"]
    RAW.write_text(json.dumps({"bench": "prosody", "rows": rows, "notes": notes}, indent=1))


if __name__ == "__main__":
    main()
