#!/usr/bin/env python3
"""Words while learners speak: the first partial transcript, how often words change, the final transcript; 1, 4 and 8 speakers at once.

SPEECHCOACH_BENCH_PREFIX is a command put before each of the three, for machines that are shared.
"""

import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "stt_bench"))
import models  # noqa: E402
import recordings  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
RAW = ROOT / "build" / "bench" / "live.raw.json"
PROGRAM = ROOT / "build" / "release" / "speechcoach-bench-live"
SPEAKERS = {1: 40, 4: 40, 8: 64}  # at once -> recordings


def seconds(path: str) -> float:
    with wave.open(path) as file:
        return file.getnframes() / file.getframerate()


def talk(speakers: int, chosen: list[recordings.Recording]) -> list[dict]:
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as listed:
        listed.write("\n".join(f"{recording.path}\t{recording.text}" for recording in chosen))
        listed.flush()
        prefix = shlex.split(os.environ.get("SPEECHCOACH_BENCH_PREFIX", ""))
        command = [*prefix, PROGRAM, models.OUR_MODEL, listed.name, "--speakers", str(speakers)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main() -> None:
    RAW.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cmake", "--build", PROGRAM.parent, "--target", PROGRAM.name], check=True, stdout=subprocess.DEVNULL)
    chosen = recordings.sample(sum(SPEAKERS.values()))
    rows, notes = [], []
    for speakers, count in SPEAKERS.items():
        mine, chosen = chosen[:count], chosen[count:]
        spoken = talk(speakers, mine)
        # Without words before its end a recording's first ones are as late as it is long.
        first, lasting, after_sound = (
            [seconds(result["path"]) if result[key] is None else result[key] for result in spoken]
            for key in ("first_partial_s", "first_lasting_s", "after_sound_s")
        )
        early, lasted = (sum(result[key] is not None for result in spoken) for key in ("first_partial_s", "first_lasting_s"))
        final = [result["final_ms"] for result in spoken]
        revisions = [100.0 * result["revisions"] / max(1, sum(r["words"] for r in spoken)) for result in spoken]
        for statistic in ("p50", "p95"):
            rows.append({"name": f"first partial, {speakers} at once, {statistic}", "unit": "s after the first word began", "ours": first, "statistic": statistic})
            rows.append({"name": f"first word that lasts, {speakers} at once, {statistic}", "unit": "s after the first word began", "ours": lasting, "statistic": statistic})
            rows.append({"name": f"first word that lasts after any sound, {speakers} at once, {statistic}", "unit": "s", "ours": after_sound, "statistic": statistic})
            rows.append({"name": f"final transcript, {speakers} at once, {statistic}", "unit": "ms after its end", "ours": final, "statistic": statistic})
        rows.append({"name": f"revisions, {speakers} at once", "unit": "a hundred words", "ours": revisions, "statistic": "sum"})
        notes.append(
            f"{speakers} at once: {count} recordings, {early} with words before their end, {lasted} with words that lasted, "
            f"{statistics.fmean(result['partials'] for result in spoken):.1f} partial transcripts each."
        )
    RAW.write_text(json.dumps({"bench": "live", "rows": rows, "notes": notes}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
