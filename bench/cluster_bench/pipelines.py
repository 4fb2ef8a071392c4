"""The product's cluster and its peer, each with so many worker processes on a core of its own."""

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import httpx
import psycopg
import redis
from celery import Celery, chord
from recordings import Recording
from with_postgresql import PostgresqlServer
from with_redis import RedisServer, free_port

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build" / "release" / "speechcoach"
SESSIONS = "/api/v1/speech-practice/sessions"
PATIENCE_S = 300
COSTS = {
    "Redis commands": "", "Redis' thread": "ms", "Redis memory for a day": "kB", "database transactions": "", "database CPU": "ms", "database log": "kB",
    "server CPU": "ms",
}  # fmt: skip


def tree_cpu_s(pid: int) -> float:
    """Of the process and those that it started, the ended ones too."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    own = sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")
    return own + sum(tree_cpu_s(int(child)) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


class Pipeline:
    """Workers that wait until all of a round is sent, then start on it together."""

    def __init__(self, database_url: str):
        self.database = psycopg.connect(database_url, autocommit=True)
        self.workers: list[subprocess.Popen] = []
        self.others: list[subprocess.Popen] = []

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        for process in self.workers + self.others:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.database.close()

    def start(self, command: list, environment: dict[str, str], folder: Path, core: int | None = None) -> subprocess.Popen:
        pinned = command if core is None else ["taskset", "-c", str(core), *command]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SPEECHCOACH_")}  # this benchmark's own are no settings
        with (folder / "log").open("a") as log:
            return subprocess.Popen(pinned, env=clean | environment, stdout=log, stderr=log, cwd=Path(__file__).parents[1] / "peers", start_new_session=True)

    def send(self, recording: Recording) -> None:
        raise NotImplementedError

    def completed(self) -> int:
        raise NotImplementedError

    def sessions_a_second(self, sample: list[Recording]) -> float:
        self._run(sample[: 2 * len(self.workers)])  # what is loaded at first use
        return len(sample) / self._run(sample)

    def _run(self, sample: list[Recording]) -> float:
        wanted = self.completed() + len(sample)
        self._signal(signal.SIGSTOP)
        for recording in sample:
            self.send(recording)
        began = time.monotonic()
        self._signal(signal.SIGCONT)
        while self.completed() < wanted:
            if time.monotonic() - began > PATIENCE_S:
                raise TimeoutError(f"{self.completed()} of {wanted} sessions")
            time.sleep(0.02)
        return time.monotonic() - began

    def _signal(self, number: int) -> None:
        for worker in self.workers:
            os.killpg(worker.pid, number)


class Ours(Pipeline):
    def __init__(self, folder: Path, server: RedisServer, postgresql: PostgresqlServer, processes: int, judges_sounds: bool):
        url = postgresql.create_database(f"ours{uuid.uuid4().hex[:8]}")
        super().__init__(url)
        self.postgresql_pid = postgresql.pid
        self.redis = redis.Redis.from_url(server.url)
        self.looks = 0
        settings = {
            "data_dir": folder, "database__url": url, "broker__url": server.url, "auth__jwt_secret": "the same for all of this benchmark", "stt__threads": 1,
            "pipeline__workers": 1, "pipeline__max_queued": 10_000, "limits__sessions_per_hour": 100_000, "limits__requests_per_minute": 100_000,
        }  # fmt: skip
        environment = {f"SPEECHCOACH_{name.upper()}": str(value) for name, value in settings.items()}
        port = free_port()
        self.others.append(self.start([PROGRAM, "serve", "--port", str(port)], environment, folder))
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)
        self.http.headers["Authorization"] = f"Bearer {self._guest()}"
        flags = [] if judges_sounds else ["--without-pronunciation"]
        for core in range(processes):
            command = [PROGRAM, "worker", "--hostname", f"bench-{core}@bench", *flags]
            self.workers.append(self.start(command, environment, folder, core))

    def _guest(self) -> str:
        deadline = time.monotonic() + 60
        while True:
            try:
                return self.http.post("/api/v1/auth/guest", json={}).json()["token"]
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def send(self, recording: Recording) -> None:
        form = {"mode": "sentence_practice", "reference_text": recording.text}
        answer = self.http.post(SESSIONS, params={"wait": 0}, data=form, files={"audio": ("a.wav", recording.path.read_bytes())})
        answer.raise_for_status()

    def completed(self) -> int:
        self.looks += 1
        return self.database.execute("SELECT count(*) FROM speech_practice_sessions WHERE completed_at IS NOT NULL").fetchone()[0]

    def costs(self, sample: list[Recording]) -> dict[str, tuple[float, str]]:
        """What a session costs those that all workers share, with its sending and all that is done beside it; with the unit."""
        before, looks = self._counts(), self.looks
        self._run(sample)
        time.sleep(2)  # PostgreSQL tells its counts late
        after = self._counts()
        after["database transactions"] -= self.looks - looks
        return {what: ((after[what] - before[what]) / len(sample), unit) for what, unit in COSTS.items()}

    def _counts(self) -> dict[str, float]:
        transactions, log_bytes = self.database.execute(
            "SELECT xact_commit, pg_current_wal_lsn() - '0/0'::pg_lsn FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
        cpu, memory = self.redis.info("cpu"), self.redis.info("memory")
        return {
            "Redis commands": self.redis.info("stats")["total_commands_processed"],
            # One thread does all commands.
            "Redis' thread": 1000 * (cpu["used_cpu_user_main_thread"] + cpu["used_cpu_sys_main_thread"]),
            "Redis memory for a day": memory["used_memory_dataset"] / 1000,
            "database transactions": transactions,
            "database CPU": 1000 * tree_cpu_s(self.postgresql_pid),
            "database log": float(log_bytes) / 1000,
            "server CPU": 1000 * tree_cpu_s(self.others[0].pid),
        }


class Peer(Pipeline):
    def __init__(self, folder: Path, server: RedisServer, postgresql: PostgresqlServer, processes: int, model: Path):
        url = postgresql.create_database(f"peer{uuid.uuid4().hex[:8]}")
        super().__init__(url)
        self.database.execute("CREATE TABLE peer_sessions (id TEXT PRIMARY KEY, analysis JSONB)")
        self.app = Celery("bench", broker=server.url, backend=server.url)
        environment = {"PEER_BROKER": server.url, "PEER_DATABASE": url, "PEER_MODEL": str(model), "PEER_THREADS": "1", "OMP_NUM_THREADS": "1"}
        for core in range(processes):
            command = [sys.executable, "-m", "celery", "-A", "celery_pipeline", "worker", "--pool", "prefork", "--concurrency", "1", "--loglevel", "warning",
                       "--hostname", f"peer-{core}@bench"]  # fmt: skip
            self.workers.append(self.start(command, environment, folder, core))

    def send(self, recording: Recording) -> None:
        path = str(recording.path)
        stages = [self.app.signature("peer.transcribe", args=[path]), self.app.signature("peer.prosody", args=[path])]
        chord(stages, self.app.signature("peer.advise", args=[uuid.uuid4().hex, recording.text])).apply_async()

    def completed(self) -> int:
        return self.database.execute("SELECT count(*) FROM peer_sessions").fetchone()[0]
