#!/usr/bin/env python3
"""From the last sound of a sentence to what the learner gets: transcript, scores, feedback; over the WebSocket, in real time, from the shipped
`serve` with everything in one process. First without a language model (complete means scores and the rules' feedback), then with a fake one
that is silent for two seconds and then answers.

Recordings of 4 to 6 seconds from the training half of speechocean762, each with the text that was read. SPEECHCOACH_BENCH_RECORDINGS (24) says
how many each round hears; of 8 speakers at once each takes an eighth of three times as many.
"""

import asyncio
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# In place of this folder, whose queue.py would stand before Python's own.
sys.path[:1] = [str(ROOT / "bench" / "load"), str(ROOT / "bench" / "stt_bench")]
import recordings  # noqa: E402
from providers import Provider, add_keys  # noqa: E402
from speaker import CHUNK_BYTES, CHUNK_S, Practice, Speaker, pcm_of, sign_in  # noqa: E402

RAW = ROOT / "build" / "bench" / "e2e.raw.json"
PROGRAM = ROOT / "build" / "release" / "speechcoach"
COUNT = int(os.environ.get("SPEECHCOACH_BENCH_RECORDINGS", "24"))
SPEAKERS = (1, 8)
SHORTEST_S, LONGEST_S = 4.0, 6.0
LATENCY_S = 2.0


def chosen(count: int) -> list[tuple[bytes, str]]:
    found = []
    for recording in recordings.sample_lazily():
        pcm = pcm_of(recording.path)
        if SHORTEST_S <= len(pcm) / CHUNK_BYTES * CHUNK_S <= LONGEST_S:
            found.append((pcm, recording.text))
        if len(found) == count:
            return found
    raise SystemExit(f"only {len(found)} of {count} recordings are {SHORTEST_S:g} to {LONGEST_S:g} s long")


@contextlib.contextmanager
def server(provider: Provider | None):
    """Its address. Every question is asked anew: no answer is kept."""
    with tempfile.TemporaryDirectory(prefix="speechcoach-bench-e2e-") as folder:
        settings = {
            "DATA_DIR": folder, "SERVER__PORT": "0", "LOG__LEVEL": "warning", "LIMITS__SESSIONS_PER_HOUR": "100000",
            "LLM__CACHE_ENTRIES": "0", "BEAT__PROVIDER_CHECKS": "off",
        }  # fmt: skip
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SPEECHCOACH_")}
        environment |= {f"SPEECHCOACH_{name}": value for name, value in settings.items()}
        if provider:
            subprocess.run([PROGRAM, "migrate", "up"], env=environment, check=True, stdout=subprocess.DEVNULL)
            with sqlite3.connect(Path(folder) / "speechcoach.db") as database:
                database.execute("UPDATE llm_providers SET base_url = ? WHERE provider_name = ?", (provider.url, provider.kind))
            add_keys(PROGRAM, environment, provider.kind)
        process = subprocess.Popen([PROGRAM, "serve"], env=environment, stdout=subprocess.PIPE, text=True)
        try:
            yield process.stdout.readline().split("open ")[1].split(" ")[0]
        finally:
            process.terminate()
            process.wait(60)


async def talk(url: str, speakers: int, sounds: list[tuple[bytes, str]]) -> list[Practice]:
    token = sign_in(url)

    async def one(mine: list[tuple[bytes, str]]) -> list[Practice]:
        async with Speaker(url, token) as speaker:
            return [await speaker.practise(pcm, text) for pcm, text in mine]

    rounds = await asyncio.gather(*(one(sounds[number::speakers]) for number in range(speakers)))
    return [practice for done in rounds for practice in done]


def rows_of(name: str, practices: list[Practice], asks_model: bool) -> list[dict]:
    if any(not practice.is_complete for practice in practices):
        raise SystemExit(f"{name}: {[practice.status for practice in practices if not practice.is_complete]}")
    rows = []
    for step in ("transcript", "complete"):
        samples = [practice.after_s[step] for practice in practices]
        rows += [{"name": f"{step}, {name}, {statistic}", "unit": "s after the last sound", "ours": samples, "statistic": statistic} for statistic in ("p50", "p95")]
    if asks_model:
        worded = [0.0 if practice.is_degraded else 1.0 for practice in practices]
        rows.append({"name": f"got the model's words, {name}", "unit": "share", "ours": worded, "statistic": "mean"})
    return rows


def main() -> None:
    RAW.parent.mkdir(parents=True, exist_ok=True)
    sounds = chosen(3 * COUNT)
    rows = []
    provider = Provider("openai", LATENCY_S)
    try:
        for label, used in (("no language model", None), ("language model of 2 s", provider)):
            with server(used) as url:
                asyncio.run(talk(url, 1, sounds[:1]))  # the model's first run is slower
                for speakers in SPEAKERS:
                    practices = asyncio.run(talk(url, speakers, sounds[: COUNT if speakers == 1 else 3 * COUNT]))
                    rows += rows_of(f"{label}, {speakers} speaking", practices, asks_model=used is not None)
    finally:
        provider.close()
    RAW.write_text(json.dumps({"bench": "e2e", "rows": rows}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
