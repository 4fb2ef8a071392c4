#!/usr/bin/env python3
"""Holds a benchmark's raw samples against the bars of bars.json; it never runs one.

    bench/check.py NAME...      one table a benchmark; exits 1 where a bar does not hold or was not measured, or where we have become slower
                                beside the peer than bench/kept/NAME.json has it

Reads build/bench/NAME.raw.json:
    {"bench": NAME,
     "rows": [{"name", "unit", "ours": [samples], "peer": [samples], "peer_name", "statistic"}],
     "notes": [text]}
`peer` may be absent; `statistic` is one of median (the default), mean, p50, p95, p99, min, max, sum.
Writes build/bench/NAME.json: [{"name", "ours", "peer", "unit", "ratio", "bar", "holds"}], ratio = ours / peer; null where there is none.
"""

import argparse
import json
import math
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "build" / "bench"
BARS = Path(__file__).resolve().parent / "bars.json"
KEPT = Path(__file__).resolve().parent / "kept"
# By so much a ratio to the peer may be worse than the kept one: two runs on one machine differ by half of that.
TOLERANCE = 0.25


def percentile(samples: list[float], share: float) -> float:
    """Nearest rank: a value that was measured."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


STATISTICS = {
    "median": statistics.median,
    "mean": statistics.fmean,
    "p50": lambda samples: percentile(samples, 0.50),
    "p95": lambda samples: percentile(samples, 0.95),
    "p99": lambda samples: percentile(samples, 0.99),
    "min": min,
    "max": max,
    "sum": math.fsum,
}

# name -> (which figure, does it hold?)
RULES = {
    "ratio_max": ("ratio", lambda value, limit: value <= limit),
    "ratio_min": ("ratio", lambda value, limit: value >= limit),
    "ours_max": ("ours", lambda value, limit: value <= limit),
    "ours_min": ("ours", lambda value, limit: value >= limit),
}
SIGNS = {"ratio_max": "ratio <= ", "ratio_min": "ratio >= ", "ours_max": "<= ", "ours_min": ">= "}


def figure(row: dict, side: str) -> float | None:
    samples = row.get(side)
    if not samples:
        return None
    value = float(STATISTICS[row.get("statistic", "median")](samples))
    if not math.isfinite(value):
        raise ValueError(f"{row['name']}: {side} is {value}")
    return value


def judge(row: dict, bar: dict[str, float] | None) -> dict:
    ours, peer = figure(row, "ours"), figure(row, "peer")
    values = {"ours": ours, "ratio": ours / peer if ours is not None and peer else None}
    holds = None
    if bar:
        unknown = set(bar) - set(RULES)
        if unknown:
            raise ValueError(f"{row['name']}: bars.json has no rule named {', '.join(sorted(unknown))}")
        holds = all(
            values[RULES[rule][0]] is not None and RULES[rule][1](values[RULES[rule][0]], limit) for rule, limit in bar.items()
        )
    return {
        "name": row["name"],
        "ours": ours,
        "peer": peer,
        "peer_name": row.get("peer_name"),
        "unit": row["unit"],
        "ratio": values["ratio"],
        "bar": " and ".join(f"{SIGNS[rule]}{limit:g}" for rule, limit in bar.items()) if bar else None,
        "holds": holds,
    }


def check(raw: dict, bars: dict[str, dict]) -> list[dict]:
    """A row for each that was measured and for each bar whose row is missing: an unmeasured bar does not hold."""
    rows = [judge(row, bars.get(row["name"])) for row in raw["rows"]]
    measured = {row["name"] for row in rows}
    rows += [judge({"name": name, "unit": ""}, bar) for name, bar in bars.items() if name not in measured]
    return rows


def regressions(rows: list[dict], kept: dict, bars: dict[str, dict]) -> list[str]:
    """Ratios that are worse than those kept. The bar's rule says which way is worse; times alone are the machine's and say nothing."""
    before = {row["name"]: row["ratio"] for row in kept["rows"]}
    found = []
    for row in rows:
        old, new = before.get(row["name"]), row["ratio"]
        if old is None or new is None:
            continue
        for rule in bars.get(row["name"], {}):
            is_worse = {"ratio_max": new > old * (1 + TOLERANCE), "ratio_min": new < old / (1 + TOLERANCE)}.get(rule, False)
            if is_worse:
                found.append(f"{row['name']}: ratio {new:.4g}, {old:.4g} on {kept['date']}")
    return found


def table(rows: list[dict]) -> str:
    def shown(value: float | None) -> str:
        return "-" if value is None else f"{value:.4g}"

    lines = ["| what | ours | peer | unit | ours / peer | bar | holds |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        peer = shown(row["peer"]) + (f" ({row['peer_name']})" if row["peer"] is not None and row["peer_name"] else "")
        holds = {True: "yes", False: "NO", None: "-"}[row["holds"]]
        lines.append(
            f"| {row['name']} | {shown(row['ours'])} | {peer} | {row['unit']} | {shown(row['ratio'])} | {row['bar'] or '-'} | {holds} |"
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="Hold benchmarks against their bars.")
    parser.add_argument("names", nargs="+", metavar="NAME", help="of a benchmark that has run: build/bench/NAME.raw.json")
    arguments = parser.parse_args()
    bars = json.loads(BARS.read_text())
    missed = False
    for name in arguments.names:
        raw_path = RESULTS / f"{name}.raw.json"
        if not raw_path.exists():
            print(f"{raw_path} does not exist: run `make bench-{name}` first", file=sys.stderr)
            return 2
        raw = json.loads(raw_path.read_text())
        rows = check(raw, bars.get(name, {}))
        (RESULTS / f"{name}.json").write_text(json.dumps(rows, indent=1) + "\n")
        print(f"\n## {name}\n\n{table(rows)}")
        for note in raw.get("notes", []):
            print(f"\n{note}")
        kept = KEPT / f"{name}.json"
        worse = regressions(rows, json.loads(kept.read_text()), bars.get(name, {})) if kept.exists() else []
        for line in worse:
            print(f"\nWORSE than kept: {line}")
        missed = missed or bool(worse) or any(row["holds"] is False for row in rows)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
