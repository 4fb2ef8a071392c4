"""Clients that watch sessions over the WebSocket and come back after each lost connection, at any server."""

import json
import queue
import random
import threading
import time

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

PATH = "/api/v1/ws/speech-practice"


class Watchers:
    """Watches each session that it is given until its end, and notes the numbers of the events that it hears."""

    def __init__(self, urls: list[str], token: str, threads: int = 4):
        self.urls = urls
        self.token = token
        self.heard: dict[str, list[int]] = {}
        self.reconnections = 0
        self._sessions: queue.Queue[str | None] = queue.Queue()
        self._threads = [threading.Thread(target=self._work) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def watch(self, session_id: str) -> None:
        self._sessions.put(session_id)

    def wait(self, timeout: float) -> bool:
        """True where all were watched to their end."""
        for _ in self._threads:
            self._sessions.put(None)
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def with_gaps(self) -> int:
        """How many heard anything but 1, 2, 3, ..."""
        return sum(numbers != list(range(1, len(numbers) + 1)) for numbers in self.heard.values())

    def _work(self) -> None:
        while (session_id := self._sessions.get()) is not None:
            self.heard[session_id] = []
            while not self._hear(session_id, self.heard[session_id]):
                self.reconnections += 1
                time.sleep(0.2)

    def _hear(self, session_id: str, numbers: list[int]) -> bool:
        """True once the end was heard; False where the connection was lost, or was cut on purpose."""
        url = random.choice(self.urls).replace("http", "ws") + PATH
        cut_at = time.monotonic() + random.uniform(0.5, 5.0)
        try:
            with connect(url, subprotocols=["speechcoach.v1", f"bearer.{self.token}"], max_size=2**24, open_timeout=10) as socket:
                socket.send(json.dumps({"type": "resume", "session_id": session_id, "last_event": numbers[-1] if numbers else 0}))
                while time.monotonic() < cut_at:
                    try:
                        message = json.loads(socket.recv(timeout=0.5))
                    except TimeoutError:
                        continue
                    # What is not kept bears the number of the newest that is.
                    if message.get("session_id") == session_id and message.get("event", 0) > (numbers[-1] if numbers else 0):
                        numbers.append(message["event"])
                    if message["type"] == "analysis_complete":
                        return True
        except (OSError, WebSocketException, TimeoutError):
            pass
        return False
