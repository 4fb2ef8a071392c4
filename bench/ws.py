#!/usr/bin/env python3
"""The WebSocket under load: the shipped `serve` beside the same protocol on FastAPI and uvicorn, server and client one core each.

Ours streams CONNECTIONS learners for SECONDS, then what its spool holds of each is compared with what was sent; then holds IDLE
connections. The twin streams TWIN_CONNECTIONS. Messages a second a core are the chunks over the server's CPU seconds meanwhile."""

import hashlib
import json
import os
import secrets
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build" / "release" / "speechcoach"
CONNECTIONS, SECONDS, IDLE, TWIN_CONNECTIONS, TWIN_SECONDS = (
    int(os.environ.get(name, value))
    for name, value in (("CONNECTIONS", 5000), ("SECONDS", 60), ("IDLE", 10000), ("TWIN_CONNECTIONS", 400), ("TWIN_SECONDS", 15))
)
RECORD = struct.Struct("<II16sIIqIIQ")
CHUNK = 3200


def cpu_s(process: subprocess.Popen) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_kib(process: subprocess.Popen) -> float:
    status = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    return float(next(line.split()[1] for line in status.splitlines() if line.startswith("Pss_Anon")))


class Load:
    """A client process; the server's figures are taken while all its connections are open."""

    def __init__(self, server: subprocess.Popen, port: int, token: str, connections: int, seconds: int, *more: str):
        before_kib = rss_kib(server)
        before_s = cpu_s(server)
        command = ["taskset", "-c", "1", PROGRAM, "bench", "ws", "--host", "127.0.0.1", "--port", str(port), "--token", token]
        client = subprocess.Popen([*command, "--connections", str(connections), "--seconds", str(seconds), *more], stdout=subprocess.PIPE, text=True)
        self.most_kib = before_kib
        samples = []
        while client.poll() is None:
            time.sleep(0.5)
            samples.append((time.monotonic(), cpu_s(server)))
            self.most_kib = max(self.most_kib, rss_kib(server))
        self.report = json.loads(client.stdout.read().splitlines()[-1])
        self.ok = client.returncode == 0
        self.kib_a_connection = (self.most_kib - before_kib) / connections
        # The streaming part: the last so many seconds before the client ended.
        end = samples[-1][0]
        begin = next((s for s in samples if s[0] >= end - self.report["streamed_s"] - 0.5), samples[0])
        self.server_cpu_s = samples[-1][1] - begin[1]
        self.opening_cpu_s = begin[1] - before_s

    @property
    def messages_a_core_second(self) -> float:
        return self.report["chunks_acknowledged"] / max(self.server_cpu_s, 1e-9)


def start_ours(folder: Path) -> tuple[subprocess.Popen, int, str]:
    settings = {
        "DATA_DIR": str(folder), "SERVER__PORT": "0", "LIMITS__SESSIONS_PER_HOUR": "100000", "LIVE__CONNECTIONS_PER_USER": "100000",
        "LIVE__CONNECTIONS_PER_ADDRESS": "100000", "LIVE__SPOOL_MAX_MB": "40000", "LOG__LEVEL": "warning",
    }
    environment = os.environ | {f"SPEECHCOACH_{key}": value for key, value in settings.items()}
    process = subprocess.Popen(["taskset", "-c", "0", PROGRAM, "serve"], env=environment, stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    port = int(line.split("localhost:")[1].split(" ")[0])
    token = httpx.post(f"http://127.0.0.1:{port}/api/v1/auth/guest", json={}).json()["token"]
    return process, port, token


def start_twin(folder: Path) -> tuple[subprocess.Popen, int, str]:
    import jwt

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    secret = secrets.token_hex(32)
    command = ["taskset", "-c", "0", sys.executable, ROOT / "bench" / "peers" / "ws_twin.py", folder / "twin.log", str(port)]
    process = subprocess.Popen(command, env=os.environ | {"TWIN_SECRET": secret}, stderr=subprocess.DEVNULL)
    token = jwt.encode({"sub": "1", "iss": "speechcoach", "exp": int(time.time()) + 3600}, secret, algorithm="HS256")
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process, port, token
        time.sleep(0.1)
    raise SystemExit("the twin does not start")


def streams_that_differ(folder: Path, sent: dict) -> tuple[int, int]:
    """Reads the spool's files; the number of streams, and of those whose SHA-256 is not that of what was sent."""
    noise = bytes.fromhex(sent["noise"])[8:]
    kept = {uuid.UUID(s["session_id"]).bytes: [hashlib.sha256(), 0] for s in sent["streams"]}
    for path in sorted((folder / "spool").glob("*/*.log")):
        data = memoryview(path.read_bytes())
        at = 0
        while at + RECORD.size <= len(data):
            magic, kind, session, _, seq, _, length, _, _ = RECORD.unpack_from(data, at)
            if magic != 0x31504353:
                break
            at += RECORD.size
            if kind == 2 and session in kept:
                state = kept[session]
                if seq == state[1]:
                    state[0].update(data[at : at + length])
                    state[1] += 1
            at += length
    different = 0
    for stream in sent["streams"]:
        expected = hashlib.sha256()
        for seq in range(stream["chunks"]):
            expected.update(struct.pack("<II", stream["index"], seq) + noise)
        digest, chunks = kept[uuid.UUID(stream["session_id"]).bytes]
        different += chunks != stream["chunks"] or digest.digest() != expected.digest()
    return len(sent["streams"]), different


def main() -> int:
    rows, notes = [], []

    def row(name: str, unit: str, ours: float, peer: float | None = None, peer_name: str = "FastAPI + uvicorn, same durability") -> None:
        rows.append({"name": name, "unit": unit, "ours": [ours]} | ({"peer": [peer], "peer_name": peer_name} if peer is not None else {}))

    folder = Path(tempfile.mkdtemp(prefix="speechcoach-bench-ws-"))
    try:
        server, port, token = start_ours(folder)
        try:
            streams = folder / "streams.json"
            ours = Load(server, port, token, CONNECTIONS, SECONDS, "--streams", str(streams))
            notes.append(f"ours: {json.dumps(ours.report)}, server {ours.server_cpu_s:.1f} CPU s while streaming, {ours.opening_cpu_s:.1f} while opening")
            total, different = streams_that_differ(folder, json.loads(streams.read_text()))
            idle = Load(server, port, token, IDLE, 5, "--idle") if IDLE else None
            if idle:
                notes.append(f"idle: {json.dumps(idle.report)}")
        finally:
            server.kill()
            server.wait()
        twin_server, port, token = start_twin(folder)
        try:
            twin = Load(twin_server, port, token, TWIN_CONNECTIONS, TWIN_SECONDS)
            notes.append(f"twin: {json.dumps(twin.report)}, server {twin.server_cpu_s:.1f} CPU s while streaming")
        finally:
            twin_server.kill()
            twin_server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)

    row("connections that streamed", "", ours.report["open"])
    row("streams whose spool differs from what was sent", "", different)
    row("chunks not acknowledged", "", ours.report["chunks_sent"] - ours.report["chunks_acknowledged"])
    row("acknowledgement, p99", "ms", ours.report["ack_p99_ms"], twin.report["ack_p99_ms"])
    row("messages a second a core", "1/s", ours.messages_a_core_second, twin.messages_a_core_second)
    row("memory a streaming connection", "KiB", ours.kib_a_connection, twin.kib_a_connection)
    if idle:
        row("idle connections held", "", idle.report["open"])
        row("memory an idle connection", "KiB", idle.kib_a_connection)
    notes.append(f"{total} streams of {SECONDS} s; {CHUNK} bytes a chunk; the twin has {TWIN_CONNECTIONS} connections for {TWIN_SECONDS} s")
    out = ROOT / "build" / "bench" / "ws.raw.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"bench": "ws", "rows": rows, "notes": notes}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
