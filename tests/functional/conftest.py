"""The shipped program, driven from outside with its own configuration."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from pathlib import Path

import httpx
import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SPEECHCOACH_BUILD", ROOT / "build" / "release"))
PROGRAM = BUILD / "speechcoach"
DATA = ROOT / "tests" / "data"
sys.path.append(str(ROOT / "tests" / "support"))
from with_postgresql import PostgresqlServer  # noqa: E402
from with_s3_server import S3Server  # noqa: E402

SESSIONS = "/api/v1/speech-practice/sessions"
REFERENCE = "The girl was four at the time."


def clean_environment(**settings: str) -> dict[str, str]:
    """This process's environment without a person's own settings, plus those of the test."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SPEECHCOACH_")}
    return kept | {f"SPEECHCOACH_{key.upper()}": value for key, value in settings.items()}


def run(*arguments: str, timeout: float = 120, stdin: str | None = None, **settings: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [PROGRAM, *arguments], env=clean_environment(**settings), input=stdin, capture_output=True, text=True, timeout=timeout, check=False
    )


def pytest_addoption(parser):
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="what the servers under test keep their data in")
    parser.addoption("--audio", choices=["files", "s3"], default="files", help="where they keep recordings")


postgresql: PostgresqlServer | None = None
s3: S3Server | None = None


def pytest_configure(config):
    global postgresql, s3
    if config.getoption("--database") == "postgresql":
        postgresql = PostgresqlServer()
    if config.getoption("--audio") == "s3":
        s3 = S3Server()
        os.environ.update(S3Server.KEYS)


def pytest_unconfigure():
    for running in (postgresql, s3):
        if running:
            running.close()


class Server:
    """One data folder; started, killed and started again as a test likes."""

    def __init__(self, folder: Path, **settings: str):
        self.folder = folder
        # Fakes count what they are asked: nobody asks them but the test.
        own = {"data_dir": str(folder / "data"), "server__port": "0", "limits__requests_per_minute": "1000000", "beat__provider_checks": "off"}
        self.settings = own | settings
        if postgresql:
            self.settings["database__url"] = postgresql.create_database(f"test_{uuid.uuid4().hex}")
        if s3:
            self.settings["audio__url"] = s3.url
        self.process: subprocess.Popen | None = None
        self.url = ""
        self.log_path = folder / "server.log"

    def start(self, *flags: str, **settings: str) -> "Server":
        with self.log_path.open("a") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", *flags],
                env=clean_environment(**(self.settings | settings)),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        line = self.process.stdout.readline()
        assert "speechcoach is ready" in line, f"{line!r}\n{self.log_path.read_text()[-3000:]}"
        self.url = line.split("open ")[1].split(" ")[0]
        return self

    def sql(self, statement: str) -> list[tuple]:
        """Runs one past the program; the rows, if it has any."""
        if postgresql:
            with psycopg.connect(self.settings["database__url"]) as database:
                cursor = database.execute(statement)
                return cursor.fetchall() if cursor.description else []
        with sqlite3.connect(self.folder / "data" / "speechcoach.db") as database:
            return database.execute(statement).fetchall()

    @contextlib.contextmanager
    def broken_audio_store(self, user_id: int):
        """That user's recordings cannot be kept meanwhile."""
        if s3:
            s3.stop()
            yield
            s3.start()
            return
        # A file where the learner's folder should be: what a full or broken disk looks like to the store.
        in_the_way = self.folder / "data" / "audio" / str(user_id)
        in_the_way.write_bytes(b"")
        yield
        in_the_way.unlink()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, grace_s: float = 30) -> int:
        """Asks it to stop, as a service manager does, and answers its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=grace_s)

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.kill()

    def guest(self) -> "Learner":
        answer = httpx.post(f"{self.url}/api/v1/auth/guest", json={})
        assert answer.status_code == 201, answer.text
        return Learner(self, answer.json()["token"])

    def somebody(self, role: str, name: str = "Cô Hoa") -> "Learner":
        email = f"{uuid.uuid4().hex}@example.org"
        added = run("user", "add", email, "--role", role, "--name", name, stdin="a good password\n", **self.settings)
        assert added.returncode == 0, added.stderr
        return Learner(self, run("user", "token", email, **self.settings).stdout.strip())


class Learner:
    """A signed-in user at the REST API."""

    def __init__(self, server: Server, token: str):
        self.server = server
        self.token = token

    @property
    def http(self) -> httpx.Client:
        return httpx.Client(base_url=self.server.url, headers={"Authorization": f"Bearer {self.token}"}, timeout=90)

    def upload(self, audio: bytes, name: str, wait: int = 60, **fields: str) -> httpx.Response:
        form = {"mode": "sentence_practice", "reference_text": REFERENCE} | fields
        with self.http as http:
            return http.post(SESSIONS, params={"wait": wait}, data=form, files={"audio": (name, audio)})

    def session(self, session_id: str) -> dict:
        with self.http as http:
            answer = http.get(f"{SESSIONS}/{session_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def wait_until_final(self, session_id: str, timeout_s: float = 60) -> dict:
        deadline = time.monotonic() + timeout_s
        while True:
            session = self.session(session_id)
            if session["status"] in ("completed", "degraded", "failed", "abandoned"):
                return session
            assert time.monotonic() < deadline, f"still {session['status']}"
            time.sleep(0.05)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Shared by tests that do not restart it; quotas are out of their way."""
    running = Server(tmp_path_factory.mktemp("server"), limits__sessions_per_hour="1000").start()
    yield running
    running.end()


@pytest.fixture
def learner(server):
    return server.guest()


@pytest.fixture
def own_server(tmp_path):
    """A server that the test may kill; not started yet."""
    owned = Server(tmp_path)
    yield owned
    owned.end()


@pytest.fixture
def second_server(tmp_path, own_server):
    """Shares everything with own_server but the process."""
    second = Server(tmp_path, **own_server.settings)
    second.settings["database__url"] = own_server.settings.get("database__url", f"sqlite:{tmp_path}/data/speechcoach.db")
    yield second
    second.end()


@pytest.fixture
def recording():
    return lambda name: (DATA / name).read_bytes()
