"""The WebSocket, message by message, against contract/ws.schema.json."""

import base64
import json
import struct
import time

import pytest
from audio_bytes import pcm_of_wav, silence
from conftest import REFERENCE, SESSIONS
from contract import check, words_of
from websockets.exceptions import ConnectionClosed
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
        self.send(type="start_session", audio=audio or {"format": "pcm_s16le", "sample_rate": 16000},
                  **({"mode": "sentence_practice", "reference_text": REFERENCE} | fields))
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

    def finish(self, started: dict, last_seq: int) -> dict:
        self.send(type="end_recording", session_id=started["session_id"], last_seq=last_seq)
        while True:
            message = self.until("analysis_complete", "error")
            if message["type"] == "analysis_complete" or message["code"] not in ("stt_failed", "prosody_failed", "feedback_degraded"):
                return message


@pytest.fixture
def live(server):
    with Live(server, server.guest().token, open_timeout=10) as client:
        assert client.receive()["type"] == "hello"
        yield client


@pytest.mark.parametrize("as_json", [False, True], ids=["binary", "base64"])
def test_from_first_chunk_to_feedback(live, recording, as_json):
    started = live.start()
    assert started["type"] == "session_started"
    last = live.stream(started, pcm_of_wav(recording("good.wav")), as_json=as_json)
    done = live.finish(started, last)
    assert done["type"] == "analysis_complete"
    assert done["status"] == "completed"
    kinds = [m["type"] for m in live.messages]
    assert kinds.index("transcription") < kinds.index("analysis_complete")
    assert kinds.index("prosody_features") < kinds.index("analysis_complete")
    assert kinds.count("analysis_complete") == 1
    final = next(m for m in live.messages if m["type"] == "transcription" and m["is_final"])
    assert words_of(final["text"]) == words_of(REFERENCE)
    percents = [m["percent"] for m in live.messages if m["type"] == "progress"]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    events = [m["event"] for m in live.messages if m["type"] in ("progress", "transcription", "prosody_features", "analysis_complete")]
    assert events == sorted(set(events))


def test_streamed_and_uploaded_score_the_same(server, recording):
    learner = server.guest()
    uploaded = learner.upload(recording("good.wav"), "a.wav").json()
    scores = []
    for chunk in (320, 3200, 20000):
        with Live(server, learner.token) as live:
            started = live.start()
            done = live.finish(started, live.stream(started, pcm_of_wav(recording("good.wav")), chunk=chunk))
            scores.append(done["scores"])
        with learner.http as http:
            streamed = http.get(f"{SESSIONS}/{started['session_id']}").json()
        for key in ("transcript", "words", "pronunciation", "miscues", "prosody_features"):
            assert streamed[key] == uploaded[key], f"{key}, in chunks of {chunk}"
    assert scores == [uploaded["scores"]] * 3


@pytest.mark.parametrize(("name", "audio"), [("good.webm", {"format": "webm_opus"}), ("good.ogg", {"format": "ogg_opus"})])
def test_containers_are_streamed_too(live, recording, name, audio):
    started = live.start(audio=audio)
    done = live.finish(started, live.stream(started, recording(name), chunk=1000))
    assert done["type"] == "analysis_complete"


def test_several_sessions_on_one_connection(live, recording):
    for _ in range(2):
        started = live.start()
        assert live.finish(started, live.stream(started, pcm_of_wav(recording("good.wav"))))["type"] == "analysis_complete"


def test_silence_is_told_kindly(live):
    started = live.start(locale="vi")
    error = live.finish(started, live.stream(started, pcm_of_wav(silence(2))))
    assert error["type"] == "error"
    assert error["code"] == "no_speech"
    assert "Mình chưa nghe thấy giọng của bạn" in error["message"]


def test_more_than_a_minute_is_refused(live):
    started = live.start()
    live.stream(started, bytes(16000 * 2 * 62), chunk=32000)
    error = live.until("error")
    assert error["code"] == "audio_too_long"


def test_a_missing_chunk_is_asked_for(live, recording):
    started = live.start()
    pcm = pcm_of_wav(recording("good.wav"))
    parts = [pcm[i : i + CHUNK] for i in range(0, len(pcm), CHUNK)]
    for seq, part in enumerate(parts):
        if seq != 3:
            live.socket.send(struct.pack("<II", started["stream_id"], seq) + part)
    request = live.until("chunk_request", "error")
    assert request["type"] == "chunk_request", request
    assert request["from_seq"] <= 3 <= request["to_seq"]
    for seq in range(request["from_seq"], len(parts)):
        live.socket.send(struct.pack("<II", started["stream_id"], seq) + parts[seq])
    assert live.finish(started, len(parts) - 1)["type"] == "analysis_complete"


def test_mistakes_are_named_and_the_connection_goes_on(live):
    live.socket.send("this is not json")
    assert live.until("error")["code"] == "bad_json"
    live.socket.send('{"type": "sing"}')
    assert live.until("error")["code"] == "unknown_type"
    live.socket.send('{"type": "start_session", "mode": "karaoke", "audio": {"format": "pcm_s16le", "sample_rate": 16000}}')
    assert live.until("error")["code"] == "bad_field"
    live.socket.send('{"type": "start_session", "mode": "conversation", "audio": {"format": "mp3"}}')
    assert live.until("error")["code"] in ("unsupported_format", "bad_field")
    live.socket.send('{"type": "end_recording", "session_id": "00000000-0000-4000-8000-000000000000", "last_seq": 0}')
    assert live.until("error")["code"] in ("session_not_found", "wrong_state")
    live.socket.send('{"type": "ping"}')
    assert live.until("pong")


def test_cancel_abandons(live, server):
    started = live.start()
    live.stream(started, bytes(32000))
    live.send(type="cancel", session_id=started["session_id"])
    assert live.start()["type"] == "session_started"


def test_only_with_a_token(server):
    with Live(server, None) as client, pytest.raises(ConnectionClosed) as closed:
        client.socket.recv(timeout=10)
        client.socket.recv(timeout=10)
    assert closed.value.rcvd.code == 4401


def test_not_from_a_foreign_page(server):
    token = server.guest().token
    try:
        with Live(server, token, origin="https://evil.example") as client:
            client.socket.recv(timeout=10)
            client.socket.recv(timeout=10)
    except ConnectionClosed as closed:
        assert closed.rcvd.code in (1008, 4403)
    except Exception as refused:  # the handshake itself may be refused
        assert "403" in str(refused)
    else:
        pytest.fail("a foreign origin was let in")


def test_a_lost_connection_leaves_an_interrupted_session(server):
    learner = server.guest()
    with Live(server, learner.token) as live:
        started = live.start()
        live.stream(started, bytes(32000))
    deadline = time.monotonic() + 10
    while learner.session(started["session_id"])["status"] != "interrupted":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_draining_server_says_so(own_server):
    own_server.start()
    with Live(own_server, own_server.guest().token) as live:
        live.receive()
        own_server.process.terminate()
        assert live.until("going_away")["retry_after_ms"] > 0
        with pytest.raises(ConnectionClosed) as closed:
            live.receive()
        assert closed.value.rcvd.code == 1001
    assert own_server.process.wait(timeout=30) == 0
