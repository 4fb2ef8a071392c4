"""A client of the WebSocket that checks every message against contract/ws.schema.json."""

import base64
import json
import struct

from conftest import REFERENCE
from contract import check
from websockets.sync.client import connect

PATH = "/api/v1/ws/speech-practice"
CHUNK = 3200  # 100 ms of 16 kHz 16-bit


class Live:
    """A client that checks every message against the contract."""

    def __init__(self, server, token: str | None, **options):
        protocols = ["speechcoach.v1"] + ([f"bearer.{token}"] if token else [])
        self.connection = connect(server.url.replace("http", "ws") + PATH, subprotocols=protocols, max_size=2**24, **options)
        self.messages: list[dict] = []

    def __enter__(self):
        self.socket = self.connection.__enter__()
        return self

    def __exit__(self, *outcome):
        self.connection.__exit__(*outcome)

    def receive(self, timeout: float = 30) -> dict:
        message = json.loads(self.socket.recv(timeout=timeout))
        check("ServerMessage", message)
        self.messages.append(message)
        return message

    def until(self, *types: str) -> dict:
        while True:
            message = self.receive()
            if message["type"] in types:
                return message

    def send(self, **message) -> None:
        check("ClientMessage", message)
        self.socket.send(json.dumps(message))

    def start(self, audio: dict | None = None, **fields) -> dict:
        wanted = {"mode": "sentence_practice", "reference_text": REFERENCE} | fields
        self.send(type="start_session", audio=audio or {"format": "pcm_s16le", "sample_rate": 16000},
                  **{name: value for name, value in wanted.items() if value is not None})
        return self.until("session_started", "error")

    def stream(self, started: dict, audio: bytes, chunk: int = CHUNK, as_json: bool = False) -> int:
        seq = -1
        for seq, at in enumerate(range(0, len(audio), chunk)):
            part = audio[at : at + chunk]
            if as_json:
                self.send(type="audio_chunk", session_id=started["session_id"], seq=seq, data=base64.b64encode(part).decode())
            else:
                self.socket.send(struct.pack("<II", started["stream_id"], seq) + part)
        return seq

    def send_chunk(self, stream_id: int, seq: int, audio: bytes) -> None:
        self.socket.send(struct.pack("<II", stream_id, seq) + audio)

    def resume(self, session_id: str, last_event: int = 0) -> dict:
        self.send(type="resume", session_id=session_id, last_event=last_event)
        return self.until("resumed", "error")

    def until_safe(self, next_seq: int) -> None:
        """Waits until the server has acknowledged all chunks below."""
        while self.until("ack", "error").get("next_seq", 0) < next_seq:
            pass

    def finish(self, started: dict, last_seq: int) -> dict:
        self.send(type="end_recording", session_id=started["session_id"], last_seq=last_seq)
        while True:
            message = self.until("analysis_complete", "error")
            if message["type"] == "analysis_complete" or message["code"] not in ("stt_failed", "prosody_failed", "feedback_degraded"):
                return message
