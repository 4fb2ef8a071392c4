"""The WebSocket, message by message, against contract/ws.schema.json."""

import struct

import pytest
from audio_bytes import pcm_of_wav, silence
from conftest import REFERENCE, SESSIONS
from contract import check, words_of
from live_client import CHUNK, Live
from websockets.exceptions import ConnectionClosed
from waiting import wait_until

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
    kept = ("prosody_features", "pronunciation", "analysis_complete")
    events = [m["event"] for m in live.messages if m["type"] in kept or (m["type"] == "transcription" and m["is_final"])]
    assert events == list(range(1, len(events) + 1))
    acknowledged = [m["next_seq"] for m in live.messages if m["type"] == "ack"]
    assert acknowledged == sorted(set(acknowledged))
    assert acknowledged[-1] == last + 1


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


CONTAINERS = [("good.webm", {"format": "webm_opus"}), ("good.ogg", {"format": "ogg_opus"})]


@pytest.mark.parametrize(("name", "audio"), CONTAINERS)
def test_containers_streamed_and_uploaded_score_the_same(server, recording, name, audio):
    learner = server.guest()
    uploaded = learner.upload(recording(name), name).json()
    with Live(server, learner.token) as live:
        started = live.start(audio=audio)
        done = live.finish(started, live.stream(started, recording(name), chunk=1000))
        assert done["type"] == "analysis_complete"
        assert done["scores"] == uploaded["scores"]
    with learner.http as http:
        streamed = http.get(f"{SESSIONS}/{started['session_id']}").json()
    for key in ("transcript", "words", "pronunciation", "miscues", "prosody_features"):
        assert streamed[key] == uploaded[key], key


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


@pytest.mark.parametrize(("language", "said"), [("vi", "từ tiếng Anh"), ("en", "English word")])
def test_a_text_that_nobody_can_read_is_refused_in_the_learners_language(live, language, said):
    error = live.start(reference_text="...", locale=language, client_ref="mine")
    assert (error["code"], error["field"], error["client_ref"]) == ("bad_field", "reference_text", "mine")
    assert said in error["message"]
    assert live.start()["type"] == "session_started"


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
    wait_until(lambda: learner.session(started["session_id"])["status"] == "interrupted", 10)


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
