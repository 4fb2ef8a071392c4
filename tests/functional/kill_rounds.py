"""One server is killed while a learner speaks; the learner goes on at another that shares the store."""

import json
import struct
import time
from dataclasses import dataclass

from conftest import Learner, Server
from live_client import Live
from websockets.exceptions import ConnectionClosed


@dataclass
class Outcome:
    lost: int  # chunks that were acknowledged and then not there
    next_seq: int  # where the second server let the learner go on
    acknowledged: int
    transcript: str
    audio_is_whole: bool
    resume_ms: float


class Round:
    """Kills the first server after `kill_after` chunks, and leaves it dead."""

    def __init__(self, first: Server, second: Server, learner: Learner, parts: list[bytes], kill_after: int, pace_s: float = 0.0):
        self.first = first
        self.second = second
        self.learner = learner
        self.parts = parts
        self.kill_after = kill_after
        self.pace_s = pace_s

    def run(self) -> Outcome:
        with Live(self.first, self.learner.token) as live:
            started = live.start()
            for seq in range(self.kill_after):
                live.send_chunk(started["stream_id"], seq, self.parts[seq])
                time.sleep(self.pace_s)
            self.first.kill()
            acknowledged = self._what_was_acknowledged(live)
        killed = time.monotonic()
        with Live(self.second, self.learner.token) as live:
            resumed = live.resume(started["session_id"])
            assert resumed["type"] == "resumed", resumed
            resume_ms = (time.monotonic() - killed) * 1000
            for seq in range(resumed["next_seq"], len(self.parts)):
                live.send_chunk(resumed["stream_id"], seq, self.parts[seq])
            done = live.finish(resumed, len(self.parts) - 1)
            assert done["type"] == "analysis_complete", done
            ends = [m for m in live.messages if m["type"] == "analysis_complete"]
            assert len(ends) == 1
        self.learner.server = self.second
        with self.learner.http as http:
            audio = http.get(f"/api/v1/speech-practice/sessions/{started['session_id']}/audio").content
        transcript = self.learner.session(started["session_id"])["transcript"]
        self.learner.server = self.first
        return Outcome(
            max(0, acknowledged - resumed["next_seq"]),
            resumed["next_seq"],
            acknowledged,
            transcript,
            audio[44:] == b"".join(self.parts),
            resume_ms,
        )

    @staticmethod
    def _what_was_acknowledged(live: Live) -> int:
        acknowledged = max((m["next_seq"] for m in live.messages if m["type"] == "ack"), default=0)
        try:
            while True:
                message = json.loads(live.socket.recv(timeout=5))
                if message["type"] == "ack":
                    acknowledged = max(acknowledged, message["next_seq"])
        except (ConnectionClosed, TimeoutError, struct.error):
            return acknowledged
