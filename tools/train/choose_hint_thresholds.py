"""Chooses from which log ratios on a live hint is given (pronunciation/live_hints.h), and measures the choice on speakers whom it did not see.

Every fold's words are judged by the phone head that heard nobody in it; the thresholds tried on a fold are chosen on the four others: the most
words rated 3 or less, at a hint on at most BUDGET of the words rated 10. The thresholds to ship are chosen on all five in the same way.
"""
import argparse
import dataclasses
import itertools
import pathlib
import subprocess
import tempfile

import numpy as np

import corpus
import cross_fitting

BUDGET = 0.008
LEAST, MOST, STEP = 3.0, 20.0, 0.5
RIGHT, BAD = 10.0, 3.0


@dataclasses.dataclass(frozen=True)
class Thresholds:
    """As HintThresholds in live_hints.h."""

    if_other: float
    if_heard: float


@dataclasses.dataclass(frozen=True)
class Words:
    """A row a rated word."""

    rating: np.ndarray
    was_heard: np.ndarray
    log_ratio: np.ndarray  # -inf where nothing else is likelier
    fold: np.ndarray

    def of(self, rows: np.ndarray) -> "Words":
        return Words(*(getattr(self, field.name)[rows] for field in dataclasses.fields(self)))

    def hinted(self, thresholds: Thresholds) -> np.ndarray:
        return self.log_ratio >= np.where(self.was_heard, thresholds.if_heard, thresholds.if_other)


def read(path: pathlib.Path, fold: int) -> Words:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return Words(np.array([float(row[2]) for row in rows]), np.array([row[3] == "1" for row in rows]),
                 np.array([float(row[4]) if row[4] else -np.inf for row in rows]), np.full(len(rows), fold))


def joined(parts: list[Words]) -> Words:
    return Words(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in dataclasses.fields(Words)))


def choose(words: Words) -> Thresholds:
    """The most hints on bad words within the budget; of equals the highest thresholds. A word that was heard never needs less than another one."""
    grid = np.arange(LEAST, MOST + STEP / 2, STEP)
    best, most = Thresholds(MOST, MOST), -1.0
    for if_other, if_heard in itertools.product(grid[::-1], grid[::-1]):
        if if_heard < if_other:
            continue
        tried = Thresholds(float(if_other), float(if_heard))
        hinted = words.hinted(tried)
        found = hinted[words.rating <= BAD].mean()
        if hinted[words.rating == RIGHT].mean() <= BUDGET and found > most:
            best, most = tried, found
    return best


def report(name: str, words: Words, hinted: np.ndarray) -> None:
    right, bad = words.rating == RIGHT, words.rating <= BAD
    print(f"{name}: a hint on {100 * hinted[right].mean():.2f} % of {right.sum()} words rated 10, on {100 * hinted[bad].mean():.1f} % of {bad.sum()} rated 3 or less, "
          f"on {100 * hinted[words.rating < 8].mean():.1f} % of those below 8; {100 * (words.rating[hinted] < 8).mean():.0f} % of hints below 8")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", type=pathlib.Path, required=True, help="speechcoach-hint-candidates")
    arguments.add_argument("--corpus", type=pathlib.Path, required=True)
    arguments.add_argument("--cache", type=pathlib.Path, required=True, help="what speechcoach-train-features wrote")
    arguments.add_argument("--folder", type=pathlib.Path, required=True, help="with the heads of make_heads.py")
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()

    fold_of = corpus.folds(corpus.read(given.corpus), given.seed)
    parts = []
    with tempfile.TemporaryDirectory() as temporary:
        for fold in range(corpus.FOLDS):
            listed, out = pathlib.Path(temporary) / "speakers.txt", pathlib.Path(temporary) / "words.tsv"
            listed.write_text("\n".join(speaker for speaker, its in fold_of.items() if its == fold) + "\n")
            head = given.folder / "heads" / f"{cross_fitting.name(frozenset({fold}))}.safetensors"
            subprocess.run([given.program, "--cache", given.cache, "--corpus", given.corpus, "--head", head, "--speakers", listed, "--out", out], check=True)
            parts.append(read(out, fold))
    words = joined(parts)
    hinted = np.zeros(len(words.rating), dtype=bool)
    for fold in range(corpus.FOLDS):
        tried = words.fold == fold
        chosen = choose(words.of(~tried))
        hinted[tried] = words.of(tried).hinted(chosen)
        report(f"fold {fold}, by {chosen.if_other} and {chosen.if_heard} of the others", words.of(tried), hinted[tried])
    report("all, each by those of the others", words, hinted)
    shipped = choose(words)
    report(f"to ship: {shipped.if_other} and {shipped.if_heard}", words, words.hinted(shipped))


if __name__ == "__main__":
    main()
