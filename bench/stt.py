#!/usr/bin/env python3
"""Speech to text against faster-whisper and whisper-cli: Whisper base, greedy, the same threads, word times.

Recordings go in blocks; in each block every program hears the same recordings, in a new order. What the peers write does not depend on
the machine's speed: it is kept under build/bench, and once it is there they hear only a third of the blocks, for the time, which is
compared on those alone. SPEECHCOACH_BENCH_RECORDINGS (300) says how many recordings, SPEECHCOACH_BENCH_PREFIX is a command put before each
block, for machines that are shared.
"""

import hashlib
import json
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "stt_bench"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools" / "train" / "confidence"))
import fit_confidence  # noqa: E402
import models  # noqa: E402
import recordings  # noqa: E402
import word_errors  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
RAW = ROOT / "build" / "bench" / "stt.raw.json"
# Of other versions or settings of the peers nothing is taken over.
PEERS_ARE = hashlib.sha256(b"".join((ROOT / "bench" / name).read_bytes() for name in ("requirements-stt.txt", "stt.py", "stt_bench/faster_whisper_peer.py", "stt_bench/models.py"))).hexdigest()[:12]
KEPT = ROOT / "build" / "bench" / f"stt.peers.{PEERS_ARE}.json"  # peer -> path -> text
BLOCK = 20
TIMED_EVERY = 3  # of the blocks, for the peers
THREADS = os.cpu_count() or 1

OURS = "speechcoach, f16"
INT8 = "faster-whisper int8"
FLOAT32 = "faster-whisper float32"
CLI = "whisper-cli"
PEERS = (INT8, FLOAT32, CLI)
OUR_KINDS = {"q8_0": "speechcoach, q8_0", "q5_0": "speechcoach, q5_0"}


def our_command(model: Path, listed: str) -> list:
    return [models.OUR_PROGRAM, model, listed, "--threads", THREADS]


def peer_command(compute_type: str, listed: str) -> list:
    return [sys.executable, ROOT / "bench" / "stt_bench" / "faster_whisper_peer.py", models.ctranslate2_base(), compute_type, THREADS, listed]


def whisper_cli(binary: Path, listed: str) -> list[dict]:
    """It tells the time of all its files together; each recording gets the share of its length."""
    paths = Path(listed).read_text(encoding="utf-8").split()
    with tempfile.TemporaryDirectory() as folder:
        outputs = [str(Path(folder) / Path(path).stem) for path in paths]
        command = [binary, "-m", ROOT / "build" / "models" / "ggml-base.bin", "-t", THREADS, "-l", "en", "-bs", 1, "-ojf"]
        for path, output in zip(paths, outputs):
            command += ["-f", path, "-of", output]
        done = subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True, errors="replace")
        times = dict(re.findall(r"(load|total) time =\s*([\d.]+) ms", done.stderr))
        total_ms = float(times["total"]) - float(times["load"])
        lengths = [seconds(path) for path in paths]
        results = []
        for path, output, length in zip(paths, outputs, lengths):
            spoken = json.loads(Path(output + ".json").read_text(encoding="utf-8", errors="replace"))["transcription"]
            text = " ".join(segment["text"].strip() for segment in spoken)
            results.append({"path": path, "wall_ms": total_ms * length / sum(lengths), "text": text})
        return results


def seconds(path) -> float:
    with wave.open(str(path)) as file:
        return file.getnframes() / file.getframerate()


def run_block(listed: str, number: int) -> dict[str, list[dict]]:
    """In the child process that the prefix guards."""
    paths = Path(listed).read_text(encoding="utf-8").split()
    kept = kept_texts()
    commands = {
        OURS: our_command(ROOT / "build" / "models" / "ggml-base.bin", listed),
        INT8: peer_command("int8", listed),
        FLOAT32: peer_command("float32", listed),
    }
    for kind, name in OUR_KINDS.items():
        commands[name] = our_command(models.quantised(kind), listed)
    names = [*commands, CLI]
    random.Random(number).shuffle(names)
    results = {}
    for name in names:
        if name in PEERS and number % TIMED_EVERY != 0 and all(path in kept.get(name, {}) for path in paths):
            continue
        if name == CLI:
            results[name] = whisper_cli(models.WHISPER_CLI, listed)
            continue
        done = subprocess.run([str(word) for word in commands[name]], check=True, capture_output=True, text=True)
        results[name] = [json.loads(line) for line in done.stdout.splitlines()]
    return results


def kept_texts() -> dict[str, dict[str, str]]:
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}


def keep_texts(heard: dict[str, dict[str, dict]]) -> None:
    kept = kept_texts()
    for name in PEERS:
        kept.setdefault(name, {}).update({path: result["text"] for path, result in heard.get(name, {}).items()})
    KEPT.write_text(json.dumps(kept), encoding="utf-8")


def run_blocks(chosen: list[recordings.Recording]) -> dict[str, dict[str, dict]]:
    prefix = shlex.split(os.environ.get("SPEECHCOACH_BENCH_PREFIX", ""))
    heard: dict[str, dict[str, dict]] = {}
    for first in range(0, len(chosen), BLOCK):
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as listed:
            listed.write("\n".join(str(recording.path) for recording in chosen[first : first + BLOCK]))
            listed.flush()
            done = subprocess.run([*prefix, sys.executable, __file__, "--block", listed.name, str(first // BLOCK)], check=True, stdout=subprocess.PIPE, text=True)
        for name, results in json.loads(done.stdout).items():
            for result in results:
                heard.setdefault(name, {})[result["path"]] = result
        keep_texts(heard)
        print(f"{min(first + BLOCK, len(chosen))} of {len(chosen)} recordings", file=sys.stderr, flush=True)
    return heard


def rows(chosen: list[recordings.Recording], heard: dict[str, dict[str, dict]]) -> tuple[list[dict], list[str]]:
    paths = [str(recording.path) for recording in chosen]
    audio_s = sum(seconds(path) for path in paths)
    lengths = [len(word_errors.words(recording.text)) for recording in chosen]
    texts = {name: {path: result["text"] for path, result in results.items()} for name, results in heard.items()}
    texts |= {name: kept_texts()[name] for name in PEERS}
    errors = {
        name: [word_errors.errors(recording.text, heard_by[path]) for recording, path in zip(chosen, paths)] for name, heard_by in texts.items()
    }

    def times(name: str, timed: list[str]) -> list[float]:
        return [heard[name][path]["wall_ms"] / sum(seconds(path) for path in timed) for path in timed]

    rates = {name: [100.0 * count / sum(lengths) for count in counts] for name, counts in errors.items()}

    table, notes = [], []
    for peer in PEERS:
        timed = [path for path in paths if path in heard[peer]]
        table.append({"name": f"time against {peer}", "unit": "ms an audio second", "ours": times(OURS, timed), "peer": times(peer, timed), "peer_name": peer, "statistic": "sum"})
        notes.append(f"Time against {peer}: {len(timed)} recordings.")
    for peer in PEERS:
        table.append({"name": f"word error rate against {peer}", "unit": "%", "ours": rates[OURS], "peer": rates[peer], "peer_name": peer, "statistic": "sum"})
        difference, low, high = word_errors.difference_interval(errors[OURS], errors[peer], lengths)
        notes.append(f"Word error rate, ours less {peer}: {difference:+.1f} points, 95 % interval {low:+.1f} to {high:+.1f}.")
    for name in OUR_KINDS.values():
        table.append({"name": f"time, {name}", "unit": "ms an audio second", "ours": times(name, paths), "peer": times(OURS, paths), "peer_name": OURS, "statistic": "sum"})
        table.append({"name": f"word error rate, {name}", "unit": "%", "ours": rates[name], "peer": rates[OURS], "peer_name": OURS, "statistic": "sum"})
    inference_ms = sum(heard[OURS][path]["inference_ms"] for path in paths)
    outside = [100.0 * (heard[OURS][path]["wall_ms"] - heard[OURS][path]["inference_ms"]) / inference_ms for path in paths]
    table.append({"name": "time outside inference", "unit": "% of inference", "ours": outside, "statistic": "sum"})
    for name, kind in (("word confidence", "confidence"), ("the decoder's own probability", "probability")):
        words = fit_confidence.judged_words([(recording.text, heard[OURS][path]["words"]) for recording, path in zip(chosen, paths)], kind)
        table.append({"name": f"expected calibration error of {name}", "unit": "", "ours": [fit_confidence.expected_calibration_error(words)]})
        diagram = "; ".join(f"{mean:.2f} {share:.2f} ({count})" for count, mean, share in fit_confidence.reliability(words))
        notes.append(f"Reliability of {name}, for each tenth of it its mean, the share of words that are right, and their number: {diagram}.")
    notes.append(
        f"{len(chosen)} recordings, {audio_s:.0f} s, {sum(lengths)} words; {THREADS} threads; greedy, but for what each program hears again in "
        "its own way; word times on everywhere but in whisper-cli, whose token times are a guess. Guards: ours on, the peers' as they come. "
        "Numbers are read as words in the way that fits the reference best. whisper-cli's times are its own total less loading, shared out by length; it alone hears no recording before it is timed, and writes its JSON in that time."
    )
    return table, notes


def main() -> None:
    if sys.argv[1:2] == ["--block"]:
        print(json.dumps(run_block(sys.argv[2], int(sys.argv[3]))))
        return
    RAW.parent.mkdir(parents=True, exist_ok=True)
    models.build_our_program()
    models.build_whisper_programs()
    models.ctranslate2_base()
    for kind in OUR_KINDS:
        models.quantised(kind)
    chosen = recordings.sample(int(os.environ.get("SPEECHCOACH_BENCH_RECORDINGS", "300")))
    table, notes = rows(chosen, run_blocks(chosen))
    RAW.write_text(json.dumps({"bench": "stt", "rows": table, "notes": notes}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
