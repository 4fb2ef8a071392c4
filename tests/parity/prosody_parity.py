#!/usr/bin/env python3
"""Holds `speechcoach prosody` against the Praat binary, sound by sound, frame by frame, with the same settings.

    tests/parity/prosody_parity.py [--recordings N]

Sounds: the project's own recordings, synthetic sounds, and N recordings of ../shared/data, spread evenly over its folders (none where it is
missing). Prints the table and the worst sounds of every figure, writes both to build/parity/prosody.json, and exits 1 where a bar is
missed. Praat is a black box here: it reads the same WAV files and prints its figures (praat_figures.praat).
"""

import argparse
import json
import math
import statistics
import subprocess
import sys
from pathlib import Path

import synthetic_sounds

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
WORK = ROOT / "build" / "parity"
PROGRAM = ROOT / "build" / "release" / "speechcoach"
ENOUGH = 20  # recordings whose median of a figure says something
GROSS = 0.20  # an F0 that is more than this away is another octave, not another estimate

# Smaller figures than these are nothing anybody could compare: a steady tone has no jitter.
FLOORS = {"jitter_local": 0.001, "jitter_rap": 0.001, "jitter_ppq5": 0.001, "shimmer_local": 0.005, "shimmer_apq3": 0.005, "shimmer_apq5": 0.005, "hnr_mean": 1.0}
RELATIVE = list(FLOORS)

# (row, statistic, limit): what must hold over all frames, and over all sounds.
BARS = [
    ("voicing equal, % of frames", "min", 98.0),
    ("F0 difference, median %", "max", 0.1),
    ("gross F0 errors, %", "max", 0.5),
    ("intensity difference, median dB", "max", 0.05),
    ("intensity difference, 99th percentile dB", "max", 0.05),
    ("figures that only one of the two gives, %", "max", 1.0),
] + [(f"{name} difference, median %", "max", 2.0) for name in RELATIVE]


def recordings(wanted: int) -> list[Path]:
    found = sorted(path for ending in ("flac", "opus", "wav") for path in SHARED.glob(f"**/*.{ending}"))
    if not found:
        print(f"no recordings in {SHARED.name}/: the project's own and the synthetic ones alone")
        return []
    step = max(1.0, len(found) / wanted) if wanted else math.inf
    return [found[int(i * step)] for i in range(min(wanted, len(found)))]


def as_wav(source: Path, folder: Path, prefix: str) -> Path:
    target = folder / f"{prefix}{source.stem}.wav"
    if not target.exists():
        command = ["ffmpeg", "-v", "error", "-y", "-i", source, "-ar", "16000", "-ac", "1", "-c:a", "pcm_s16le", target]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return target


def praat_figures(paths: list[Path]) -> dict[str, dict]:
    listing = WORK / "sounds.txt"
    listing.write_text("".join(f"{path}\n" for path in paths))
    script = Path(__file__).with_name("praat_figures.praat")
    printed = subprocess.run(["praat", "--run", script, listing], check=True, capture_output=True, text=True).stdout
    figures: dict[str, dict] = {}
    current: dict = {}
    for line in printed.splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "FILE":
            current = figures[rest] = {"P": [], "I": [], "H": [], "T": []}
            continue
        values = [math.nan if field == "--undefined--" else float(field) for field in rest.split()]
        if kind in "PIHT":
            current[kind] += values
        else:
            current[kind] = values
    return figures


def our_figures(paths: list[Path]) -> dict[str, dict]:
    printed = subprocess.run([PROGRAM, "prosody", "--json", *paths], check=True, capture_output=True, text=True).stdout
    return {figures["file"]: figures for figures in map(json.loads, printed.splitlines())}


class Comparison:
    """All differences, and of each sound the figures by which it may be the worst."""

    def __init__(self) -> None:
        self.frames = self.equal = self.common = self.gross = 0
        self.f0: list[float] = []
        self.intensity: list[float] = []
        self.relative: dict[str, list[float]] = {name: [] for name in RELATIVE}
        self.figures = self.one_sided = 0
        self.sounds: dict[str, dict[str, float]] = {}
        self.faults: list[str] = []

    def add(self, name: str, praat: dict, ours: dict) -> None:
        sound = self.sounds.setdefault(name, {})
        for kind, mine, key in (("P", "pitch", "f0_hz"), ("I", "intensity", "db"), ("H", "harmonicity", "hnr_db")):
            first = praat["G"]["PIH".index(kind)]
            if len(praat[kind]) != len(ours[mine][key]) or abs(first - ours[mine]["first_s"]) > 1e-6:
                self.faults.append(f"{name}: {mine} has {len(ours[mine][key])} frames from {ours[mine]['first_s']}, Praat {len(praat[kind])} from {first}")
                return
        unequal, f0 = 0, []
        for theirs, mine in zip(praat["P"], ours["pitch"]["f0_hz"]):
            unequal += (theirs > 0) != (mine > 0)
            if theirs > 0 and mine > 0:
                f0.append(100 * abs(mine / theirs - 1))
        self.frames += len(praat["P"])
        self.equal += len(praat["P"]) - unequal
        self.common += len(f0)
        self.gross += sum(value > 100 * GROSS for value in f0)
        self.f0 += f0
        sound["frames with unequal voicing, %"] = 100 * unequal / max(1, len(praat["P"]))
        if f0:
            sound["F0 difference, largest %"] = max(f0)
        level = [abs(mine - theirs) for theirs, mine in zip(praat["I"], ours["intensity"]["db"]) if theirs > -150]
        self.intensity += level
        sound["intensity difference, largest dB"] = max(level, default=0.0)
        mine = [ours["jitter"][k] for k in ("local", "rap", "ppq5")] + [ours["shimmer"][k] for k in ("local", "apq3", "apq5")] + [ours["harmonicity"]["mean_db"]]
        for figure, theirs, value in zip(RELATIVE, praat["S"], mine):
            is_theirs, is_ours = not math.isnan(theirs) and theirs > -200, value is not None
            self.figures += is_theirs or is_ours
            self.one_sided += is_theirs != is_ours
            if not (is_theirs and is_ours):
                continue
            difference = 100 * abs(value - theirs) / max(abs(theirs), FLOORS[figure])
            self.relative[figure].append(difference)
            sound[f"{figure} difference, %"] = difference

    def table(self) -> dict[str, float]:
        ordered = sorted(self.intensity)
        rows = {
            "voicing equal, % of frames": 100 * self.equal / max(1, self.frames),
            "F0 difference, median %": statistics.median(self.f0),
            "F0 difference, 95th percentile %": sorted(self.f0)[int(0.95 * len(self.f0))],
            "gross F0 errors, %": 100 * self.gross / max(1, self.common),
            "intensity difference, median dB": statistics.median(ordered),
            "intensity difference, 99th percentile dB": ordered[int(0.99 * len(ordered))],
            "intensity difference, largest dB": ordered[-1],
        }
        rows["figures that only one of the two gives, %"] = 100 * self.one_sided / max(1, self.figures)
        for figure, values in self.relative.items():
            rows[f"{figure} difference, median %"] = statistics.median(values)
            rows[f"{figure} difference, 90th percentile %"] = sorted(values)[int(0.9 * len(values))]
        return rows

    def worst(self, count: int = 3) -> dict[str, list]:
        figures = sorted({figure for sound in self.sounds.values() for figure in sound})
        ranked = {}
        for figure in figures:
            values = [(sound[figure], name) for name, sound in self.sounds.items() if figure in sound]
            ranked[figure] = [(name, round(value, 4)) for value, name in sorted(values, reverse=True)[:count]]
        return ranked


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recordings", type=int, default=240, help="how many of ../shared/data")
    wanted = parser.parse_args().recordings
    folder = WORK / "wav"
    folder.mkdir(parents=True, exist_ok=True)
    groups = {
        "recordings": [as_wav(path, folder, "own_") for path in sorted((ROOT / "tests" / "data").glob("*.wav"))]
        + [as_wav(path, folder, "") for path in recordings(wanted)],
        "synthetic sounds": synthetic_sounds.write(folder),
    }
    everything = [path for paths in groups.values() for path in paths]
    praat, ours = praat_figures(everything), our_figures(everything)

    report, holds = {}, True
    for group, paths in groups.items():
        comparison = Comparison()
        for path in paths:
            comparison.add(path.stem, praat[str(path)], ours[str(path)])
        rows, worst = comparison.table(), comparison.worst()
        judged = [bar for bar in BARS if len(paths) >= ENOUGH or group != "recordings" or not bar[0].startswith(("jitter", "shimmer", "hnr"))]
        missed = [f"{row}: {rows[row]:.4f}, bar {limit}" for row, side, limit in judged if (rows[row] < limit if side == "min" else rows[row] > limit)]
        holds = holds and not missed and not comparison.faults
        report[group] = {"sounds": len(paths), "frames": comparison.frames, "rows": rows, "worst": worst, "missed": missed, "faults": comparison.faults}
        print(f"\n{group}: {len(paths)} sounds, {comparison.frames} frames")
        bars = {row: (side, limit) for row, side, limit in judged}
        for row, value in rows.items():
            bar = f"{'>=' if bars[row][0] == 'min' else '<='} {bars[row][1]}" if row in bars else ""
            print(f"  {row:46} {value:10.4f}  {bar}")
        for figure, sounds in worst.items():
            print(f"  worst: {figure:38} " + ", ".join(f"{name} {value:g}" for name, value in sounds))
        for fault in missed + comparison.faults:
            print(f"  MISSED: {fault}")
    (WORK / "prosody.json").write_text(json.dumps(report, indent=1))
    print(f"\n{'every bar holds' if holds else 'a bar is missed'}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
