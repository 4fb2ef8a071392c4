"""Frames that no client library would send, mixed with such as they do, over a raw socket."""

import base64
import json
import os
import random
import socket
import struct

HANDSHAKE = (
    "GET /api/v1/ws/speech-practice HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nAuthorization: Bearer {token}\r\n{more}\r\n"
)
SESSION = "00000000-0000-4000-8000-000000000000"
VALID = [
    {"type": "start_session", "mode": "conversation", "audio": {"format": "pcm_s16le", "sample_rate": 16000}},
    {"type": "start_session", "mode": "sentence_practice", "reference_text": "Hello there.", "audio": {"format": "webm_opus"}},
    {"type": "audio_chunk", "session_id": SESSION, "seq": 0, "data": "AAAAAAAA"},
    {"type": "end_recording", "session_id": SESSION, "last_seq": 3},
    {"type": "cancel", "session_id": SESSION},
    {"type": "retry", "session_id": SESSION, "full": True},
    {"type": "resume", "session_id": SESSION, "last_event": 2},
    {"type": "ping", "nonce": "x"},
]
MARK = b"taken-in"
PING = json.dumps({"type": "ping", "nonce": MARK.decode()}).encode()
VALUES = [None, True, -1, 0, 1, 2**31, 2**53, -(2**63), 1e308, "", "x" * 5000, "\u0000", "é", [], {}, [[[[]]]], {"type": "ping"}]


class FrameFuzz:
    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.texts = [json.dumps(message).encode() for message in VALID]

    def frame(self, opcode: int, payload: bytes, final: bool = True, masked: bool = True) -> bytes:
        head = bytes([(0x80 if final else 0) | opcode])
        mark = 0x80 if masked else 0
        size = len(payload)
        if size < 126:
            head += bytes([mark | size])
        elif size < 65536:
            head += struct.pack(">BH", mark | 126, size)
        else:
            head += struct.pack(">BQ", mark | 127, size)
        return head + (b"\0\0\0\0" if masked else b"") + payload

    def text(self) -> bytes:
        choice = self.random.random()
        if choice < 0.5:
            return self.random.choice(self.texts)
        if choice < 0.8:
            message = dict(self.random.choice(VALID))
            message[self.random.choice([*message, "extra"])] = self.random.choice(VALUES)
            return json.dumps(message).encode()
        broken = bytearray(self.random.choice(self.texts))
        for _ in range(self.random.randint(1, 4)):
            broken[self.random.randrange(len(broken))] = self.random.randrange(256)
        return bytes(broken[: self.random.randint(0, len(broken))])

    def next(self) -> bytes:
        choice = self.random.random()
        if choice < 0.45:
            stream, seq = self.random.choice([0, 1, 1, 1, 2, 2**32 - 1]), self.random.choice([0, 1, 2, 3, self.random.randrange(2**32)])
            return self.frame(2, struct.pack("<II", stream, seq) + os.urandom(self.random.choice([0, 1, 2, 320, 321, 3200])))
        if choice < 0.93:
            return self.frame(1, self.text())
        if choice < 0.97:
            return self.frame(self.random.choice([9, 10]), os.urandom(self.random.randrange(0, 125)))
        if choice < 0.98:
            return self.frame(2, os.urandom(self.random.randrange(0, 8)))
        if choice < 0.985:
            return self.frame(1, self.text(), final=False) + self.frame(0, self.text())
        if choice < 0.99:
            return self.frame(self.random.choice([0, 3, 7, 11, 15]), os.urandom(5))
        if choice < 0.993:
            return self.frame(1, self.text(), masked=False)
        if choice < 0.996:
            return struct.pack(">BBQ", 0x82, 0xFF, self.random.choice([2**20 + 1, 2**40, 2**63]))
        return os.urandom(self.random.randint(1, 60))


def run(port: int, token: str, frames: int, seed: int) -> tuple[int, int]:
    """Sends so many frames over as many connections as it takes; (frames, connections)."""
    fuzz = FrameFuzz(seed)
    sent = connections = 0
    while sent < frames:
        connections += 1
        with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
            compressed = "Sec-WebSocket-Extensions: permessage-deflate\r\n" if connections % 4 == 0 else ""
            key = base64.b64encode(os.urandom(16)).decode()
            raw.sendall(HANDSHAKE.format(key=key, token=token, more=compressed).encode())
            if b" 101 " not in raw.recv(4096):
                continue
            try:
                while sent < frames:
                    batch = [fuzz.next() for _ in range(50)]
                    raw.sendall(b"".join([*batch, fuzz.frame(1, PING)]))
                    sent += len(batch)
                    if not answers(raw):
                        break
            except OSError:
                continue
    return sent, connections


def answers(raw: socket.socket) -> bool:
    """Waits until the server has taken in what was sent, or waits for the rest of a frame; False where it has ended the connection."""
    raw.settimeout(0.3)
    heard = b""
    try:
        while MARK not in heard:
            part = raw.recv(65536)
            if not part:
                return False
            heard = heard[-len(MARK) :] + part
    except TimeoutError:
        return True
    finally:
        raw.settimeout(30)
    return True
