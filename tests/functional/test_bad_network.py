"""A learner behind a bad network gets the same result as any other."""

from concurrent.futures import ThreadPoolExecutor

from audio_bytes import pcm_of_wav
from bad_network import BadNetwork, Weather
from live_client import CHUNK, Live
from websockets.exceptions import ConnectionClosed

WEATHERS = {
    "delayed": Weather(delay_s=(0.01, 0.08)),
    "throttled": Weather(bytes_per_s=60_000, max_piece=1400),
    "in pieces": Weather(max_piece=700),
    "hung up": Weather(delay_s=(0.0, 0.005), hang_up_after=(12_000, 40_000)),
}


class Persistent:
    """Resumes as often as it must; keeps what was not acknowledged."""

    def __init__(self, server, token: str, parts: list[bytes]):
        self.server, self.token, self.parts = server, token, parts
        self.session: dict | None = None
        self.last_event = 0
        self.connections = 0

    def practise(self) -> dict:
        for _ in range(60):
            try:
                with Live(self.server, self.token, open_timeout=20) as live:
                    self.connections += 1
                    try:
                        return self._once(live)
                    finally:
                        self.last_event = max([self.last_event, *(m.get("event", 0) for m in live.messages)])
            except (ConnectionClosed, OSError, EOFError):
                continue
        raise AssertionError("never finished")

    def _once(self, live: Live) -> dict:
        if self.session is None:
            self.session = live.start()
            stream, next_seq = self.session["stream_id"], 0
        else:
            resumed = live.resume(self.session["session_id"], self.last_event)
            assert resumed["type"] == "resumed", resumed
            stream, next_seq = resumed.get("stream_id"), resumed["next_seq"]
        if stream is None:
            return live.until("analysis_complete")
        for seq in range(next_seq, len(self.parts)):
            live.send_chunk(stream, seq, self.parts[seq])
        return live.finish(self.session, len(self.parts) - 1)


class Through:
    """The server as it is seen through a proxy."""

    def __init__(self, server, proxy: BadNetwork):
        self.url = server.url.rsplit(":", 1)[0] + f":{proxy.port}"


def test_the_result_is_the_same(server, recording):
    """In every weather at once, each for a learner of its own."""
    pcm = pcm_of_wav(recording("good.wav"))
    parts = [pcm[i : i + CHUNK] for i in range(0, len(pcm), CHUNK)]
    port = int(server.url.rsplit(":", 1)[1])

    def practise(kind: str) -> tuple[dict, int, int]:
        with BadNetwork(port, WEATHERS[kind]) as network:
            client = Persistent(Through(server, network), server.guest().token, parts)
            return client.practise(), network.hang_ups, client.connections

    with ThreadPoolExecutor(len(WEATHERS)) as threads:
        under_way = {kind: threads.submit(practise, kind) for kind in WEATHERS}
        uploaded = server.guest().upload(recording("good.wav"), "a.wav").json()
        for kind, outcome in under_way.items():
            done, hang_ups, connections = outcome.result()
            assert done["scores"] == uploaded["scores"], kind
            if kind == "hung up":
                assert hang_ups >= 2
                assert connections == hang_ups + 1
