#!/usr/bin/env python3
"""Runs a command beside a PostgreSQL server of its own, which is gone afterwards.

    with_postgresql.py COMMAND [ARGUMENT...]

The command finds the server in SPEECHCOACH_TEST_POSTGRESQL (a postgresql:// address). Python code takes PostgresqlServer.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


class PostgresqlServer:
    """Listens on 127.0.0.1 on a free port; the only user is `coach`, with a password."""

    PASSWORD = "secret-of-the-test"

    def __init__(self):
        if not BINARIES:
            raise RuntimeError("no PostgreSQL server under /usr/lib/postgresql: install the package postgresql")
        self.binaries = BINARIES[-1]
        self.folder = Path(tempfile.mkdtemp(prefix="speechcoach-postgresql-"))
        # The server refuses to run as root.
        self.account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        if self.account:
            os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)
        password_file = self.folder / "password"
        password_file.write_text(self.PASSWORD)
        password_file.chmod(0o644)
        self._run("initdb", "-D", self.folder / "data", "-U", "coach", "--pwfile", password_file, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://coach:{self.PASSWORD}@127.0.0.1:{self.port}/postgres"

    @property
    def pid(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def create_database(self, name: str) -> str:
        """The address of a new, empty one."""
        subprocess.run([self.binaries / "psql", self.url, "-qc", f'CREATE DATABASE "{name}"'], check=True)
        return self.url.removesuffix("postgres") + name

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder} -c max_connections=100"
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-m", mode, "stop")

    def close(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments) -> None:
        identity = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []} if self.account else {}
        subprocess.run(
            [self.binaries / program, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=self.folder, stdin=subprocess.DEVNULL, **identity
        )


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    server = PostgresqlServer()
    try:
        return subprocess.run(sys.argv[1:], env=os.environ | {"SPEECHCOACH_TEST_POSTGRESQL": server.url}, check=False).returncode
    finally:
        server.close()


if __name__ == "__main__":
    sys.exit(main())
