"""The distributed set-up on this machine: servers, workers and a beat over PostgreSQL, Redis and an S3 server, with fake language models."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
from providers import Provider, add_keys

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "support"))
from with_postgresql import PostgresqlServer  # noqa: E402
from with_redis import RedisServer, free_port  # noqa: E402
from with_s3_server import S3Server  # noqa: E402

PROGRAM = Path(os.environ.get("SPEECHCOACH_BUILD", ROOT / "build" / "release")) / "speechcoach"
MASTER_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="
METRICS_TOKEN = "token of the load run"
KEYS = 3
KEY_LIMIT, WINDOW_S = 10, 30.0  # calls a key: all three together have a little more than the load asks, so that they take turns and rest
DOWN_EVERY, DOWN_FOR = 200, 30  # calls: long enough that the circuit opens
FAULT_RATE = 0.02


def resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Process:
    def __init__(self, name: str, folder: Path, environment: dict[str, str], *arguments: str):
        self.name = name
        self.log = folder / f"{name}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen([PROGRAM, *arguments], env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        if "is ready" not in self.process.stdout.readline():
            raise RuntimeError(f"{name} does not start: {self.log.read_text()[-2000:]}")

    def sample(self) -> dict:
        pid = self.process.pid
        return {
            "rss_mib": round(resident_mib(pid), 1),
            "descriptors": len(os.listdir(f"/proc/{pid}/fd")),
            "threads": len(os.listdir(f"/proc/{pid}/task")),
            "cpu_s": cpu_s(pid),
        }

    def is_running(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> int:
        self.process.terminate()
        try:
            return self.process.wait(90)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


class Setup:
    """The first provider asked limits its keys, errs now and then and is down for a while now and then; the second is always well."""

    def __init__(self, folder: Path, servers: int, workers: int):
        self.postgresql, self.redis, self.s3 = PostgresqlServer(), RedisServer(), S3Server()
        self.providers = [
            Provider("openai", key_limit=KEY_LIMIT, window_s=WINDOW_S, down_every=DOWN_EVERY, down_for=DOWN_FOR, fault_rate=FAULT_RATE, faults=["500", "cut mid-stream"]),
            Provider("gemini"),
        ]
        settings = {
            "data_dir": str(folder / "data"),
            "database__url": self.postgresql.create_database("load"),
            "audio__url": self.s3.url,
            "broker__url": self.redis.url,
            "auth__jwt_secret": "the same for all servers of this run",
            "llm__master_key": MASTER_KEY,
            "llm__cache_entries": "0",  # every learner reads the same few sentences here
            "metrics__token": METRICS_TOKEN,
            "limits__sessions_per_hour": "100000",
            "limits__requests_per_minute": "1000000",
            "pipeline__max_queued": "10000",
            "beat__provider_checks": "off",
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SPEECHCOACH_")}
        self.environment = kept | S3Server.KEYS | {f"SPEECHCOACH_{key.upper()}": value for key, value in settings.items()}
        self.database_url = settings["database__url"]
        subprocess.run([PROGRAM, "migrate", "up"], env=self.environment, check=True, stdout=subprocess.DEVNULL)
        for provider in self.providers:
            self.sql("UPDATE llm_providers SET base_url = %s, requests_per_minute = 0 WHERE provider_name = %s", provider.url, provider.kind)
            add_keys(PROGRAM, self.environment, provider.kind, KEYS)
        ports = [free_port() for _ in range(servers)]
        self.urls = [f"http://127.0.0.1:{port}" for port in ports]
        self.processes = [Process(f"server-{n}", folder, self.environment, "serve", "--port", str(port)) for n, port in enumerate(ports)]
        self.processes += [
            Process(f"worker-{n}", folder, self.environment, "worker", "--concurrency", "1", "--hostname", f"worker-{n}@load") for n in range(workers)
        ]
        self.processes.append(Process("beat", folder, self.environment, "beat", "--hostname", "beat@load"))

    def sql(self, statement: str, *parameters) -> list[tuple]:
        with psycopg.connect(self.database_url) as database:
            cursor = database.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def llm_calls(self) -> dict:
        by_key = self.sql(
            "SELECT p.provider_name, k.key_name, count(*), count(*) FILTER (WHERE u.success) FROM llm_usage_logs u JOIN llm_providers p ON p.id = u.provider_id"
            " JOIN llm_api_keys k ON k.id = u.api_key_id GROUP BY 1, 2 ORDER BY 1, 2"
        )
        faults = self.sql("SELECT split_part(error_message, ':', 1), count(*) FROM llm_usage_logs WHERE NOT success GROUP BY 1 ORDER BY 1")
        opened = sum(process.log.read_text().count("llm provider left alone") for process in self.processes)
        return {
            "by key": [{"provider": p, "key": k, "calls": calls, "good": good} for p, k, calls, good in by_key],
            "faults": dict(faults),
            "circuits opened": opened,
        }

    def stop(self) -> dict[str, int]:
        """Exit codes; all that was started is gone afterwards."""
        codes = {process.name: process.stop() for process in reversed(self.processes)}
        for running in (*self.providers, self.redis, self.s3, self.postgresql):
            running.close()
        return codes
