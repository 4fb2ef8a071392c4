#!/usr/bin/env python3
"""Fits the curve that turns a word's probability, as the decoder gives it, into how often such words are right.

    fit_confidence.py --transcripts transcripts.jsonl

`transcripts.jsonl` is what speechcoach-train-features writes; its recordings are speechocean762's training half. A heard word is right where
the alignment with the fewest word errors pairs it with the same word of the reference. Every second speaker (drawn with a fixed seed) is held
back: the curve never sees them, and the figures printed are theirs.

The curve is a logistic function of the logit of the probability (Platt, "Probabilistic Outputs for Support Vector Machines", 1999).
"""

import argparse
import json
import math
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "bench" / "stt_bench"))
import recordings  # noqa: E402
import word_errors  # noqa: E402

SEED = 762
BINS = 10
ROUNDS = 50


def pair_up(said: list[str], heard: list[str]) -> list[bool]:
    """For each heard word, whether it is the word that was to be read there."""
    costs = [[0] * (len(heard) + 1) for _ in range(len(said) + 1)]
    for i in range(len(said) + 1):
        for j in range(len(heard) + 1):
            if i == 0 or j == 0:
                costs[i][j] = i + j
            else:
                costs[i][j] = min(costs[i - 1][j] + 1, costs[i][j - 1] + 1, costs[i - 1][j - 1] + (said[i - 1] != heard[j - 1]))
    right = [False] * len(heard)
    i, j = len(said), len(heard)
    while i > 0 and j > 0:
        if costs[i][j] == costs[i - 1][j - 1] + (said[i - 1] != heard[j - 1]):
            right[j - 1] = said[i - 1] == heard[j - 1]
            i, j = i - 1, j - 1
        elif costs[i][j] == costs[i][j - 1] + 1:
            j -= 1
        else:
            i -= 1
    return right


def logit(probability: float) -> float:
    clamped = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(clamped / (1 - clamped))


def sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def fit(points: list[tuple[float, bool]]) -> tuple[float, float]:
    """Slope and offset of greatest likelihood, by Newton's method."""
    slope, offset = 1.0, 0.0
    for _ in range(ROUNDS):
        gradient = [0.0, 0.0]
        curvature = [[1e-9, 0.0], [0.0, 1e-9]]
        for probability, is_right in points:
            x = logit(probability)
            p = sigmoid(slope * x + offset)
            error, weight = p - is_right, p * (1 - p)
            gradient[0] += error * x
            gradient[1] += error
            curvature[0][0] += weight * x * x
            curvature[0][1] += weight * x
            curvature[1][1] += weight
        determinant = curvature[0][0] * curvature[1][1] - curvature[0][1] ** 2
        slope -= (curvature[1][1] * gradient[0] - curvature[0][1] * gradient[1]) / determinant
        offset -= (curvature[0][0] * gradient[1] - curvature[0][1] * gradient[0]) / determinant
    return slope, offset


def reliability(points: list[tuple[float, bool]]) -> list[tuple[int, float, float]]:
    """For each tenth of confidence: how many words, their mean confidence, the share that is right."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, is_right in points:
        bins[min(BINS - 1, int(confidence * BINS))].append((confidence, is_right))
    return [(len(b), sum(c for c, _ in b) / len(b), sum(r for _, r in b) / len(b)) if b else (0, 0.0, 0.0) for b in bins]


def expected_calibration_error(points: list[tuple[float, bool]]) -> float:
    """Naeini et al., "Obtaining Well Calibrated Probabilities Using Bayesian Binning", 2015."""
    return sum(count * abs(mean - share) for count, mean, share in reliability(points)) / len(points)


def judged_words(heard: list[tuple[str, list[dict]]], kind: str) -> list[tuple[float, bool]]:
    """(reference, [{text, confidence, probability}]) of recordings -> each word's figure of that kind, and whether it is right."""
    points: list[tuple[float, bool]] = []
    for reference, words in heard:
        texts, figures = [], []
        for word in words:
            pieces = word_errors.words(word["text"])
            texts += pieces
            figures += [word[kind]] * len(pieces)
        points += zip(figures, pair_up(word_errors.words(reference), texts))
    return points


def words_by_speaker(transcripts: Path) -> dict[str, list[tuple[float, bool]]]:
    known = {recording.utterance: recording for recording in recordings.all_recordings()}
    found: dict[str, list[tuple[float, bool]]] = {}
    for line in transcripts.read_text(encoding="utf-8").splitlines():
        heard = json.loads(line)
        recording = known[heard["utterance"]]
        found.setdefault(recording.speaker, []).extend(judged_words([(recording.text, heard["words"])], "probability"))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--transcripts", type=Path, required=True)
    options = parser.parse_args()
    speakers = words_by_speaker(options.transcripts)
    names = sorted(speakers)
    random.Random(SEED).shuffle(names)
    taught = [point for name in names[::2] for point in speakers[name]]
    held_back = [point for name in names[1::2] for point in speakers[name]]
    slope, offset = fit(taught)
    after = [(sigmoid(slope * logit(confidence) + offset), is_right) for confidence, is_right in held_back]
    print(f"{len(names)} speakers, half of them held back: {len(taught)} words taught, {len(held_back)} words judged")
    print(f"slope {slope:.3f} offset {offset:.3f}")
    for name, points in (("before", held_back), ("after", after)):
        print(f"{name}: expected calibration error {expected_calibration_error(points):.3f}")
        for count, mean, share in reliability(points):
            print(f"  {count:6d} words  said {mean:.2f}  right {share:.2f}")


if __name__ == "__main__":
    main()
