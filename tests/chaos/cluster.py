"""The program's servers and workers with PostgreSQL, S3 and Redis servers of their own."""

import os
import re
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


class Process:
    """One of the program's, started again with the same arguments after it was killed."""

    def __init__(self, cluster: "Cluster", name: str, *arguments: str):
        self.cluster = cluster
        self.name = name
        self.arguments = arguments
        self.start()

    def start(self) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SPEECHCOACH_")} | S3Server.KEYS
        environment |= {f"SPEECHCOACH_{key.upper()}": value for key, value in self.cluster.settings.items()}
        with (self.cluster.folder / f"{self.name}.log").open("a") as log:
            self.process = subprocess.Popen([PROGRAM, *self.arguments], env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        if "is ready" not in self.process.stdout.readline():
            raise RuntimeError(f"{self.name} does not start: {(self.cluster.folder / f'{self.name}.log').read_text()[-2000:]}")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class ApiServer(Process):
    def __init__(self, cluster: "Cluster", number: int):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        super().__init__(cluster, f"server-{number}", "serve", "--port", str(port))


class Worker(Process):
    def __init__(self, cluster: "Cluster", number: int):
        super().__init__(cluster, f"worker-{number}@chaos", "worker", "--concurrency", "1", "--hostname", f"worker-{number}@chaos")

    def held(self) -> int:
        """How many messages its present process holds; one that died is another by another id."""
        client = self.cluster.redis_client()
        newest = [key for key in client.zrange("speechcoach.workers", 0, -1) if key.decode().startswith(self.name)]
        return sum(client.scard(b"speechcoach.held." + key) for key in newest[-1:])


class Beat(Process):
    def __init__(self, cluster: "Cluster", number: int):
        super().__init__(cluster, f"beat-{number}", "beat", "--hostname", f"beat-{number}@chaos")

    def runs(self) -> list[tuple[str, str]]:
        """(job, for which time) of all that it and those before it under its name have done."""
        return re.findall(r"job done job=(\w+) due=(\S+)", (self.cluster.folder / f"{self.name}.log").read_text())


class Cluster:
    def __init__(self, folder: Path, servers: int, workers: int, beats: int = 0):
        self.folder = folder
        self.postgresql = PostgresqlServer()
        self.s3 = S3Server()
        self.redis = RedisServer(appendfsync="everysec")
        self.settings = {
            "data_dir": str(folder / "data"),
            "database__url": self.postgresql.create_database("chaos"),
            "audio__url": self.s3.url,
            "broker__url": self.redis.url,
            "auth__jwt_secret": "the same for all servers of this test",
            "limits__sessions_per_hour": "100000",
            "pipeline__max_queued": "100000",
            "pipeline__max_attempts": "10",  # kills are what is looked for here, not what gives up after them
            "beat__cleanup": "every 2s",
            "beat__alerts": "every 1s",
        }
        self.servers = [ApiServer(self, number) for number in range(servers)]
        self.workers = [Worker(self, number) for number in range(workers)]
        self.beats = [Beat(self, number) for number in range(beats)]

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_) -> None:
        for process in [*self.servers, *self.workers, *self.beats]:
            process.kill()
        for server in (self.redis, self.s3, self.postgresql):
            server.close()

    def redis_client(self) -> redis.Redis:
        return redis.Redis.from_url(self.redis.url)

    def restart_redis(self, gently: bool) -> None:
        if gently:
            self.redis.stop()
        else:
            self.redis.kill()
        self.redis.start()

    def busy_worker(self) -> Worker | None:
        return next((worker for worker in self.workers if worker.held() > 0), None)

    def kept_recordings(self) -> set[str]:
        return {name.removeprefix("audio/") for name in self.s3.objects()}

    def known_recordings(self) -> set[str]:
        with psycopg.connect(self.settings["database__url"]) as database:
            return {key for (key,) in database.execute("SELECT audio_url FROM speech_practice_sessions WHERE audio_url IS NOT NULL")}
