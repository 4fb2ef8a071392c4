#!/usr/bin/env python3
"""Reading the REST API on PostgreSQL: the shipped `serve` beside FastAPI, SQLAlchemy (async) and orjson on the same database.

SESSIONS sessions of USERS users, each with the analysis of a real recording. Server on one core, wrk on the other with CONNECTIONS
connections and random users; the database runs on both. Answers of the two are compared before anything is measured. ROUNDS
rounds of SECONDS a route, the two in turn."""

import json
import os
import random
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Not this folder: the benchmark queue.py beside this one has the name of a module of Python's.
sys.path[0] = str(ROOT / "tests" / "support")

import httpx  # noqa: E402
import jwt  # noqa: E402
import psycopg  # noqa: E402
from with_postgresql import PostgresqlServer  # noqa: E402

PROGRAM = ROOT / "build" / "release" / "speechcoach"
SESSIONS, USERS, SECONDS, ROUNDS, CONNECTIONS, POOL = (
    int(os.environ.get(name, value))
    for name, value in (("SESSIONS", 1_000_000), ("USERS", 10_000), ("SECONDS", 8), ("ROUNDS", 3), ("CONNECTIONS", 32), ("POOL", 8))
)
SECRET = secrets.token_hex(32)
BASE = "/api/v1/speech-practice"
ASKED = 400  # different users
LEAST_BYTES, MOST_BYTES = 4_096, 8_192  # of a row's analysis
ROUTES = ("list", "detail", "progress", "trends")
SCORES = ("overall", "pronunciation", "prosody", "emotion", "confidence", "fluency")


# (route, "ours" or "peer") -> what wrk measured, a round each.
Samples = dict[tuple[str, str], list[dict]]


def settings(url: str, folder: Path) -> dict[str, str]:
    values = {
        "DATA_DIR": folder / "data", "DATABASE__URL": url, "DATABASE__POOL_SIZE": POOL, "SERVER__PORT": 0, "SERVER__WORK_THREADS": POOL,
        "AUTH__JWT_SECRET": SECRET, "LIMITS__REQUESTS_PER_MINUTE": 10_000_000, "LOG__LEVEL": "warning", "PRIVACY__LOCAL_ONLY": "true",
    }  # fmt: skip
    return os.environ | {f"SPEECHCOACH_{key}": str(value) for key, value in values.items()}


def token(user: int) -> str:
    now = int(time.time())
    return jwt.encode({"sub": str(user), "iss": "speechcoach", "role": "learner", "iat": now, "exp": now + 36_000}, SECRET, algorithm="HS256")


class Running:
    def __init__(self, process: subprocess.Popen, url: str):
        self.process, self.url = process, url

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def start_ours(url: str, folder: Path) -> Running:
    process = subprocess.Popen(["taskset", "-c", "0", PROGRAM, "serve"], env=settings(url, folder), stdout=subprocess.PIPE, text=True)
    return Running(process, process.stdout.readline().split("open ")[1].split(" ")[0])


def start_twin(url: str) -> Running:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["taskset", "-c", "0", sys.executable, ROOT / "bench" / "peers" / "api_twin.py", url, str(POOL), str(port)]
    process = subprocess.Popen(command, env=os.environ | {"TWIN_SECRET": SECRET})
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return Running(process, f"http://127.0.0.1:{port}")
        time.sleep(0.1)
    raise SystemExit("the twin does not start")


def real_analysis(server: Running, database: psycopg.Connection) -> dict:
    """What the program found out about a recording, its pitch curve thinned to the size of a row."""
    guest = httpx.post(f"{server.url}/api/v1/auth/guest", json={}).json()
    recording = (ROOT / "tests" / "data" / "good.wav").read_bytes()
    form = {"mode": "sentence_practice", "reference_text": "The girl was four at the time."}
    answer = httpx.post(
        f"{server.url}{BASE}/sessions", params={"wait": 60}, data=form, files={"audio": ("a.wav", recording)},
        headers={"Authorization": f"Bearer {guest['token']}"}, timeout=90,
    )  # fmt: skip
    assert answer.json()["status"] == "completed", answer.text
    (analysis,) = database.execute("SELECT analysis_result FROM speech_practice_sessions").fetchone()
    pitch = analysis["prosody_features"]["pitch"]
    while len(json.dumps(analysis)) > MOST_BYTES and len(pitch["contour"]) > 1:
        pitch["contour"] = pitch["contour"][::2]
    assert len(json.dumps(analysis)) >= LEAST_BYTES
    return analysis


FILL = """
INSERT INTO users (name, role, created_at) SELECT 'learner ' || n, 'learner', now() FROM generate_series(1, {users}) n;
CREATE TEMP TABLE first AS SELECT min(id) AS id FROM users WHERE starts_with(name, 'learner ');
CREATE TEMP TABLE heard AS SELECT i, 5 + i / 10.0 AS score, given #>> '{{transcript,text}}' AS transcript,
  jsonb_set(given, '{{scores,overall}}', to_jsonb(5 + i / 10.0)) AS analysis FROM generate_series(0, 49) i, (SELECT %s::jsonb AS given) given;
INSERT INTO speech_practice_sessions (id, user_id, mode, locale, reference_text, status, audio_url, audio_format, audio_size_bytes,
  audio_duration_seconds, transcript, analysis_result, overall_score, pronunciation_score, prosody_score, emotion_score, confidence_score,
  fluency_score, created_at, completed_at)
SELECT substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-4' || substr(h, 14, 3) || '-8' || substr(h, 18, 3) || '-' || substr(h, 21, 12),
  first.id + mod(n, {users}), 'sentence_practice', 'vi', 'The girl was four at the time.', 'completed', 'bench/' || n || '.wav', 'wav', 64044, 2.0,
  transcript, analysis, score, 7, 7, 7, 7, 7, at, at + interval '2 seconds'
FROM (SELECT n, md5(n::text) AS h, date_trunc('milliseconds', now() - n * interval '90 days' / {sessions}) AS at FROM generate_series(1, {sessions}) n) numbered
  JOIN heard ON i = mod(n, 50), first;
INSERT INTO practice_days SELECT user_id, extract(epoch FROM date_trunc('day', created_at AT TIME ZONE 'Asia/Ho_Chi_Minh'))::bigint / 86400,
  count(*), count(*) * 2000, {sums} FROM speech_practice_sessions WHERE starts_with(audio_url, 'bench/') GROUP BY 1, 2;
INSERT INTO user_progress_llm (user_id, total_sessions, practice_ms, {means}, score_trend, current_streak_days, longest_streak_days,
  last_practice_date, last_practice_day, weak_areas, updated_at)
SELECT user_id, sum(sessions), sum(practice_ms), {mean_values}, 0.125, 3, 9, date '1970-01-01' + max(day), max(day), %s::jsonb, now()
FROM practice_days WHERE user_id >= (SELECT id FROM first) GROUP BY user_id;
"""


def fill(database: psycopg.Connection, analysis: dict) -> int:
    """The number of the first user."""
    counts = [{"sound": sound, "chances": 40, "faults": 9, "score": 6.25} for sound in ("TH", "DH", "V", "Z", "S", "R")]
    weak = {"skills": [{"skill": "prosody", "score": 6.5}], "sounds": counts, "words": []}
    # Rows that refer to each other by construction, written once.
    database.execute("SET session_replication_role = replica")
    statements = FILL.format(
        users=USERS, sessions=SESSIONS, means=", ".join(f"avg_{score}_score" for score in SCORES),
        sums=", ".join(f"(sum({score}_score) * 1000)::bigint" for score in SCORES),
        mean_values=", ".join(f"sum({score}_sum) / 1000.0 / sum(sessions)" for score in SCORES),
    )  # fmt: skip
    values = iter((json.dumps(analysis), json.dumps(weak)))
    for statement in statements.split(";\n"):
        if statement.strip():
            database.execute(statement, [next(values)] if "%s" in statement else None)
    database.commit()
    (first,) = database.execute("SELECT id FROM first").fetchone()
    database.commit()
    database.autocommit = True
    database.execute("VACUUM ANALYZE")
    return first


def routes(database: psycopg.Connection, first: int) -> dict[str, list[tuple[str, str]]]:
    """For each route the paths to ask for, with their users' tokens."""
    asked: dict[str, list[tuple[str, str]]] = {"list": [], "detail": [], "progress": [], "trends": []}
    for user in random.Random(1).sample(range(first, first + USERS), min(ASKED, USERS)):
        bearer = token(user)
        rows = database.execute("SELECT id FROM speech_practice_sessions WHERE user_id = %s ORDER BY created_at LIMIT 3", [user]).fetchall()
        asked["list"].append((f"{BASE}/sessions?limit=20", bearer))
        asked["detail"] += [(f"{BASE}/sessions/{row[0]}", bearer) for row in rows]
        asked["progress"].append((f"{BASE}/progress", bearer))
        asked["trends"].append((f"{BASE}/analytics/trends", bearer))
    return asked


def differing(ours: object, twin: object, path: str = "") -> str:
    """Where two answers are not the same; numbers may differ by their last digit."""
    if isinstance(ours, dict) and isinstance(twin, dict):
        for key, value in twin.items():
            if key not in ours:
                return f"{path}.{key}: not in ours"
            if where := differing(ours[key], value, f"{path}.{key}"):
                return where
        return ""
    if isinstance(ours, list) and isinstance(twin, list) and len(ours) == len(twin):
        return next((where for i, (a, b) in enumerate(zip(ours, twin, strict=True)) if (where := differing(a, b, f"{path}[{i}]"))), "")
    if isinstance(ours, (int, float)) and isinstance(twin, (int, float)) and abs(ours - twin) <= 0.011:
        return ""
    return "" if ours == twin else f"{path}: {ours!r} and {twin!r}"


def compare(ours: Running, twin: Running, asked: dict[str, list[tuple[str, str]]]) -> None:
    for name, requests in asked.items():
        path, bearer = requests[0]
        answers = [httpx.get(server.url + path, headers={"Authorization": f"Bearer {bearer}"}) for server in (ours, twin)]
        assert [answer.status_code for answer in answers] == [200, 200], (name, [answer.text[:300] for answer in answers])
        where = differing(answers[0].json(), answers[1].json())
        assert not where, f"{name}: the two answer differently at {where}"


def load(server: Running, requests: Path, seconds: int) -> dict:
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", ROOT / "bench" / "replay.lua", server.url]
    done = subprocess.run(command, env=os.environ | {"REQUESTS": str(requests)}, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def indexes(database: psycopg.Connection, user: int) -> str:
    """The indexes that the routes' queries go by; none may read a table as a whole."""
    (session,) = database.execute("SELECT id FROM speech_practice_sessions WHERE user_id = %s LIMIT 1", [user]).fetchone()
    queries = {
        "list": "SELECT id, transcript FROM speech_practice_sessions WHERE user_id = {user} AND created_at >= to_timestamp(0) ORDER BY created_at DESC, id DESC LIMIT 21",
        "detail": "SELECT analysis_result FROM speech_practice_sessions WHERE id = '{session}'",
        "progress": "SELECT weak_areas FROM user_progress_llm WHERE user_id = {user}",
        "trends": "SELECT day, sessions FROM practice_days WHERE user_id = {user} AND day BETWEEN 20000 AND 21000 ORDER BY day",
    }
    found = []
    for name, query in queries.items():
        plan = "\n".join(row[0] for row in database.execute("EXPLAIN " + query.format(user=user, session=session)))
        assert "Seq Scan" not in plan, (name, plan)
        assert (index := re.search(r"(?:using|Bitmap Index Scan on) (\w+)", plan)), (name, plan)
        found.append(f"{name} by {index.group(1)}")
    return "EXPLAIN: " + ", ".join(found)


def prepare(url: str, ours: Running) -> tuple[dict[str, list[tuple[str, str]]], list[str]]:
    """What is asked for of a database that it fills, and notes about it."""
    with psycopg.connect(url) as database:
        analysis = real_analysis(ours, database)
        database.commit()
        database.autocommit = True
        database.execute("ALTER SYSTEM SET max_wal_size = '16GB'")
        database.execute("SELECT pg_reload_conf()")
        database.autocommit = False
        begin = time.monotonic()
        first = fill(database, analysis)
        (size,) = database.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
        filled = f"{SESSIONS:,} sessions of {USERS:,} users, {len(json.dumps(analysis)):,} bytes of JSON a row, {size}, filled in {time.monotonic() - begin:.0f} s"
        return routes(database, first), [filled, indexes(database, first)]


def warm(ours: Running, twin: Running, asked: dict[str, list[tuple[str, str]]], folder: Path) -> None:
    compare(ours, twin, asked)
    for name, requests in asked.items():
        (folder / name).write_text("".join(f"{path} {bearer}\n" for path, bearer in requests))
        for server in (ours, twin):
            load(server, folder / name, 1)


def one_round(ours: Running, twin: Running, names: Iterable[str], folder: Path, samples: Samples) -> None:
    for name in names:
        for side, server in (("ours", ours), ("peer", twin)):
            result = load(server, folder / name, SECONDS)
            assert result["errors"] == 0, (name, side, result)
            samples.setdefault((name, side), []).append(result)


def write(samples: Samples, notes: list[str]) -> None:
    rows = []
    peer = {"peer_name": "FastAPI + SQLAlchemy (asyncpg) + orjson"}
    for name in ROUTES:
        mine, theirs = samples[name, "ours"], samples[name, "peer"]
        rows.append({"name": f"{name}, requests a second", "unit": "1/s", "ours": [r["requests"] / r["us"] * 1e6 for r in mine], "peer": [r["requests"] / r["us"] * 1e6 for r in theirs]} | peer)
        rows.append({"name": f"{name}, p99", "unit": "ms", "ours": [r["p99_us"] / 1000 for r in mine], "peer": [r["p99_us"] / 1000 for r in theirs]} | peer)
    rounds = len(samples[ROUTES[0], "ours"])
    how = f"{CONNECTIONS} connections, a pool of {POOL}, {rounds} rounds of {SECONDS} s a route; server on core 0, wrk on core 1, PostgreSQL on both"
    out = ROOT / "build" / "bench" / "api.raw.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"bench": "api", "rows": rows, "notes": [*notes, how]}, indent=1))


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="speechcoach-bench-api-"))
    postgresql = PostgresqlServer()
    running: list[Running] = []
    samples: Samples = {}
    try:
        url = postgresql.create_database("bench")
        running.append(start_ours(url, folder))
        asked, notes = prepare(url, running[0])
        running.append(start_twin(url))
        warm(*running, asked, folder)
        for _ in range(ROUNDS):
            one_round(*running, ROUTES, folder, samples)
    finally:
        for server in running:
            server.end()
        postgresql.close()
        shutil.rmtree(folder, ignore_errors=True)
    write(samples, notes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
