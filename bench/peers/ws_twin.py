"""The live session's protocol on FastAPI and uvicorn, as a peer to measure against: the same frames, the same durability.

It checks the token, takes chunks, appends them to one log, syncs it at most every 50 ms for all connections, and acknowledges what
is safe. It keeps no sessions and analyses nothing."""

import asyncio
import json
import os
import struct
import sys
import time
import uuid

import jwt
import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

SECRET, LOG_PATH, PORT = os.environ["TWIN_SECRET"], sys.argv[1], int(sys.argv[2])
INTERVAL_S = 0.05
HEADER = struct.Struct("<4s16sIIQ")
FRAME = struct.Struct("<II")

app = FastAPI()


class Stream:
    def __init__(self, socket: WebSocket):
        self.socket = socket
        self.id = uuid.uuid4()
        self.next_seq = 0


class Log:
    def __init__(self):
        self.file = os.open(LOG_PATH, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.parts: list[bytes] = []
        self.waiting: dict[Stream, int] = {}
        self.work = asyncio.Event()

    def append(self, stream: Stream, seq: int, audio: bytes) -> None:
        self.parts.append(HEADER.pack(b"SCP1", stream.id.bytes, seq, len(audio), time.time_ns()))
        self.parts.append(audio)
        self.waiting[stream] = seq + 1
        self.work.set()

    def write(self, parts: list[bytes]) -> None:
        data = memoryview(b"".join(parts))
        while data:
            data = data[os.write(self.file, data) :]
        os.fdatasync(self.file)

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self.work.wait()
            await asyncio.sleep(INTERVAL_S)
            self.work.clear()
            parts, self.parts = self.parts, []
            waiting, self.waiting = self.waiting, {}
            await loop.run_in_executor(None, self.write, parts)
            for stream, next_seq in waiting.items():
                ack = {"type": "ack", "session_id": str(stream.id), "event": 0, "at_ms": time.time_ns() // 1_000_000, "next_seq": next_seq}
                try:
                    await stream.socket.send_text(json.dumps(ack, separators=(",", ":")))
                except (RuntimeError, WebSocketDisconnect):
                    continue


@app.on_event("startup")
async def start() -> None:
    app.state.log = Log()
    app.state.committer = asyncio.create_task(app.state.log.run())


@app.websocket("/api/v1/ws/speech-practice")
async def practise(socket: WebSocket) -> None:
    try:
        jwt.decode(socket.headers["authorization"].removeprefix("Bearer "), SECRET, algorithms=["HS256"], issuer="speechcoach")
    except (KeyError, jwt.PyJWTError):
        await socket.close(4401)
        return
    await socket.accept()
    await socket.send_text('{"type":"hello","version":"speechcoach.v1"}')
    log: Log = app.state.log
    stream = Stream(socket)
    try:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if (audio := message.get("bytes")) is not None:
                _, seq = FRAME.unpack_from(audio)
                if seq == stream.next_seq:
                    stream.next_seq += 1
                    log.append(stream, seq, audio[8:])
            elif json.loads(message["text"])["type"] == "start_session":
                await socket.send_text(
                    json.dumps({"type": "session_started", "session_id": str(stream.id), "event": 0, "stream_id": 1}, separators=(",", ":"))
                )
    except WebSocketDisconnect:
        return


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="warning", ws="websockets", loop="uvloop", ws_ping_interval=None, ws_per_message_deflate=False)
