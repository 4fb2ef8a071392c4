#!/usr/bin/env python3
"""Runs a command beside a Redis server of its own, which is gone afterwards.

    with_redis.py COMMAND [ARGUMENT...]

The command finds the server in SPEECHCOACH_TEST_REDIS (a redis:// address of an access-list user); the same server with TLS in
SPEECHCOACH_TEST_REDIS_TLS and behind a Unix socket in SPEECHCOACH_TEST_REDIS_SOCKET. Python code takes RedisServer.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RedisServer:
    """Listens on 127.0.0.1 on free ports and on a socket; keeps an append-only file, synced every second, or with each write."""

    PASSWORD = "secret-of-the-test"

    def __init__(self, password: bool = False, tls: bool = False, appendfsync: str = "everysec"):
        program = shutil.which("redis-server")
        if not program:
            raise RuntimeError("no redis-server: install the package redis-server")
        self.folder = Path(tempfile.mkdtemp(prefix="speechcoach-redis-"))
        self.port = free_port()
        self.tls_port = free_port() if tls else 0
        self.socket = self.folder / "redis.sock"
        self.user = f"coach:{self.PASSWORD}@" if password else ""
        settings = {
            "port": self.port,
            "bind": "127.0.0.1",
            "unixsocket": self.socket,
            "dir": self.folder,
            "save": '""',
            "appendonly": "yes",
            "appendfsync": appendfsync,
            "enable-debug-command": "yes",
        }
        if tls:
            self._make_certificate()
            settings |= {"tls-port": self.tls_port, "tls-cert-file": self.certificate, "tls-key-file": self.folder / "key.pem", "tls-auth-clients": "no"}
        lines = [f"{key} {value}" for key, value in settings.items()]
        if password:
            lines += [f"user coach on >{self.PASSWORD} ~* &* +@all", "user default off"]
        self.configuration = self.folder / "redis.conf"
        self.configuration.write_text("\n".join(lines) + "\n")
        self.program = program
        self.process: subprocess.Popen | None = None
        self.start()

    @property
    def certificate(self) -> Path:
        return self.folder / "cert.pem"

    @property
    def url(self) -> str:
        return f"redis://{self.user}127.0.0.1:{self.port}/0"

    @property
    def tls_url(self) -> str:
        return f"rediss://{self.user}127.0.0.1:{self.tls_port}/0?ssl_ca_certs={self.certificate}"

    @property
    def socket_url(self) -> str:
        return f"unix://{self.user}{self.socket}?db=1"

    def start(self) -> None:
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen([self.program, self.configuration], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while True:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"redis-server did not start: {(self.folder / 'log').read_text()[-2000:]}")
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                    connection.sendall(b"PING\r\n")
                    # Without a user NOAUTH; while the append-only file is read LOADING.
                    if connection.recv(64).startswith((b"+PONG", b"-NOAUTH")):
                        return
            except OSError:
                pass
            time.sleep(0.02)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        if self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make_certificate(self) -> None:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", self.folder / "key.pem", "-out", self.certificate],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    server = RedisServer(password=True, tls=True)
    addresses = {
        "SPEECHCOACH_TEST_REDIS": server.url,
        "SPEECHCOACH_TEST_REDIS_TLS": server.tls_url,
        "SPEECHCOACH_TEST_REDIS_SOCKET": server.socket_url,
    }
    try:
        return subprocess.run(sys.argv[1:], env=os.environ | addresses, check=False).returncode
    finally:
        server.close()


if __name__ == "__main__":
    sys.exit(main())
