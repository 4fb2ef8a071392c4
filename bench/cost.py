#!/usr/bin/env python3
"""What a session costs: every question that the shipped `serve` asks of a language model for real recordings is kept, its tokens are counted, and
priced by the program's own list of prices (its dearest hours). No answer comes from the cache; where answers do, a session costs less.

Tokens are those of OpenAI's o200k_base, the newest vocabulary that is published; others' counts differ by some percent. An answer is taken to be as long
as the mean of the honest answers of tests/data/advice. Infrastructure is the design's: 80 dollars a month for 20,000 sessions; 50 where one machine has
it all. SPEECHCOACH_BENCH_RECORDINGS (30) says how many recordings.
"""

import hashlib
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
# In place of this folder, whose queue.py would stand before Python's own.
sys.path[:1] = [str(ROOT / "bench" / "load"), str(ROOT / "bench" / "stt_bench"), str(ROOT / "tests" / "fakes")]
import recordings  # noqa: E402
from llm_server import FakeProvider, Settings  # noqa: E402
from providers import ANSWER, add_keys  # noqa: E402

RAW = ROOT / "build" / "bench" / "cost.raw.json"
PROGRAM = ROOT / "build" / "release" / "speechcoach"
COUNT = int(os.environ.get("SPEECHCOACH_BENCH_RECORDINGS", "30"))
TOKENIZER, TOKENIZER_SHA256 = "gpt-tokenizer@4.0.0", "e50075c9a98389fbe59bf6b42d8d50b49c1cbd7aec6c205bfc28847ee0eeb20a"
TOKENS_A_MESSAGE = 4  # what OpenAI's chat form adds to each
MICRO = 1e-6
SESSIONS_A_MONTH, INFRASTRUCTURE, ONE_MACHINE = 20_000, 80.0, 50.0
SESSIONS = "/api/v1/speech-practice/sessions"


def tokenizer() -> Path:
    folder = ROOT / "build" / "bench" / "tokenizer"
    module = folder / "package" / "esm" / "encoding" / "o200k_base.js"
    if not module.exists():
        folder.mkdir(parents=True, exist_ok=True)
        packed = subprocess.run(["npm", "pack", "--silent", TOKENIZER], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
        if hashlib.sha256((folder / packed).read_bytes()).hexdigest() != TOKENIZER_SHA256:
            raise SystemExit(f"{packed} is not the file that was pinned")
        subprocess.run(["tar", "-xzf", packed], cwd=folder, check=True)
    return module


def count(texts: list[str]) -> list[int]:
    command = ["node", ROOT / "bench" / "cost_bench" / "count_tokens.mjs", tokenizer()]
    return json.loads(subprocess.run(command, input=json.dumps(texts), check=True, capture_output=True, text=True).stdout)


class Recorder(FakeProvider):
    """Keeps the questions."""

    def __init__(self):
        super().__init__("openai", Settings(answer=ANSWER))
        self.questions: list[dict] = []
        known = self.wire

        class Listening(type(known)):
            def check(wire, path, body):  # noqa: N805
                self.questions.append(body)
                known.check(path, body)

        self.wire = Listening()


def ask(sounds: list[recordings.Recording]) -> tuple[list[list[dict]], list[tuple]]:
    """The questions of each session; the list of prices."""
    with tempfile.TemporaryDirectory(prefix="speechcoach-bench-cost-") as folder, Recorder() as provider:
        settings = {
            "DATA_DIR": folder, "SERVER__PORT": "0", "LOG__LEVEL": "warning", "LIMITS__SESSIONS_PER_HOUR": "100000", "LLM__CACHE_ENTRIES": "0",
            "BEAT__PROVIDER_CHECKS": "off",
        }  # fmt: skip
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SPEECHCOACH_")}
        environment |= {f"SPEECHCOACH_{name}": value for name, value in settings.items()}
        subprocess.run([PROGRAM, "migrate", "up"], env=environment, check=True, stdout=subprocess.DEVNULL)
        with sqlite3.connect(Path(folder) / "speechcoach.db") as database:
            database.execute("UPDATE llm_providers SET base_url = ? WHERE provider_name = 'openai'", (provider.url,))
            prices = database.execute(
                "SELECT model_name, max(input_microusd), max(output_microusd) FROM llm_prices GROUP BY model_name ORDER BY model_name"
            ).fetchall()
        add_keys(PROGRAM, environment, "openai")
        process = subprocess.Popen([PROGRAM, "serve"], env=environment, stdout=subprocess.PIPE, text=True)
        try:
            url = process.stdout.readline().split("open ")[1].split(" ")[0]
            token = httpx.post(f"{url}/api/v1/auth/guest", json={}).json()["token"]
            sessions = []
            with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=120) as http:
                for sound in sounds:
                    before = len(provider.questions)
                    form = {"mode": "sentence_practice", "reference_text": sound.text}
                    answer = http.post(SESSIONS, params={"wait": 60}, data=form, files={"audio": ("a.wav", sound.path.read_bytes())})
                    answer.raise_for_status()
                    sessions.append(provider.questions[before:])
        finally:
            process.terminate()
            process.wait(60)
    return sessions, prices


def prompt_tokens(questions: list[dict]) -> int:
    """Messages, and the form of the answer, which is a part of the prompt."""
    texts = [message["content"] for question in questions for message in question["messages"]]
    forms = [json.dumps(question["response_format"]) for question in questions if "response_format" in question]
    return sum(count(texts + forms)) + TOKENS_A_MESSAGE * len(texts)


def main() -> None:
    RAW.parent.mkdir(parents=True, exist_ok=True)
    sessions, prices = ask(recordings.sample(COUNT))
    asked = [session for session in sessions if session]
    if len(asked) < COUNT // 2:
        raise SystemExit(f"only {len(asked)} of {COUNT} sessions asked the language model")
    honest = [row["answer"] for row in json.loads((ROOT / "tests" / "data" / "advice" / "honest.json").read_text())]
    answer_tokens = statistics.fmean(count(honest))
    prompts = [prompt_tokens(session) for session in asked]
    answers = [answer_tokens * len(session) for session in asked]
    infrastructure = INFRASTRUCTURE / SESSIONS_A_MONTH
    rows = [
        {"name": "questions a session", "unit": "", "ours": [len(session) for session in asked], "statistic": "mean"},
        {"name": "prompt tokens a session", "unit": "", "ours": prompts, "statistic": "mean"},
        {"name": "answer tokens a session", "unit": "", "ours": answers, "statistic": "mean"},
    ]
    for model, into, out in prices:
        # The list has dollars a million tokens, in millionths.
        costs = [(prompt * into + answer * out) * MICRO * MICRO + infrastructure for prompt, answer in zip(prompts, answers, strict=True)]
        rows.append({"name": f"a session with {model}", "unit": "$", "ours": costs, "statistic": "mean"})
    rows.append({"name": "a session with the dearest of them", "unit": "$", "ours": max((row["ours"] for row in rows[3:]), key=statistics.fmean), "statistic": "mean"})
    rows.append({"name": "a session without a language model, on one machine", "unit": "$", "ours": [ONE_MACHINE / SESSIONS_A_MONTH]})
    notes = [
        f"{len(asked)} sessions, an answer of {answer_tokens:.0f} tokens. Infrastructure is ${infrastructure:.4f} of each session but the last. The design has $0.025: $0.020 for the model, "
        "$0.001 for fallbacks, $0.004 for infrastructure."
    ]  # fmt: skip
    RAW.write_text(json.dumps({"bench": "cost", "rows": rows, "notes": notes}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
