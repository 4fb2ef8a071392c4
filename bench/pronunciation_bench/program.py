"""The program, asked about many recordings at once."""

import json
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build" / "release" / "speechcoach"


def score(items: list[tuple[Path, str]]) -> list[dict]:
    """The answer for each (recording, text to be read); "analysis" or "error"."""
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as listing:
        listing.writelines(f"{path}\t{text}\n" if text else f"{path}\n" for path, text in items)
        listing.flush()
        run = subprocess.run([PROGRAM, "score", "--batch", listing.name, "--json"], capture_output=True, text=True)
    if run.returncode not in (0, 4):
        raise SystemExit(f"speechcoach score failed: {run.stderr}")
    return [json.loads(line) for line in run.stdout.splitlines()]


def pronunciation(answer: dict) -> dict | None:
    return answer.get("analysis", {}).get("pronunciation")
