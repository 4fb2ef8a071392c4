#!/usr/bin/env python3
"""Draws a run under load: build/load/KIND.json -> build/load/KIND.png.

    plots.py KIND
"""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

FOLDER = Path(__file__).resolve().parents[2] / "build" / "load"


def main() -> None:
    kind = sys.argv[1]
    report = json.loads((FOLDER / f"{kind}.json").read_text())
    settings = report["settings"]
    figure, axes = plt.subplots(5, 1, figsize=(11, 15), sharex=True, layout="constrained")
    figure.suptitle(f"{kind}: {settings['learners']} learners, {settings['sessions_per_hour']} sessions an hour, {settings['minutes']:g} minutes, {report['date']}")
    done = [practice for practice in report["practices"] if practice["complete_s"] is not None]
    axes[0].plot([p["began_at"] / 60 for p in done], [p["complete_s"] for p in done], ".", markersize=3, label="feedback")
    heard = [practice for practice in done if practice["transcript_s"] is not None]
    axes[0].plot([p["began_at"] / 60 for p in heard], [p["transcript_s"] for p in heard], ".", markersize=3, label="transcript")
    axes[0].axhline(4.0, color="grey", linewidth=0.8)
    axes[0].set_ylabel("s after the last sound")
    for axis, key, name in ((axes[1], "rss_mib", "resident memory, MiB"), (axes[2], "descriptors", "descriptors"), (axes[3], "threads", "threads")):
        for process, samples in report["processes"].items():
            axis.plot([s["at_s"] / 60 for s in samples], [s[key] for s in samples], linewidth=1, label=process)
        axis.set_ylabel(name)
        axis.set_ylim(bottom=0)
    axes[4].plot([q["at_s"] / 60 for q in report["queue"]], [q["waiting"] for q in report["queue"]], linewidth=1, label="waiting in the queue")
    axes[4].set_ylabel("recordings")
    axes[4].set_xlabel("minutes")
    for axis in axes:
        axis.legend(fontsize="small", loc="upper right")
        axis.grid(alpha=0.3)
    figure.savefig(FOLDER / f"{kind}.png", dpi=110)
    print(FOLDER / f"{kind}.png")


if __name__ == "__main__":
    main()
