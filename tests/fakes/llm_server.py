"""A provider that speaks its exact wire format over real sockets, and misbehaves as told.

In a test: `with FakeProvider("openai") as fake: fake.behaviour = "429 bare"`. As a process of its own, for measurements:
`llm_server.py KIND SETTINGS_JSON` prints its port and serves until it is killed.
"""

import asyncio
import json
import random
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from llm_wire import WIRES, Refused  # noqa: E402

GOOD = {"conversational": "Bạn đọc rất rõ ràng! Mình nghe được cả câu, chỉ còn âm cuối cần bật rõ hơn một chút.", "tip": "Giữ hơi ở âm cuối nhé."}
ENGLISH = {"conversational": "You read very clearly, well done.", "tip": "Hold the last sound."}
HTML = b"<!doctype html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
PROMPT_TOKENS, CACHED_TOKENS, COMPLETION_TOKENS = 640, 128, 96
BEHAVIOURS = [
    "good", "whole", "refusal", "cut at the token limit", "stall before headers", "stall mid-stream", "cut mid-stream", "cut, usable",
    "html", "blank", "truncated json", "wrong schema", "wrong language", "10 MB", "slow drip", "bad sse json", "error in the stream",
    "no credit, usable",
]  # fmt: skip


@dataclass
class Seen:
    """One request, as the server saw it."""

    key: str
    at: float  # time.time()
    behaviour: str
    ms: float = 0.0  # from the last byte of the request to the last of the answer


@dataclass
class Settings:
    behaviour: str = "good"
    latency_s: float = 0.0  # before the first token
    pieces: int = 8
    gap_s: float = 0.0  # between pieces
    end_gap_s: float = 0.0  # between the last event and the end of the body
    answer: dict = field(default_factory=lambda: dict(GOOD))
    stall_s: float = 60.0
    # For long runs: how often a request meets a fault, and how many requests in `window_s` a key may make.
    fault_rate: float = 0.0
    faults: list = field(default_factory=list)
    down_every: int = 0  # of this many requests the last `down_for` all fail
    down_for: int = 0
    key_limit: int = 0
    window_s: float = 1.0
    seed: int = 1
    stamp: bool = False  # the answer says how long the server had the request: "server_ms"


class FakeProvider:
    def __init__(self, kind: str, settings: Settings | None = None):
        self.wire = WIRES[kind]
        self.kind = kind
        self.settings = settings or Settings()
        self.seen: list[Seen] = []
        self.queue: list[str] = []  # behaviours of the next requests; then settings.behaviour
        self.port = 0
        self._random = random.Random(self.settings.seed)
        self._windows: dict[str, tuple[float, int]] = {}
        self.connections = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    # --- as a thread of a test ---------------------------------------------------------------------------------------

    def __enter__(self) -> "FakeProvider":
        started = threading.Event()

        def serve() -> None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(self.start())
            started.set()
            self._loop.run_forever()

        self._thread = threading.Thread(target=serve, daemon=True)
        self._thread.start()
        started.wait(10)
        return self

    def __exit__(self, *_) -> None:
        def stop() -> None:
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.call_soon(self._loop.stop)

        self._loop.call_soon_threadsafe(stop)
        self._thread.join(10)

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port, backlog=512, limit=4 * 2**20)
        self.port = self._server.sockets[0].getsockname()[1]

    # --- HTTP --------------------------------------------------------------------------------------------------------

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._serve_one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _serve_one(self, reader, writer) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        began = time.perf_counter()
        seen = Seen(self.wire.key_of(headers), time.time(), self._choose(self.wire.key_of(headers)))
        self.seen.append(seen)
        try:
            request = json.loads(body)
            self.wire.check(path, request)
        except (Refused, KeyError, ValueError, TypeError) as fault:
            seen.behaviour = f"refused: {fault}"
            document = {"error": {"code": "invalid_request_error", "message": str(fault), "status": "INVALID_ARGUMENT", "type": "x"}}
            await self._send(writer, 400, {}, json.dumps(document).encode())
            return True
        goes_on = await self._behave(seen, began, writer)
        seen.ms = (time.perf_counter() - began) * 1000
        return goes_on

    async def _send(self, writer, status: int, headers: dict, body: bytes, kind: str = "application/json") -> None:
        lines = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *(f"{k}: {v}" for k, v in headers.items())]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()

    async def _begin_stream(self, writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n")
        if self.wire.name == "deepseek":
            await self._chunk(writer, b": keep-alive\n\n")

    async def _chunk(self, writer, data: bytes) -> None:
        writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        await writer.drain()

    async def _event(self, writer, event) -> None:
        data = event if isinstance(event, str) else json.dumps(event, ensure_ascii=False)
        await self._chunk(writer, f"data: {data}\n\n".encode())

    async def _end_stream(self, writer) -> None:
        if self.settings.end_gap_s:
            await asyncio.sleep(self.settings.end_gap_s)
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    # --- behaviour ---------------------------------------------------------------------------------------------------

    def _choose(self, key: str) -> str:
        s = self.settings
        if s.key_limit:
            now = time.time()
            begin, count = self._windows.get(key, (0.0, 0))
            if now >= begin + s.window_s:
                begin, count = now, 0
            self._windows[key] = (begin, count + 1)
            if count >= s.key_limit:
                return f"limit until {begin + s.window_s}"
        if s.down_every and len(self.seen) % s.down_every >= s.down_every - s.down_for:
            return "503"
        if self.queue:
            return self.queue.pop(0)
        if s.fault_rate and self._random.random() < s.fault_rate:
            return self._random.choice(s.faults)
        return s.behaviour

    def _limit_answer(self, until: float) -> tuple[int, dict, dict]:
        """The provider's own way to say how long."""
        wait = max(until - time.time(), 0.001)
        if self.wire.name == "gemini":
            retry = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{wait:.9f}s"}
            return 429, {}, self.wire.error(429, "RESOURCE_EXHAUSTED", [retry])
        headers = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": f"{wait:.6f}s"}
        return 429, headers, self.wire.error(429, "rate_limit_exceeded", "requests")

    async def _behave(self, seen: Seen, began: float, writer) -> bool:
        """False: the connection is not used again."""
        s = self.settings
        behaviour = seen.behaviour
        if behaviour.startswith("limit until "):
            status, headers, document = self._limit_answer(float(behaviour.removeprefix("limit until ")))
            await self._send(writer, status, headers, json.dumps(document).encode())
            return True
        if behaviour in self.wire.errors():
            status, headers, document = self.wire.errors()[behaviour]
            await self._send(writer, status, headers, json.dumps(document).encode())
            return True
        text = json.dumps(s.answer, ensure_ascii=False)
        match behaviour:
            case "stall before headers":
                await asyncio.sleep(s.stall_s)
                return False
            case "html":
                await self._send(writer, 200, {}, HTML, "text/html")
                return True
            case "whole":
                await self._whole(writer, text)
                return True
            case "refusal":
                await self._begin_stream(writer)
                for event in self.wire.refusal_events():
                    await self._event(writer, event)
                await self._end_stream(writer)
                return True
            case "error in the stream":
                await self._begin_stream(writer)
                await self._event(writer, self.wire.text_event(text[:20]))
                await self._event(writer, self.wire.errors()["500"][2])
                await self._end_stream(writer)
                return True
            case "no credit, usable":
                await self._begin_stream(writer)
                await self._event(writer, self.wire.text_event(text[:-20]))
                await self._event(writer, self.wire.errors().get("429 no credit", self.wire.errors()["402"])[2])
                await self._end_stream(writer)
                return True
            case "bad sse json":
                await self._begin_stream(writer)
                await self._event(writer, '{"choices": [{"delta"')
                await self._end_stream(writer)
                return True
            case "10 MB":
                await self._begin_stream(writer)
                for _ in range(640):
                    await self._event(writer, self.wire.text_event("x" * 16384))
                await self._end_stream(writer)
                return True
            case "slow drip":
                await self._begin_stream(writer)
                for i in range(1000):
                    await self._event(writer, self.wire.text_event(text[i % len(text)]))
                    await asyncio.sleep(0.5)
                return False
            case "blank":
                text = ""
            case "truncated json" | "cut at the token limit":
                text = text[: len(text) // 2]
            case "wrong schema":
                text = json.dumps({"answer": 42})
            case "wrong language":
                text = json.dumps(ENGLISH)
        return await self._stream(behaviour, text, writer, began)

    async def _whole(self, writer, text: str) -> None:
        """An answer that is not streamed although a stream was asked for."""
        if self.wire.name == "gemini":
            document = self.wire.text_event(text) | self.wire.end_events("stop", PROMPT_TOKENS, CACHED_TOKENS, COMPLETION_TOKENS)[0]
            document["candidates"] = [{"content": {"parts": [{"text": text}]}, "finishReason": "STOP"}]
        else:
            message = {"role": "assistant", "content": text, "refusal": None}
            usage = self.wire.usage(PROMPT_TOKENS, CACHED_TOKENS, COMPLETION_TOKENS)
            document = {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage}
        await self._send(writer, 200, {}, json.dumps(document).encode())

    async def _stream(self, behaviour: str, text: str, writer, began: float) -> bool:
        s = self.settings
        await self._begin_stream(writer)
        if s.latency_s:
            await asyncio.sleep(s.latency_s)
        size = max(1, -(-len(text) // s.pieces))
        pieces = [text[i : i + size] for i in range(0, len(text), size)]
        for number, piece in enumerate(pieces):
            if behaviour in ("stall mid-stream", "cut mid-stream") and number == max(1, len(pieces) // 4):
                if behaviour == "cut mid-stream":
                    writer.transport.abort()
                    return False
                await asyncio.sleep(s.stall_s)
                return False
            # The member before the last is whole by then.
            if behaviour == "cut, usable" and number == len(pieces) - 1:
                writer.transport.abort()
                return False
            if s.stamp and number == len(pieces) - 1:
                piece = f'{piece[:-1]}, "server_ms": {(time.perf_counter() - began) * 1000:.3f}}}'
            await self._event(writer, self.wire.text_event(piece))
            if s.gap_s and number < len(pieces) - 1:
                await asyncio.sleep(s.gap_s)
        reason = "length" if behaviour == "cut at the token limit" else "stop"
        for event in self.wire.end_events(reason, PROMPT_TOKENS, CACHED_TOKENS, COMPLETION_TOKENS):
            await self._event(writer, event)
        await self._end_stream(writer)
        return True


async def main() -> None:
    fake = FakeProvider(sys.argv[1], Settings(**json.loads(sys.argv[2])))
    await fake.start()
    print(fake.port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
