"""Recordings as lists of samples: reading, writing, cutting, spoiling."""

import array
import math
import random
import subprocess
import wave
from pathlib import Path

RATE_HZ = 16000
FADE = 80  # samples over which two pieces are blended, so that a splice does not click


def read(path: Path) -> array.array:
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(RATE_HZ), "-f", "s16le", "-"],
                         check=True, capture_output=True).stdout
    return array.array("h", raw)


def write(path: Path, samples: array.array) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return path


def at(time_s: float) -> int:
    return max(0, round(time_s * RATE_HZ))


def joined(*pieces: array.array) -> array.array:
    """One after another, the ends blended."""
    out = array.array("h")
    for piece in pieces:
        fade = min(FADE, len(out), len(piece))
        for i in range(fade):
            share = (i + 0.5) / fade
            k = len(out) - fade + i
            out[k] = round(out[k] * (1 - share) + piece[i] * share)
        out.extend(piece[fade:])
    return out


def with_noise(samples: array.array, snr_db: float, seed: int) -> array.array:
    """White noise at a level below the mean of the whole recording."""
    generator = random.Random(seed)
    power = sum(s * s for s in samples) / max(1, len(samples))
    sd = math.sqrt(power / 10 ** (snr_db / 10))
    return array.array("h", (max(-32768, min(32767, round(s + generator.gauss(0, sd)))) for s in samples))


def transcoded(source: Path, target: Path, *options: str) -> Path:
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(source), *options, str(target)], check=True)
    return target


def synthetic(language: str, words: str, folder: Path) -> Path:
    path = folder / f"spoken_{language}.wav"
    subprocess.run(["espeak-ng", "-v", language, "-s", "140", "-w", str(path), words], check=True)
    return path
