"""An HTTP/2 server over TLS that holds its answers back until as many questions are under way as it was told to wait for.

Its certificate is its own authority: `certificate` is the file to trust.
"""

import asyncio
import ssl
import subprocess
import threading
from pathlib import Path

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded, StreamReset


class Http2Server:
    """`with Http2Server(folder) as server`. Answers come in two pieces: "data: 1" and "data: 2" after it; to /hang only the first."""

    def __init__(self, folder: Path):
        self.certificate = folder / "cert.pem"
        self._key = folder / "key.pem"
        self.connections = 0
        self.protocols: set[str] = set()
        self.bodies: list[bytes] = []
        self.resets = 0
        self.wait_for = 1  # questions under way on a connection before the first is answered

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def __enter__(self) -> "Http2Server":
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self._key, "-out", self.certificate],
            check=True, capture_output=True,
        )  # fmt: skip
        started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        assert started.wait(10)
        return self

    def __exit__(self, *_) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _end(self) -> None:
        self._server.close()
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self._key)
        context.set_alpn_protocols(["h2", "http/1.1"])
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context))
        self.port = self._server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.protocols.add(writer.get_extra_info("ssl_object").selected_alpn_protocol())
        connection = H2Connection(H2Configuration(client_side=False))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        paths: dict[int, str] = {}
        bodies: dict[int, bytes] = {}
        waiting: list[int] = []
        while data := await reader.read(65536):
            for event in connection.receive_data(data):
                if isinstance(event, RequestReceived):
                    paths[event.stream_id] = dict(event.headers)[b":path"].decode()
                    bodies[event.stream_id] = b""
                elif isinstance(event, DataReceived):
                    bodies[event.stream_id] += event.data
                    connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, StreamEnded):
                    self.bodies.append(bodies[event.stream_id])
                    waiting.append(event.stream_id)
                elif isinstance(event, StreamReset):
                    self.resets += 1
            if len(waiting) >= self.wait_for:
                for stream in waiting:
                    connection.send_headers(stream, [(":status", "200"), ("content-type", "text/event-stream")])
                    connection.send_data(stream, b"data: 1\n\n")
                for stream in waiting:
                    if paths[stream] != "/hang":
                        connection.send_data(stream, b"data: 2\n\n", end_stream=True)
                waiting.clear()
            writer.write(connection.data_to_send())
            await writer.drain()
        writer.close()
