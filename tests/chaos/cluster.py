"""The program's servers, workers of each kind and beats with PostgreSQL, S3, Redis and fake language models of their own."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import redis

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "support"))
from with_postgresql import PostgresqlServer  # noqa: E402
from with_redis import RedisServer, free_port  # noqa: E402
from with_s3_server import S3Server  # noqa: E402

PROGRAM = Path(os.environ.get("SPEECHCOACH_BUILD", ROOT / "build" / "release")) / "speechcoach"
FAKE_MODEL = ROOT / "tests" / "fakes" / "llm_server.py"
MASTER_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="
TALK = "Bạn đọc khá đều và giữ hơi tốt, phát âm đạt {scores.pronunciation}/10. Từ “girl” bạn thử đọc chậm lại một chút nhé. Mình cùng đọc lại nào!"
APPENDFSYNC = "everysec"


class Process:
    """One of the program's, started again with the same arguments after it was killed."""

    def __init__(self, cluster: "Cluster", kind: str, number: int, *arguments: str):
        self.cluster = cluster
        self.kind = kind
        self.name = f"{kind}-{number}"
        self.arguments = arguments
        self.start()

    @property
    def log(self) -> Path:
        return self.cluster.folder / f"{self.name}.log"

    def start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen([PROGRAM, *self.arguments], env=self.cluster.environment(), stdout=subprocess.PIPE, stderr=log, text=True)
        if "is ready" not in self.process.stdout.readline():
            raise RuntimeError(f"{self.name} does not start: {self.log.read_text()[-2000:]}")

    def held(self) -> int:
        raise NotImplementedError

    def kill_while_it_holds_work(self) -> int:
        """Stopped first, so that it cannot end its work between the look and the blow: how much it held, 0 where it lives."""
        if self.held() == 0:
            return 0
        self.process.send_signal(signal.SIGSTOP)
        held = self.held()
        if held == 0:
            self.process.send_signal(signal.SIGCONT)
            return 0
        self.kill()
        return held

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class ApiServer(Process):
    def __init__(self, cluster: "Cluster", number: int):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.requests = 0  # under way, as its clients count them
        super().__init__(cluster, "server", number, "serve", "--port", str(port))

    def held(self) -> int:
        return self.requests


class TaskWorker(Process):
    """Holds messages of the broker."""

    def __init__(self, cluster: "Cluster", kind: str, number: int, *arguments: str):
        self.hostname = f"{kind}-{number}@chaos"
        self.redis = cluster.redis_client()
        super().__init__(cluster, kind, number, *arguments, "--hostname", self.hostname)

    def held(self) -> int:
        """By its present process; one that died is another by another id."""
        newest = [key for key in self.redis.zrange("speechcoach.workers", 0, -1) if key.decode().startswith(self.hostname)]
        return self.redis.scard(b"speechcoach.held." + newest[-1]) if newest else 0


class Worker(TaskWorker):
    def __init__(self, cluster: "Cluster", queue: str, number: int, concurrency: int):
        super().__init__(cluster, queue, number, "worker", "--queues", queue, "--concurrency", str(concurrency))


class Beat(TaskWorker):
    def __init__(self, cluster: "Cluster", number: int):
        super().__init__(cluster, "beat", number, "beat")


class FakeModel:
    """A provider on a socket of its own, that takes its time."""

    def __init__(self, kind: str):
        self.kind = kind
        settings = {"latency_s": 0.4, "gap_s": 0.05, "answer": {"say": TALK, "item": "Đọc chậm lại ở từ “girl”"}}
        self.process = subprocess.Popen([sys.executable, FAKE_MODEL, kind, json.dumps(settings)], stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().strip()}/v1"

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Cluster:
    def __init__(self, folder: Path, servers: int, workers: dict[str, tuple[int, int]], beats: int):
        """`workers`: how many of each kind, and the jobs at once of each."""
        self.folder = folder
        self.postgresql = PostgresqlServer()
        self.s3 = S3Server()
        self.redis = RedisServer(appendfsync=APPENDFSYNC)
        self.models = [FakeModel(kind) for kind in ("openai", "gemini")]
        self.settings = {
            "data_dir": str(folder / "data"),
            "database__url": self.postgresql.create_database("chaos"),
            "audio__url": self.s3.url,
            "broker__url": self.redis.url,
            "auth__jwt_secret": "the same for all servers of this test",
            "llm__master_key": MASTER_KEY,
            "llm__cache_entries": "0",  # each session asks
            "limits__sessions_per_hour": "100000",
            "limits__requests_per_minute": "100000",
            "pipeline__max_queued": "100000",
            "pipeline__max_attempts": "20",  # kills are what is looked for here, not what gives up after them
            "beat__cleanup": "every 2s",
            "beat__alerts": "every 1s",
        }
        self.servers = [ApiServer(self, 0)]
        self._use_models()
        self.servers += [ApiServer(self, number) for number in range(1, servers)]
        self.workers = [Worker(self, kind, number, jobs) for kind, (count, jobs) in workers.items() for number in range(count)]
        self.beats = [Beat(self, number) for number in range(beats)]

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_) -> None:
        for process in self.processes():
            process.kill()
        for model in self.models:
            model.end()
        for server in (self.redis, self.s3, self.postgresql):
            server.close()

    def processes(self) -> list[Process]:
        return [*self.servers, *self.workers, *self.beats]

    def environment(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("SPEECHCOACH_")}
        return clean | S3Server.KEYS | {f"SPEECHCOACH_{key.upper()}": value for key, value in self.settings.items()}

    def _use_models(self) -> None:
        with psycopg.connect(self.settings["database__url"]) as database:
            for model in self.models:
                database.execute("UPDATE llm_providers SET base_url = %s, requests_per_minute = 0 WHERE provider_name = %s", [model.url, model.kind])
        for model in self.models:
            adding = [PROGRAM, "keys", "add", "--provider", model.kind, "--name", "chaos"]
            subprocess.run(adding, env=self.environment(), input=f"sk-for-the-tests-{model.kind}", text=True, check=True, stdout=subprocess.DEVNULL)

    def redis_client(self) -> redis.Redis:
        return redis.Redis.from_url(self.redis.url)

    def restart_redis(self, gently: bool) -> None:
        if gently:
            self.redis.stop()
        else:
            self.redis.kill()
        self.redis.start()

    def kept_recordings(self) -> set[str]:
        return {name.removeprefix("audio/") for name in self.s3.objects()}

    def known_recordings(self, ids: list[str] | None = None) -> set[str]:
        """Of all sessions, or of those alone."""
        query = "SELECT audio_url FROM speech_practice_sessions WHERE audio_url IS NOT NULL" + (" AND id = ANY(%s)" if ids is not None else "")
        with psycopg.connect(self.settings["database__url"]) as database:
            return {key for (key,) in database.execute(query, [ids] if ids is not None else None)}
