"""How far the program's times of words and sounds are from those of synthetic speech, whose times are known."""

import difflib
import subprocess
from pathlib import Path

from . import program

VOICES = ("awb", "kal16")  # flite's; the lines of src/pronunciation/internal/sound_times.cpp were fitted to slt and rms
SENTENCES = 30


def spoken(voice: str, text: str, path: Path) -> list[tuple[str, float, float]]:
    """Says it; ARPAbet phone, start, end."""
    answer = subprocess.run(["flite", "-voice", voice, "-psdur", "-t", text + ".", str(path)], check=True, capture_output=True, text=True).stdout
    phones, start = [], 0.0
    for piece in answer.split():
        name, end = piece.rsplit(":", 1)
        if name != "pau":
            phones.append(("AH" if name == "ax" else name.upper(), start, float(end)))
        start = float(end)
    return phones


def compare(true: list[tuple[str, float, float]], report: dict, errors: dict[str, list[float]]) -> None:
    """Adds the absolute errors in ms of those sounds that both have, by the longest common runs."""
    heard = [(p["phone"], p["start_s"], p["end_s"], k == 0, k + 1 == len(w["phones"])) for w in report["words"] for k, p in enumerate(w["phones"])]
    runs = difflib.SequenceMatcher(a=[t[0] for t in true], b=[h[0] for h in heard], autojunk=False).get_matching_blocks()
    for a, b, length in runs:
        for (_, start, end), (_, at, until, is_first, is_last) in zip(true[a:a + length], heard[b:b + length]):
            errors["sound starts"].append(1000 * abs(at - start))
            errors["sound ends"].append(1000 * abs(until - end))
            if is_first:
                errors["word starts"].append(1000 * abs(at - start))
            if is_last:
                errors["word ends"].append(1000 * abs(until - end))


def measure(texts: list[str], folder: Path) -> dict[str, list[float]]:
    items, known = [], []
    for i, text in enumerate(texts[:SENTENCES]):
        for voice in VOICES:
            path = folder / f"{voice}{i}.wav"
            known.append(spoken(voice, text, path))
            items.append((path, text))
    errors: dict[str, list[float]] = {"word starts": [], "word ends": [], "sound starts": [], "sound ends": []}
    for true, answer in zip(known, program.score(items)):
        report = program.pronunciation(answer)
        if report is not None:
            compare(true, report, errors)
    return errors
