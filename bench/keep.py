#!/usr/bin/env python3
"""Keeps what benchmarks have found, and makes docs/benchmarks.md of all that is kept.

    bench/keep.py NAME... [--commit HASH]   build/bench/NAME.json -> bench/kept/NAME.json, then the page; measured on HASH (HEAD)
    bench/keep.py                           the page alone

Keep only what an idle machine has measured on a commit that is in the history: later runs are held against it (check.py).
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from check import BARS, KEPT, RESULTS, ROOT, check, table

PAGE = ROOT / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Made by `bench/keep.py` from bench/kept; each table's figures are those of the commit it names, held against today's bars. Ours
and the peer are measured in one run on one machine: the ratio counts, not the time. `holds` is computed by bench/check.py and
bench/bars.json; a bar that was not measured does not hold. "Not measured": no run of it on an idle machine is kept here, whatever
other pages tell of runs while it was built. Peers are pinned in bench/requirements-NAME.txt. A later run whose ratio is a quarter
worse than the one kept here fails.
"""


def machine() -> str:
    model = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return f"{os.cpu_count()} cores, {model[1] if model else platform.machine()}"


def keep(name: str, revision: str) -> None:
    results = RESULTS / f"{name}.json"
    raw = json.loads((RESULTS / f"{name}.raw.json").read_text())
    commit = subprocess.run(["git", "rev-parse", "--short", revision], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    kept = {
        "date": datetime.fromtimestamp(results.stat().st_mtime, UTC).strftime("%Y-%m-%d"),
        "commit": commit,
        "machine": machine(),
        "rows": json.loads(results.read_text()),
        "notes": raw.get("notes", []),
    }
    KEPT.mkdir(exist_ok=True)
    (KEPT / f"{name}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def rejudged(rows: list[dict], bars: dict[str, dict]) -> list[dict]:
    samples = [row | {side: [row[side]] if row[side] is not None else None for side in ("ours", "peer")} for row in rows]
    return check({"rows": samples}, bars)


def page() -> str:
    parts = [HEAD]
    bars = json.loads(BARS.read_text(encoding="utf-8"))
    named = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in KEPT.glob("*.json")}
    for name in sorted(named.keys() | bars.keys()):
        kept = named.get(name, {"rows": [], "notes": []})
        measured = f"{kept['date']}, {kept['commit']}, {kept['machine']}" if name in named else "not measured"
        parts.append(f"## {name}\n`make bench-{name}`, {measured}\n\n{table(rejudged(kept['rows'], bars.get(name, {})))}\n")
        parts += [f"{note}\n" for note in kept["notes"]]
    return "\n".join(parts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--commit", default="HEAD")
    arguments = parser.parse_args()
    for name in arguments.names:
        keep(name, arguments.commit)
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
