"""10,000 calls over three providers with five keys each, limits and faults among them, from two processes at once."""

import json
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import pytest
from chain import BUILD, CHAIN, QUESTION, ROOT
from llm_fixtures import chain, fakes  # noqa: F401
from waiting import wait_until

CALLS = 10_000
PROCESSES = 2
THREADS = 16
CALLS_A_SECOND = 350
BURST = 20
KEYS = 5
FAULTS = ["500", "503", "cut mid-stream", "blank", "html"]
# The providers' limit: so many calls with a key in so many seconds.
KEY_LIMIT, WINDOW_S = 120, 3.0
# A call that was on its way when another found the limit may still arrive; on a busy machine that takes a while.
IN_FLIGHT_S = 1.0


class FakeProcess:
    """A fake in a process of its own, so that its work is not ours."""

    def __init__(self, kind: str, **settings):
        command = [sys.executable, ROOT / "tests" / "fakes" / "llm_server.py", kind, json.dumps(settings)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().strip()}/v1"


@pytest.fixture
def providers():
    running = []

    def start(kind: str, **settings) -> FakeProcess:
        running.append(FakeProcess(kind, **settings))
        return running[-1]

    yield start
    for fake in running:
        fake.process.kill()
        fake.process.wait()


def price_of(chain, provider_id: int, model: str, at_ms: int) -> tuple[int, int, int]:
    """The rule of the table, written once more."""
    minute, weekday = at_ms // 60_000 % 1440, (at_ms // 86_400_000 + 3) % 7
    rows = chain.sql(
        "SELECT weekdays IS NOT NULL, valid_from, id, input_microusd, cached_input_microusd, output_microusd FROM llm_prices"
        " WHERE provider_id = ? AND model_name = ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)"
        " AND (weekdays IS NULL OR ((weekdays >> ?) & 1 AND from_minute <= ? AND to_minute > ?)) ORDER BY 1, 2, 3",
        provider_id, model, at_ms, at_ms, weekday, minute, minute,
    )  # fmt: skip
    return rows[-1][3:]


def converse(process: subprocess.Popen, questions: int) -> str:
    """Asks at an even pace, below what all keys together may do and above what the first provider's may."""

    def ask() -> None:
        for _ in range(questions // BURST):
            process.stdin.write((json.dumps(QUESTION) + "\n") * BURST)
            process.stdin.flush()
            time.sleep(BURST * PROCESSES / CALLS_A_SECOND)
        process.stdin.close()

    asker = threading.Thread(target=ask)
    asker.start()
    output = process.stdout.read()
    asker.join()
    assert process.wait(30) == 0
    return output


def test_ten_thousand_calls(chain, providers):
    chain.set(llm__breaker_open_ms=300, llm__chain_timeout_ms=12000)
    for priority, kind in enumerate(CHAIN):
        outage = {"down_every": 900, "down_for": 60} if kind != "deepseek" else {}
        fake = providers(kind, key_limit=KEY_LIMIT, window_s=WINDOW_S, latency_s=0.02, fault_rate=0.02, faults=FAULTS, pieces=2, seed=priority, **outage)
        chain.add(kind, fake.url, keys=KEYS, priority=priority)
    processes = [chain.start("--threads", str(THREADS)) for _ in range(PROCESSES)]
    share = CALLS // PROCESSES
    with ThreadPoolExecutor(PROCESSES) as pool:
        outputs = list(pool.map(lambda process: converse(process, share), processes))
    answers = [json.loads(line) for output in outputs for line in output.splitlines()]
    answers = [answer for answer in answers if "id" in answer]
    assert len(answers) == CALLS

    log = chain.sql(
        "SELECT u.provider_id, u.api_key_id, u.model_used, u.prompt_tokens, u.cached_prompt_tokens, u.completion_tokens, u.response_time_ms,"
        " u.success, u.error_message, u.key_rests_until, u.cost_picousd, u.created_at FROM llm_usage_logs u ORDER BY u.created_at, u.id"
    )
    keys = chain.sql("SELECT k.id, p.provider_name, k.total_requests, k.total_cost_picousd, k.is_active FROM llm_api_keys k JOIN llm_providers p ON p.id = k.provider_id")

    # Every lease is a row, and nothing else is.
    assert Counter(row[1] for row in log) == {key[0]: key[2] for key in keys if key[2]}
    # Every answer is one successful call; further successes are probes.
    answered = sum(answer["ok"] for answer in answers)
    probes = sum(row[7] for row in log) - answered
    assert 0 <= probes < 200

    # Nobody uses a limited key before its reset: no call begins between the moment a limit was written down and its end.
    violations, limits, watched = 0, 0, 0
    by_key = defaultdict(list)
    for row in log:
        by_key[row[1]].append(row)
    for rows in by_key.values():
        resting = [(row[11] + row[6] + IN_FLIGHT_S * 1000, row[9]) for row in rows if row[9]]
        limits += len(resting)
        violations += sum(begin < row[11] < end for row in rows for begin, end in resting)
        watched += sum(begin < end for begin, end in resting)
    assert limits > 50
    assert watched > 0, "no rest was longer than what may be in flight"
    assert violations == 0

    # Costs add up without rounding: recomputed from the rows as fractions of a dollar.
    total = Fraction(0)
    for provider, _, model, prompt, cached, completion, *_, cost, at_ms in log:
        fresh_price, cached_price, output_price = price_of(chain, provider, model, at_ms)
        dollars = Fraction((prompt - cached) * fresh_price + cached * cached_price + completion * output_price, 10**12)
        assert dollars == Fraction(cost, 10**12)
        total += dollars
    assert total == Fraction(sum(key[3] for key in keys), 10**12)

    shares = defaultdict(list)
    for _, provider, requests, _, _ in keys:
        shares[provider].append(requests)
    for provider in CHAIN:
        # Turns are taken in order; a key that rests longer than others has fewer: of some ten rests of three seconds, one more or less counts.
        assert max(shares[provider]) <= 3 * min(shares[provider]), shares
    assert answered > CALLS / 2
    outages = [row[8] for row in log if row[8] and "503" in row[8]]
    report = {
        "calls": CALLS, "processes": PROCESSES, "answered": answered, "left to the rules": CALLS - answered, "log rows": len(log), "probes": probes,
        "requests of each key": shares, "limits found": limits, "rests watched": watched, "calls on a limited key": violations, "503s": len(outages),
        "answered by": Counter(answer.get("provider") for answer in answers), "cost in USD": f"{float(total):.6f}",
        "health at the end": [json.loads(output.splitlines()[-1])["health"] for output in outputs],
    }  # fmt: skip
    (Path(BUILD).parent / "llm-key-ring.json").write_text(json.dumps(report, indent=1))


def test_the_circuit_opens_and_recovers(chain, fakes):
    down = fakes("openai")
    down.settings.behaviour = "503"
    chain.set(llm__breaker_open_ms=400)
    chain.add("openai", down.url, priority=0)
    chain.add("gemini", fakes("gemini").url, priority=9)
    process = chain.start()

    def ask() -> dict:
        process.stdin.write(json.dumps(QUESTION) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    assert {ask()["provider"] for _ in range(20)} == {"gemini"}
    # Only the first five questions went to it; what else it saw were probes.
    assert [attempt for provider, _, _, attempt, _ in chain.log() if provider == "gemini"] == [2] * 5 + [1] * 15
    down.settings.behaviour = "good"
    wait_until(lambda: ask()["provider"] == "openai", otherwise="the circuit stays open")
    process.communicate()


def test_answers_that_are_refused_open_no_circuit(chain, fakes):
    """What a learner says can make a model answer in the wrong language; the next learner still gets its answer."""
    talked_over = fakes("openai")
    talked_over.settings.behaviour = "wrong language"
    chain.add("openai", talked_over.url, priority=0)
    chain.add("gemini", fakes("gemini").url, priority=9)
    lines = chain.ask([QUESTION] * 8)
    assert {answer["provider"] for answer in lines[:-1]} == {"gemini"}
    assert len(talked_over.seen) == 16  # each was asked, and asked to mend it
    assert {row["circuit"] for row in lines[-1]["health"]} == {"closed"}
