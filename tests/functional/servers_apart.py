"""Two servers and a worker that share Redis, a database and a bucket, and no disk."""

import threading
from pathlib import Path

import redis
from conftest import Server
from processes import Process

SPOOL = "speechcoach.spool.*"
MOST_BYTES_A_STREAM = 320_000


class ServersApart:
    """Not started: the first may be killed and started again."""

    def __init__(self, folder: Path, broker_url: str):
        self.redis = redis.Redis.from_url(broker_url)
        shared = {"broker__url": broker_url, "auth__jwt_secret": "a-secret-of-the-test-0123456789-abcdef", "limits__sessions_per_hour": "1000"}
        self.first, self.second = self._server(folder / "first", shared), self._server(folder / "second", shared)
        self.second.settings["database__url"] = self.first.settings.setdefault("database__url", f"sqlite:{folder}/shared.db")
        self.worker: Process | None = None

    @staticmethod
    def _server(folder: Path, shared: dict[str, str]) -> Server:
        folder.mkdir()
        return Server(folder, **shared)

    def start(self) -> None:
        self.first.start()
        self.second.start()

    def start_worker(self) -> None:
        self.worker = Process(self.second.folder, self.second.settings, "worker", "--concurrency", "1")

    def end(self) -> None:
        if self.worker:
            self.worker.end()
        self.first.end()
        self.second.end()

    def spool_keys(self) -> list[bytes]:
        return self.redis.keys(SPOOL)

    def spooled_bytes(self) -> int:
        """What Redis holds of all recordings under way, without its own overhead."""
        return int(self.redis.get("speechcoach.spool.bytes") or 0)


class MemoryWatch:
    """The most that Redis took for one key of the spool while the block ran."""

    def __init__(self, servers: ServersApart):
        self.servers = servers
        self.most_bytes = 0
        self.failure: Exception | None = None
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "MemoryWatch":
        self.thread.start()
        return self

    def __exit__(self, *outcome) -> None:
        self.is_over.set()
        self.thread.join()
        if self.failure:
            raise self.failure

    def _watch(self) -> None:
        try:
            while not self.is_over.wait(0.01):
                for key in self.servers.spool_keys():
                    self.most_bytes = max(self.most_bytes, self.servers.redis.memory_usage(key, samples=0) or 0)
        except redis.RedisError as failure:
            self.failure = failure
