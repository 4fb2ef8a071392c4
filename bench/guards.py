#!/usr/bin/env python3
"""Texts that nobody said: with the guards and without, on recordings of learners and on 50 clips in which nobody speaks.

SPEECHCOACH_BENCH_RECORDINGS (300) says how many recordings. What the program wrote is kept under build/bench for as long as program and model are
the same, so that a run over all recordings, which takes an hour, goes on where it was broken off.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent / "stt_bench"))
import models  # noqa: E402
import recordings  # noqa: E402
import word_errors  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
RAW = ROOT / "build" / "bench" / "guards.raw.json"
CLIPS = ROOT / "build" / "bench" / "nobody"
RATE = 16000
BLOCK = 50


def coloured(random: np.random.Generator, samples: int, slope: float) -> np.ndarray:
    """Noise whose power falls with frequency to the power of `slope`: 0 white, 1 pink, 2 brown."""
    spectrum = np.fft.rfft(random.standard_normal(samples))
    frequency = np.maximum(np.fft.rfftfreq(samples), 1 / samples)
    noise = np.fft.irfft(spectrum / frequency ** (slope / 2), samples)
    return noise / np.sqrt(np.mean(noise**2))


def nobody_speaks(number: int) -> np.ndarray:
    random = np.random.default_rng(number)
    samples = int(RATE * random.uniform(1.0, 10.0))
    time = np.arange(samples) / RATE
    level = 10 ** (random.uniform(-60, -15) / 20)
    kind = number % 5
    if kind == 0:
        return np.zeros(samples) if number % 10 == 0 else level * coloured(random, samples, 0)
    if kind == 1:
        return level * coloured(random, samples, 1)
    if kind == 2:
        return level * coloured(random, samples, 2)
    if kind == 3:  # mains hum with overtones
        return level * sum(np.sin(2 * np.pi * 50 * k * time) / k for k in range(1, 6))
    clicks = np.zeros(samples)
    clicks[random.integers(0, samples, size=max(2, samples // 8000))] = random.uniform(-1, 1)
    return np.convolve(clicks, np.exp(-np.arange(200) / 20), mode="same") + 1e-3 * coloured(random, samples, 1)


def write_clips() -> list[Path]:
    CLIPS.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(50):
        path = CLIPS / f"{number:02}.wav"
        data = np.clip(nobody_speaks(number) * 32767, -32768, 32767).astype("<i2")
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(data.tobytes())
        paths.append(path)
    return paths


class Hearing:
    """Transcribes with a copy of the program, so that one built meanwhile changes nothing."""

    def __init__(self, folder: str) -> None:
        self.program = Path(shutil.copy2(models.OUR_PROGRAM, folder))
        clips = b"".join(path.read_bytes() for path in sorted(CLIPS.glob("*.wav")))
        made_by = hashlib.sha256(self.program.read_bytes() + models.OUR_MODEL.read_bytes() + clips).hexdigest()[:12]
        self.kept_in = RAW.with_name(f"guards.texts.{made_by}.json")
        self.kept: dict[str, dict[str, str]] = json.loads(self.kept_in.read_text(encoding="utf-8")) if self.kept_in.exists() else {}

    def transcripts(self, paths: list[Path], *flags: str) -> list[str]:
        texts = self.kept.setdefault(" ".join(flags), {})
        missing = [path for path in paths if str(path) not in texts]
        for first in range(0, len(missing), BLOCK):
            texts.update(self._hear(missing[first : first + BLOCK], flags))
            part = self.kept_in.with_suffix(".part")
            part.write_text(json.dumps(self.kept), encoding="utf-8")
            part.rename(self.kept_in)
            print(f"{len(texts)} recordings {' '.join(flags)}", file=sys.stderr, flush=True)
        return [texts[str(path)] for path in paths]

    def _hear(self, paths: list[Path], flags: tuple[str, ...]) -> dict[str, str]:
        """Two programs of one thread each are sooner done than one of two."""
        with tempfile.TemporaryDirectory() as folder:
            running = []
            for half in range(2):
                listed, written = Path(folder) / f"{half}.txt", Path(folder) / f"{half}.jsonl"
                listed.write_text("\n".join(map(str, paths[half::2])), encoding="utf-8")
                with written.open("wb") as output:
                    command = [self.program, models.OUR_MODEL, listed, "--threads", "1", *flags]
                    running.append((subprocess.Popen(command, stdout=output), written))
            texts: dict[str, str] = {}
            for program, written in running:
                if program.wait() != 0:
                    raise subprocess.CalledProcessError(program.returncode, program.args)
                for result in map(json.loads, written.read_text(encoding="utf-8").splitlines()):
                    texts[result["path"]] = result["text"].strip()
        return texts


def loops(text: str, reference: str) -> bool:
    """A phrase of up to six words three times in a row, where the reference has no such thing; or far more words than it."""
    words = word_errors.words(text)
    said = word_errors.words(reference)
    if len(words) > 2 * len(said) + 5:
        return True
    joined = " ".join(words)
    repeated = re.search(r"\b(\S+(?: \S+){0,5})(?: \1){2,}\b", joined)
    return repeated is not None and repeated.group(0) not in " ".join(said)


def is_not_english(text: str) -> bool:
    return re.search(r"[^\x00-\x7f\u2018\u2019\u201c\u201d\u2026\u2014]", text) is not None


def main() -> None:
    RAW.parent.mkdir(parents=True, exist_ok=True)
    models.build_our_program()
    chosen = recordings.sample(int(os.environ.get("SPEECHCOACH_BENCH_RECORDINGS", "300")))
    clips = write_clips()
    paths = [recording.path for recording in chosen]
    with tempfile.TemporaryDirectory() as folder:
        hearing = Hearing(folder)
        quiet, unguarded_quiet = hearing.transcripts(clips), hearing.transcripts(clips, "--unguarded")
        with_guards, without = hearing.transcripts(paths), hearing.transcripts(paths, "--unguarded")

    def row(name: str, judge) -> dict:
        ours = [float(judge(text, recording.text)) for text, recording in zip(with_guards, chosen)]
        peer = [float(judge(text, recording.text)) for text, recording in zip(without, chosen)]
        return {"name": name, "unit": f"of {len(chosen)}", "ours": ours, "peer": peer, "peer_name": "without guards", "statistic": "sum"}

    rows = [
        row("looping or running on", loops),
        row("other scripts", lambda text, _: is_not_english(text)),
        row("digits", lambda text, _: re.search(r"\d", text) is not None),
        row("nothing heard of a speaker", lambda text, _: not text),
        {
            "name": "words where nobody speaks", "unit": f"of {len(clips)}", "ours": [float(bool(text)) for text in quiet],
            "peer": [float(bool(text)) for text in unguarded_quiet], "peer_name": "without guards", "statistic": "sum",
        },
    ]  # fmt: skip
    lengths = sum(len(word_errors.words(recording.text)) for recording in chosen)

    def rate(texts: list[str]) -> list[float]:
        return [100.0 * word_errors.errors(recording.text, text) / lengths for text, recording in zip(texts, chosen)]

    rows.append({"name": "word error rate", "unit": "%", "ours": rate(with_guards), "peer": rate(without), "peer_name": "without guards", "statistic": "sum"})
    notes = ["The silence after the speech in the encoder's context is the same with and without; it is chosen in docs/stt.md."]
    RAW.write_text(json.dumps({"bench": "guards", "rows": rows, "notes": notes}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
