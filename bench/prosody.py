#!/usr/bin/env python3
"""Prosody against parselmouth (Praat) with the same settings, and librosa's pyin; each in one thread, on the same recordings.

SPEECHCOACH_BENCH_RECORDINGS (32) says how many recordings of ../shared/data are timed; what is told while the sound comes in is held
against the end over SPEECHCOACH_BENCH_LIVE_RECORDINGS (96) of them and all of the project's own. Where ../shared/data is missing, the
project's own are timed.
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
OWN_FORMATS = {".wav", ".flac", ".ogg", ".m4a", ".mp3", ".webm"}


def lines(command: list) -> list[dict]:
    prefix = shlex.split(os.environ.get("SPEECHCOACH_BENCH_PREFIX", ""))
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    done = subprocess.run(prefix + [str(word) for word in command], check=True, capture_output=True, text=True, env=environment)
    return [json.loads(line) for line in done.stdout.splitlines()]


def our_program() -> Path:
    build = ROOT / "build" / "release"
    subprocess.run(["cmake", "--build", build, "--target", "speechcoach-bench-prosody"], check=True, stdout=subprocess.DEVNULL)
    return build / "speechcoach-bench-prosody"


def shared_recordings(wanted: int) -> list[Path]:
    found = sorted(path for ending in ("flac", "opus") for path in SHARED.glob(f"**/*.{ending}"))
    return [found[i * len(found) // wanted] for i in range(min(wanted, len(found)))]


def own_recordings() -> list[Path]:
    return sorted(path for path in (ROOT / "tests" / "data").iterdir() if path.suffix in OWN_FORMATS)


def as_waves(sources: list[Path]) -> list[Path]:
    """16 kHz, mono, 16 bit; a file that ends early is taken as far as it goes."""
    folder = ROOT / "build" / "bench" / "prosody"
    folder.mkdir(parents=True, exist_ok=True)
    waves = []
    for source in sources:
        waves.append(folder / f"{source.name}.wav")
        if not waves[-1].exists():
            command = ["ffmpeg", "-v", "fatal", "-i", source, "-ar", "16000", "-ac", "1", "-c:a", "pcm_s16le", waves[-1]]
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return waves


def main() -> None:
    waves = as_waves(shared_recordings(int(os.environ.get("SPEECHCOACH_BENCH_RECORDINGS", "32"))) or own_recordings())
    streamed = as_waves(own_recordings() + shared_recordings(int(os.environ.get("SPEECHCOACH_BENCH_LIVE_RECORDINGS", "96"))))
    peers = ROOT / "bench" / "prosody_bench" / "peers.py"
    ours = lines([our_program(), *waves])
    live = lines([our_program(), "--live", *streamed])
    praat = lines([sys.executable, peers, "praat", *waves])
    pyin = lines([sys.executable, peers, "pyin", *waves[:PYIN_FILES]])

    def share(part: str, whole: str) -> list[float]:
        return [100 * sum(result[part] for result in live) / max(1, sum(result[whole] for result in live))]

    def per_second(results: list[dict], key: str) -> list[float]:
        return [result[key] / result["duration_s"] for result in results]

    unit = "ms of processor time a second of audio"
    rows = [
        {"name": "the same figures as Praat", "unit": unit, "ours": per_second(ours, "figures_ms"), "peer": per_second(praat, "ms"), "peer_name": "parselmouth", "statistic": "median"},
        {"name": "all figures against pitch alone", "unit": unit, "ours": per_second(ours[:PYIN_FILES], "figures_ms"), "peer": per_second(pyin, "ms"), "peer_name": "librosa pyin", "statistic": "median"},
        {"name": "whole report in one call", "unit": unit, "ours": per_second(ours, "extract_ms"), "statistic": "median"},
        {"name": "while it comes in, 20 ms at a time", "unit": unit, "ours": per_second(ours, "append_ms"), "statistic": "median"},
        {"name": "finish after streaming over one call", "unit": "ms", "ours": [sum(result["finish_ms"] for result in ours)], "peer": [sum(result["extract_ms"] for result in ours)], "peer_name": "one call", "statistic": "sum"},
        {"name": "F0 before the end within a semitone", "unit": "% of the moments voiced in the end", "ours": share("near", "voiced"), "statistic": "mean"},
        {"name": "F0 told before the end where the end finds none", "unit": "% of the moments unvoiced in the end", "ours": share("told_voiced", "unvoiced"), "statistic": "mean"},
        {"name": "F0 before the end comes late by", "unit": "ms", "ours": [1e3 * result["late_s"] for result in live], "statistic": "max"},
    ]
    worst = min((result for result in live if result["voiced"]), key=lambda result: result["near"] / result["voiced"])
    notes = [
        f"{len(waves)} recordings, {sum(result['duration_s'] for result in ours):.0f} s; best of several runs each, one thread",
        f"before the end: {len(live)} recordings, {sum(result['voiced'] for result in live)} moments voiced in the end;"
        f" worst {Path(worst['file']).name}, {worst['near']} of {worst['voiced']}",
    ]
    RAW.write_text(json.dumps({"bench": "prosody", "rows": rows, "notes": notes}, indent=1))


if __name__ == "__main__":
    main()
