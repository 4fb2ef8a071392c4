#!/usr/bin/env python3
"""How often an answer is there already: the arrivals of llm_arrivals.py, readings like those of real learners, the product's own keys.

A reading counts as a hit where every one of its points was worded for somebody within the cache's hour, and only if what both wordings rest on is equal:
every word, sound and finding they may name. The analyses of real recordings are made once, by the shipped program.
"""

import json
import random
import subprocess
import sys
from collections import Counter, OrderedDict, defaultdict
from pathlib import Path

from llm_arrivals import Arrival, arrivals

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "release"
DRIVER = BUILD / "speechcoach-reading-driver"
RECORDINGS = ROOT.parent / "shared" / "data" / "speechocean762"
KEPT = ROOT / "build" / "bench" / "llm-analyses.jsonl"
SEEDS = (1, 2, 3)
TTL_S = 3600.0
ENTRIES = 10_000
MOST_RECORDINGS = 170
NOT_ALL = 4  # speechcoach score: not every recording could be analysed, as where no word can be made out

# What learners at each level say in a conversation is their own: words of a small vocabulary, never twice the same by design.
TALK = "i you we my family friend school work like want go eat drink see play good very big small happy because and but in on at morning day".split()


def analyses() -> Path:
    """Of one or two recordings of each speaker; made anew when the program is newer."""
    program = BUILD / "speechcoach"
    if not KEPT.exists() or KEPT.stat().st_mtime < program.stat().st_mtime:
        rows = [line.split("\t") for line in (RECORDINGS / "labels.tsv").read_text().splitlines()[1:]]
        by_speaker = defaultdict(list)
        for row in rows:
            by_speaker[row[1]].append(row)
        draw = random.Random(7)
        drawn = [row for own in by_speaker.values() for row in draw.sample(own, min(2, len(own)))][:MOST_RECORDINGS]
        listed = []
        for row in drawn:
            audio = next((RECORDINGS / "audio" / row[1]).glob(f"{row[0]}.*"))
            listed.append(f"{audio}\t{row[4].capitalize()}.")
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        batch = KEPT.with_suffix(".tsv")
        batch.write_text("\n".join(listed) + "\n")
        unfinished = KEPT.with_suffix(".part")
        with unfinished.open("w") as out:
            done = subprocess.run([program, "score", "--batch", batch, "--json"], stdout=out)
        made = [line for line in unfinished.read_text().splitlines() if "error" not in json.loads(line)]
        if done.returncode not in (0, NOT_ALL) or len(made) < 0.95 * len(drawn):
            sys.exit(f"speechcoach score ended with {done.returncode} and {len(made)} of {len(drawn)} analyses")
        KEPT.write_text("\n".join(made) + "\n")
        unfinished.unlink()
    return KEPT


def questions(arrived: list[Arrival], texts: dict[int, str], seed: int) -> list[dict]:
    draw = random.Random(seed)
    lines = []
    for number, one in enumerate(arrived):
        said = "" if one.sentence else " ".join(draw.choices(TALK, k=draw.randint(4, 16)))
        reading = {"text": texts.get(one.sentence, ""), "said": said, "level": one.level, "skill": one.skill, "learner": one.learner}
        lines.append(json.dumps(reading | {"seed": seed * 1_000_000 + number}))
    made = subprocess.run([DRIVER, analyses()], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    return [json.loads(line) for line in made.stdout.splitlines()]


class Cache:
    """The product's memory store on the model's clock."""

    def __init__(self):
        self.kept: OrderedDict[str, tuple[float, str]] = OrderedDict()

    def ask(self, at_s: float, key: str, evidence: str) -> bool:
        found = self.kept.get(key)
        hit = found is not None and at_s < found[0] + TTL_S and found[1] == evidence
        if found is None or at_s >= found[0] + TTL_S:
            self.kept[key] = (at_s, evidence)
            if len(self.kept) > ENTRIES:
                self.kept.popitem(last=False)
        self.kept.move_to_end(key)
        return hit


def measure(arrived: list[Arrival], asked: list[dict]) -> dict[str, float]:
    cache, hits, all_ = Cache(), Counter(), Counter()
    for arrival, question in zip(arrived, asked, strict=True):
        mode = "conversation" if arrival.sentence is None else "sentence practice"
        points = [cache.ask(arrival.at_s, point["key"], point["evidence"]) for point in question["points"]]
        for what, hit, count in ((mode, all(points), 1), (f"points of {mode}", sum(points), len(points))):
            all_[what] += count
            hits[what] += hit
    return {what: 100.0 * hits[what] / all_[what] for what in all_}


def main() -> None:
    sentences = json.loads((ROOT / "data" / "sentences.json").read_text())
    by_level = defaultdict(list)
    for sentence in sentences:
        by_level[sentence["level"]].append(sentence["id"])
    texts = {sentence["id"]: sentence["text"] for sentence in sentences}
    shares = defaultdict(list)
    for seed in SEEDS:
        arrived = arrivals(by_level, seed)
        for mode, share in measure(arrived, questions(arrived, texts, seed)).items():
            shares[mode].append(share)
    rows = [{"name": f"cache hits, {mode}", "unit": "%", "ours": share, "statistic": "min"} for mode, share in shares.items()]
    out = ROOT / "build" / "bench" / "llm_cache.raw.json"
    out.write_text(json.dumps({"bench": "llm_cache", "rows": rows, "notes": [f"{len(arrived)} questions in {len(SEEDS)} evenings each"]}))


if __name__ == "__main__":
    sys.exit(main())
