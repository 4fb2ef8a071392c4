"""A learner at the WebSocket who speaks in real time, and how long after the last chunk each answer came."""

import asyncio
import json
import struct
import time
import wave
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from websockets.asyncio.client import connect

PATH = "/api/v1/ws/speech-practice"
CHUNK_S = 0.1
RATE_HZ = 16000
CHUNK_BYTES = int(RATE_HZ * CHUNK_S) * 2
# The first of each after the last chunk is timed.
TIMED = {"transcription": "transcript", "pronunciation": "pronunciation", "feedback_delta": "first feedback", "analysis_complete": "complete"}
STAGES = {"stt_failed", "prosody_failed", "feedback_degraded"}


def pcm_of(path: Path) -> bytes:
    """16 kHz, mono, 16 bits."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE_HZ, 1, 2), path
        return file.readframes(file.getnframes())


def sign_in(url: str) -> str:
    answer = httpx.post(f"{url}/api/v1/auth/guest", json={}, timeout=60)
    answer.raise_for_status()
    return answer.json()["token"]


@dataclass
class Practice:
    """What came of one recording. Times are seconds after its last chunk was sent."""

    session_id: str = ""
    began_at: float = 0.0  # time.time()
    after_s: dict[str, float] = field(default_factory=dict)
    status: str = ""  # of analysis_complete, or what went wrong
    is_degraded: bool = False

    @property
    def is_complete(self) -> bool:
        return "complete" in self.after_s


class Speaker:
    """One connection. `async with Speaker(url, token) as speaker`."""

    def __init__(self, url: str, token: str):
        self.connection = connect(url.replace("http", "ws", 1) + PATH, subprotocols=["speechcoach.v1", f"bearer.{token}"], max_size=2**24)

    async def __aenter__(self) -> "Speaker":
        self.socket = await self.connection.__aenter__()
        return self

    async def __aexit__(self, *outcome) -> None:
        await self.connection.__aexit__(*outcome)

    async def practise(self, pcm: bytes, text: str, timeout_s: float = 60) -> Practice:
        practice = Practice(began_at=time.time())
        audio = {"format": "pcm_s16le", "sample_rate": RATE_HZ}
        await self._send(type="start_session", mode="sentence_practice", reference_text=text, audio=audio)
        started = await self._until(practice, timeout_s, "session_started")
        if started is None:
            return practice
        practice.session_id = started["session_id"]
        speaking = asyncio.create_task(self._speak(started, pcm))
        try:
            await self._listen(practice, speaking, timeout_s)
        finally:
            speaking.cancel()
        return practice

    async def _speak(self, started: dict, pcm: bytes) -> float:
        """When the last chunk was sent, and the end told."""
        began = time.perf_counter()
        seq = 0
        for seq, at in enumerate(range(0, len(pcm), CHUNK_BYTES)):
            await asyncio.sleep(max(0.0, began + (seq + 1) * CHUNK_S - time.perf_counter()))
            await self.socket.send(struct.pack("<II", started["stream_id"], seq) + pcm[at : at + CHUNK_BYTES])
        ended = time.perf_counter()
        await self._send(type="end_recording", session_id=started["session_id"], last_seq=seq)
        return ended

    async def _listen(self, practice: Practice, speaking: asyncio.Task, timeout_s: float) -> None:
        came: dict[str, float] = {}
        while True:
            message = await self._receive(timeout_s)
            if message is None:
                practice.status = "no answer in time"
                return
            if message.get("session_id") != practice.session_id:
                continue
            kind = message["type"]
            if kind == "error" and message["code"] not in STAGES:
                practice.status = message["code"]
                return
            if kind in TIMED and speaking.done() and (kind != "transcription" or message["is_final"]):
                came.setdefault(TIMED[kind], time.perf_counter())
            if kind == "analysis_complete":
                ended = await speaking
                practice.after_s = {name: at - ended for name, at in came.items()}
                practice.status = message["status"]
                practice.is_degraded = message["degraded_mode"]
                return

    async def _until(self, practice: Practice, timeout_s: float, wanted: str) -> dict | None:
        while message := await self._receive(timeout_s):
            if message["type"] == wanted:
                return message
            if message["type"] == "error":
                practice.status = message["code"]
                return None
        practice.status = "no answer in time"
        return None

    async def _receive(self, timeout_s: float) -> dict | None:
        try:
            return json.loads(await asyncio.wait_for(self.socket.recv(), timeout_s))
        except TimeoutError:
            return None

    async def _send(self, **message) -> None:
        await self.socket.send(json.dumps(message))
