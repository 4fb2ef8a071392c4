"""The recordings that the speech benchmarks hear: a fixed random sample of speechocean762's training half, as 16 kHz WAV files."""

import csv
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "speechocean762"
WAVES = ROOT / "build" / "bench" / "speechocean762"
SEED = 762


@dataclass(frozen=True)
class Recording:
    utterance: str
    speaker: str
    text: str
    path: Path  # the WAV file


def all_recordings() -> list[Recording]:
    recordings = []
    for table in ("labels.tsv", "unlabelled.tsv"):
        with (DATA / table).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                recordings.append(Recording(row["utterance"], row["speaker"], row["text"], WAVES / f"{row['utterance']}.wav"))
    return recordings


def decode(recordings: list[Recording]) -> None:
    """Makes the WAV files that are not there yet."""
    WAVES.mkdir(parents=True, exist_ok=True)
    for recording in recordings:
        if recording.path.exists():
            continue
        folder = DATA / "audio" / recording.speaker
        source = next(path for suffix in ("flac", "opus") if (path := folder / f"{recording.utterance}.{suffix}").exists())
        part = recording.path.with_suffix(".part.wav")
        subprocess.run(
            ["ffmpeg", "-loglevel", "error", "-y", "-i", source, "-ac", "1", "-ar", "16000", "-sample_fmt", "s16", part], check=True
        )
        part.rename(recording.path)


def sample_lazily() -> Iterator[Recording]:
    """All of them, in an order that is random and always the same; each is decoded when it is asked for."""
    if not DATA.exists():
        sys.exit(f"the recordings are not there: {DATA}")
    shuffled = all_recordings()
    random.Random(SEED).shuffle(shuffled)
    for recording in shuffled:
        decode([recording])
        yield recording


def sample(count: int) -> list[Recording]:
    if not DATA.exists():
        sys.exit(f"the recordings are not there: {DATA}")
    recordings = random.Random(SEED).sample(all_recordings(), count)
    decode(recordings)
    return recordings
