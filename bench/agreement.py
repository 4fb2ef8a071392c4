#!/usr/bin/env python3
"""How well the scores agree with human raters: Pearson's correlation on the rated recordings, each by parameters that have not learnt from its speaker.

    make train-eval         leaves such parameters in build/train/folds
    make bench-agreement

Reads rated recordings from ../shared/data/speechocean762, or the folder BENCH_CORPUS. The figures of Azure and of the literature are of the corpus's
other half (docs/pronunciation-training.md), so no peer stands beside them here.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from pronunciation_bench import program

CORPUS = Path(os.environ.get("BENCH_CORPUS", program.ROOT.parent / "shared" / "data" / "speechocean762"))


def main() -> None:
    for needed in (CORPUS / "labels.tsv", program.FOLDS / "folds.tsv"):
        if not needed.exists():
            sys.exit(f"no {needed}: `make train-eval` makes the parameters, BENCH_CORPUS names the recordings")
    command = [program.PROGRAM, "eval", "speechocean762", CORPUS, "--folds", program.FOLDS, "--mode", "both", "--json"]
    tables = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    rows, notes = [], []
    for mode, table in tables.items():
        name = mode.replace("_", " ")
        for aspect, pearson in table["pearson"].items():
            rows.append({"name": f"{name}, {aspect}", "unit": "Pearson's r", "ours": [pearson], "statistic": "mean"})
        for aspect, error in table["mse"].items():
            rows.append({"name": f"{name}, {aspect}: squared error", "unit": "points²", "ours": [error], "statistic": "mean"})
        for key in ("mispronunciation", "verdicts"):
            rows += [{"name": f"{name}, {key}: {figure}", "unit": "share", "ours": [table[key][figure]], "statistic": "mean"} for figure in ("precision", "recall", "f1")]
        notes.append(f"{name}: {table['recordings']} recordings of {table['speakers']} speakers, phones {table['count']['phone']}, words {table['count']['word']}.")
    rows.append({"name": "recordings left out", "unit": "count", "ours": [table["failed"] for table in tables.values()], "statistic": "max"})
    out = program.ROOT / "build" / "bench" / "agreement.raw.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"bench": "agreement", "rows": rows, "notes": notes}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
