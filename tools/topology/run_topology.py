#!/usr/bin/env python3
"""Starts the services of deploy/compose/compose.yaml as processes of this machine, from the same files: commands, numbers of replicas and
settings are compose's and those of deploy/env; only addresses differ. Then a learner's recording goes through them, and each process' memory
is held against its limit.

    run_topology.py            # runs until Ctrl+C
    run_topology.py --check    # ends after the checks: 0 where all hold

Grafana is no Debian package and is left out.
"""

import argparse
import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
sys.path.append(str(ROOT / "tests" / "support"))
from with_postgresql import PostgresqlServer  # noqa: E402
from with_redis import RedisServer, free_port  # noqa: E402
from with_s3_server import S3Server  # noqa: E402

PROGRAM = Path(os.environ.get("SPEECHCOACH_BUILD", ROOT / "build" / "release")) / "speechcoach"
OURS = ("server", "worker-stt", "worker-prosody", "worker-llm", "worker-analytics", "beat")
QUEUES = [service.removeprefix("worker-") for service in OURS if service.startswith("worker-")]
LEFT_OUT = {"grafana", "bucket"}
SENTENCE = "The girl was four at the time."
PATIENCE_S = 90


def read_env(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))


def filled_in(example: str) -> dict[str, str]:
    """deploy/env/secrets.env.example with a value wherever it wants one."""
    return {name: value or secrets.token_hex(32) for name, value in read_env(example).items()}


def limit_mb(service: dict) -> int:
    size = service["deploy"]["resources"]["limits"]["memory"]
    return int(size[:-1]) * {"M": 1, "G": 1024}[size[-1]]


def resident_mb(pid: int) -> int:
    """Of the process and those that it started."""
    try:
        own = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0  # it has ended meanwhile
    return (int(own[1]) // 1024 if own else 0) + sum(resident_mb(int(child)) for child in children)


@dataclass
class Running:
    service: str
    process: subprocess.Popen
    log: Path
    address: str = ""  # known once it listens


class Topology:
    def __init__(self, folder: Path):
        self.folder = folder
        self.services = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())["services"]
        self.running: list[Running] = []
        self.postgres = PostgresqlServer()
        self.redis = RedisServer()
        self.s3 = S3Server()
        settings = read_env((DEPLOY / "env" / "common.env").read_text()) | filled_in((DEPLOY / "env" / "secrets.env.example").read_text())
        settings |= S3Server.KEYS | {
            "SPEECHCOACH_DATABASE__URL": self.postgres.create_database("speechcoach"),
            "SPEECHCOACH_BROKER__URL": self.redis.url,
            "SPEECHCOACH_AUDIO__URL": self.s3.url,
            # 32 bytes in URL-safe base64, which random hexadecimal digits are not.
            "SPEECHCOACH_LLM__MASTER_KEY": subprocess.run(
                "openssl rand -base64 32 | tr '+/' '-_'", shell=True, capture_output=True, text=True, check=True
            ).stdout.strip(),
        }  # fmt: skip
        self.settings = settings

    def start(self, service: str, command: list, environment: dict[str, str]) -> Running:
        log = self.folder / f"{service}-{len(self.running)}.log"
        with log.open("w") as stream:
            process = subprocess.Popen([str(part) for part in command], env=environment, stdout=stream, stderr=stream, cwd=self.folder)
        self.running.append(Running(service, process, log))
        return self.running[-1]

    def start_on_a_free_port(self, service: str, command, environment: dict[str, str]) -> None:
        """For programs that cannot say which port they got: `command` takes one. Somebody else may be faster to take it; then on another."""
        deadline = time.monotonic() + PATIENCE_S
        port = free_port()
        one = self.start(service, command(port), environment)
        while time.monotonic() < deadline:
            if one.process.poll() is not None and "address already in use" in one.log.read_text().lower():
                self.running.remove(one)
                port = free_port()
                one = self.start(service, command(port), environment)
            if one.process.poll() is not None:
                break
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                one.address = f"http://127.0.0.1:{port}"
            if one.address and one.process.poll() is None:
                return
            time.sleep(0.1)
        raise RuntimeError(f"{service} does not start: {one.log.read_text()[-2000:]}")

    def start_ours(self, service: str) -> None:
        of = self.services[service]
        for number in range(of["deploy"].get("replicas", 1)):
            clean = {name: value for name, value in os.environ.items() if not name.startswith("SPEECHCOACH_")}
            environment = clean | self.settings | of.get("environment", {})
            environment["SPEECHCOACH_DATA_DIR"] = str(self.folder / f"{service}-{number}")
            command = [PROGRAM, *of["command"]]
            if service == "server":
                environment |= {"SPEECHCOACH_SERVER__HOST": "127.0.0.1", "SPEECHCOACH_SERVER__PORT": "0"}
            else:
                environment["SPEECHCOACH_METRICS__WORKER_LISTEN"] = "127.0.0.1:0"
                command += ["--hostname", f"{service}-{number}@topology"]
            self.start(service, command, environment)

    def learn_addresses(self) -> None:
        """Of the product's processes: each took a free port and says which."""
        deadline = time.monotonic() + PATIENCE_S
        for one in self.running:
            while not (said := re.search(r'is ready: open http://localhost:(\d+)|metrics served.*?"port": ?"?(\d+)', one.log.read_text())):
                if one.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{one.service} does not start: {one.log.read_text()[-2000:]}")
                time.sleep(0.05)
            one.address = f"http://127.0.0.1:{said[1] or said[2]}"

    def start_prometheus(self) -> None:
        """Compose's configuration, with the addresses of these processes in place of names in its network."""
        configuration = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
        token = self.folder / "metrics-token"
        token.write_text(self.settings["SPEECHCOACH_METRICS__TOKEN"])
        for job in configuration["scrape_configs"]:
            [wanted] = job.pop("dns_sd_configs")
            targets = [one.address.removeprefix("http://") for one in self.running if one.service in wanted["names"]]
            job |= {"static_configs": [{"targets": targets}], "authorization": {"credentials_file": str(token)}}
        configuration["global"]["scrape_interval"] = "1s"
        configuration["rule_files"] = [str(DEPLOY / "prometheus" / name) for name in configuration["rule_files"]]
        file = self.folder / "prometheus.yml"
        file.write_text(yaml.safe_dump(configuration))
        command = ["prometheus", f"--config.file={file}", f"--storage.tsdb.path={self.folder}/tsdb"]
        self.start_on_a_free_port("prometheus", lambda port: [*command, f"--web.listen-address=127.0.0.1:{port}"], dict(os.environ))

    def start_flower(self) -> None:
        command = [sys.executable, "-m", "celery", f"--broker={self.redis.url}", "flower", "--address=127.0.0.1"]
        self.start_on_a_free_port("flower", lambda port: [*command, f"--port={port}"], dict(os.environ) | {"FLOWER_UNAUTHENTICATED_API": "true"})

    def start_all(self) -> None:
        for service in OURS:
            self.start_ours(service)
        self.learn_addresses()
        self.start_prometheus()
        self.start_flower()

    def of(self, service: str) -> list[Running]:
        return [one for one in self.running if one.service == service]

    def stop(self) -> list[str]:
        """Asks all to end, newest first; those that did not end well."""
        faults = []
        for one in reversed(self.running):
            one.process.send_signal(signal.SIGTERM)
        for one in reversed(self.running):
            try:
                code = one.process.wait(timeout=PATIENCE_S)
            except subprocess.TimeoutExpired:
                one.process.kill()
                code = one.process.wait()
            if one.service in OURS and code != 0:
                faults.append(f"{one.service} ended with {code}")
        for server in (self.s3, self.redis, self.postgres):
            server.close()
        return faults


class Checks:
    """What must hold of a topology; says each as it is found."""

    def __init__(self, topology: Topology):
        self.topology = topology
        self.faults: list[str] = []

    def say(self, what: str, holds: bool) -> None:
        print(f"{'ok     ' if holds else 'FAILED '} {what}", flush=True)
        if not holds:
            self.faults.append(what)

    def eventually(self, what: str, condition) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                if condition():
                    return self.say(what, True)
            except (httpx.HTTPError, ValueError, TypeError, LookupError):
                pass  # not there yet, or not yet with an answer
            time.sleep(0.1)
        return self.say(what, False)

    def run(self) -> None:
        topology = self.topology
        for one in topology.running:
            if one.service in OURS:
                self.eventually(f"{one.service} {one.address} is ready", lambda one=one: httpx.get(f"{one.address}/readyz").status_code == 200)
        self.eventually("one beat leads", lambda: sum(self.metric(beat, "speechcoach_beat_leader") for beat in topology.of("beat")) == 1)
        self.a_learner_is_answered()
        prometheus = topology.of("prometheus")[0].address
        wanted = sum(len(topology.of(service)) for service in OURS)
        self.eventually(f"Prometheus reads all {wanted} processes", lambda: self.up(prometheus) == wanted)
        flower = topology.of("flower")[0].address
        seen = sum(len(topology.of(service)) for service in OURS if service != "server")
        self.eventually(f"Flower sees all {seen} workers and beats", lambda: len(httpx.get(f"{flower}/api/workers", params={"refresh": 1}).json()) == seen)
        for queue in QUEUES:
            self.eventually(f"Prometheus knows the length of the queue {queue}", lambda queue=queue: self.length(prometheus, queue) == 0)
        for one in topology.running:
            if one.service in OURS:
                taken, limit = resident_mb(one.process.pid), limit_mb(topology.services[one.service])
                self.say(f"{one.service} takes {taken} MiB of its {limit}", taken <= limit)

    @staticmethod
    def length(prometheus: str, queue: str) -> float:
        """As the autoscaler asks for it."""
        query = f'max by (queue) (speechcoach_queue_tasks_waiting{{queue="{queue}"}})'
        answer = httpx.get(f"{prometheus}/api/v1/query", params={"query": query}).json()
        return float(answer["data"]["result"][0]["value"][1])

    def metric(self, one: Running, name: str) -> float:
        token = self.topology.settings["SPEECHCOACH_METRICS__TOKEN"]
        text = httpx.get(f"{one.address}/metrics", headers={"Authorization": f"Bearer {token}"}).text
        return float(re.search(rf"^{name} (\S+)", text, re.MULTILINE)[1])

    @staticmethod
    def up(prometheus: str) -> int:
        answer = httpx.get(f"{prometheus}/api/v1/query", params={"query": "sum(up)"}).json()
        return int(float(answer["data"]["result"][0]["value"][1]))

    def a_learner_is_answered(self) -> None:
        api = f"{self.topology.of('server')[0].address}/api/v1"
        sessions = f"{api}/speech-practice/sessions"
        learner = {}  # what of it is done already: a guest, a recording, its end

        def answered() -> bool:
            if "headers" not in learner:
                guest = httpx.post(f"{api}/auth/guest", json={}, timeout=PATIENCE_S).json()
                learner["headers"] = {"Authorization": f"Bearer {guest['token']}"}
            headers = learner["headers"]
            if "id" not in learner:
                sent = httpx.post(
                    sessions, params={"wait": 0}, headers=headers, timeout=PATIENCE_S, data={"mode": "sentence_practice", "reference_text": SENTENCE},
                    files={"audio": ("good.wav", (ROOT / "tests/data/good.wav").read_bytes())},
                )  # fmt: skip
                learner["id"] = sent.json()["id"]
            learner["end"] = httpx.get(f"{sessions}/{learner['id']}", headers=headers, timeout=PATIENCE_S).json()
            return learner["end"]["status"] in ("completed", "degraded", "failed")

        self.eventually("a learner's recording comes to an end", answered)
        end = learner.get("end") or {}
        score = (end.get("scores") or {}).get("overall")
        self.say(f"a recording goes through server, Redis, worker, S3 and PostgreSQL: {end.get('status')}, overall {score}", end.get("status") == "completed")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="end after the checks")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="speechcoach-topology-"))
    topology = Topology(folder)
    checks = Checks(topology)
    try:
        topology.start_all()
        checks.run()
        if not arguments.check:
            print(f"The page is at {topology.of('server')[0].address}. Ctrl+C stops everything.", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        if arguments.check:
            checks.say("the checks were broken off", False)
    except RuntimeError as fault:
        checks.say(str(fault), False)
    finally:
        for fault in topology.stop():
            checks.say(fault, False)
    left_out = ", ".join(sorted(LEFT_OUT & topology.services.keys()))
    print(f"Of compose's services these are not among them: {left_out}." if not checks.faults else f"Logs are in {folder}.", flush=True)
    if not checks.faults:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if checks.faults else 0


if __name__ == "__main__":
    sys.exit(main())
