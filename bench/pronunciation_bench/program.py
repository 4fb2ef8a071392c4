"""The program, asked about many recordings at once."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build" / "release" / "speechcoach"
FOLDS = Path(os.environ.get("BENCH_FOLDS", ROOT / "build" / "train" / "folds"))  # what `make train-eval` leaves


def score(items: list[tuple[Path, str]], parameters: Path | None = None) -> list[dict]:
    """The answer for each (recording, text to be read); "analysis" or "error"."""
    more = [] if parameters is None else ["--parameters", parameters]
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as listing:
        listing.writelines(f"{path}\t{text}\n" if text else f"{path}\n" for path, text in items)
        listing.flush()
        run = subprocess.run([PROGRAM, "score", "--batch", listing.name, "--json", *more], capture_output=True, text=True)
    if run.returncode not in (0, 4):
        raise SystemExit(f"speechcoach score failed: {run.stderr}")
    return [json.loads(line) for line in run.stdout.splitlines()]


def score_unheard(items: list[tuple[Path, str]], speakers: list[str]) -> list[dict]:
    """The same, each by parameters that have not learnt from its speaker."""
    fold_of = dict(line.split("\t") for line in (FOLDS / "folds.tsv").read_text().splitlines())
    answers: list[dict] = [{}] * len(items)
    for fold in sorted(set(fold_of.values())):
        of_fold = [i for i, speaker in enumerate(speakers) if fold_of[speaker] == fold]
        for i, answer in zip(of_fold, score([items[i] for i in of_fold], FOLDS / fold) if of_fold else []):
            answers[i] = answer
    return answers


def pronunciation(answer: dict) -> dict | None:
    return answer.get("analysis", {}).get("pronunciation")
