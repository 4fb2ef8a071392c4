"""A connection that breaks, a server that dies: what was acknowledged is safe."""

import threading

from audio_bytes import pcm_of_wav
from conftest import REFERENCE
from contract import words_of
from kill_rounds import Round
from live_client import CHUNK, Live
from waiting import wait_until

PARTS = 12


def parts_of(recording, name: str = "good.wav") -> list[bytes]:
    pcm = pcm_of_wav(recording(name))
    return [pcm[i : i + CHUNK] for i in range(0, len(pcm), CHUNK)]


def go_on(live: Live, resumed: dict, parts: list[bytes]) -> dict:
    for seq in range(resumed["next_seq"], len(parts)):
        live.send_chunk(resumed["stream_id"], seq, parts[seq])
    return live.finish(resumed, len(parts) - 1)


def test_a_dropped_connection_goes_on_where_it_was(server, recording):
    learner = server.guest()
    parts = parts_of(recording)
    with Live(server, learner.token) as live:
        started = live.start()
        for seq in range(PARTS):
            live.send_chunk(started["stream_id"], seq, parts[seq])
        live.until_safe(PARTS)
        live.socket.socket.close()
    with Live(server, learner.token) as live:
        resumed = live.resume(started["session_id"])
        assert resumed["state"] == "recording"
        assert resumed["next_seq"] == PARTS
        done = go_on(live, resumed, parts)
    assert done["type"] == "analysis_complete"
    uploaded = learner.upload(recording("good.wav"), "a.wav").json()
    assert done["scores"] == uploaded["scores"], "as if nothing had happened"


def test_the_connection_before_need_not_have_ended(server, recording):
    learner = server.guest()
    parts = parts_of(recording)
    with Live(server, learner.token) as before, Live(server, learner.token) as live:
        started = before.start()
        before.send_chunk(started["stream_id"], 0, parts[0])
        before.until_safe(1)
        resumed = live.resume(started["session_id"])
        assert resumed["next_seq"] == 1
        before.send_chunk(started["stream_id"], 1, parts[1])
        assert before.until("error")["code"] == "wrong_state"
        assert go_on(live, resumed, parts)["type"] == "analysis_complete"


def test_what_was_missed_is_told_once(server, recording):
    learner = server.guest()
    with Live(server, learner.token) as live:
        started = live.start()
        last = live.stream(started, pcm_of_wav(recording("good.wav")))
        live.send(type="end_recording", session_id=started["session_id"], last_seq=last)
        while not (heard := live.until("transcription"))["is_final"]:
            pass
    learner.wait_until_final(started["session_id"])
    for _ in range(2):
        with Live(server, learner.token) as live:
            resumed = live.resume(started["session_id"], heard["event"])
            assert resumed["state"] == "completed"
            done = live.until("analysis_complete")
            events = [m["event"] for m in live.messages if m["type"] in ("prosody_features", "pronunciation", "analysis_complete")]
            assert events == list(range(heard["event"] + 1, heard["event"] + 1 + len(events)))
    with Live(server, learner.token) as live:
        live.resume(started["session_id"], done["event"])
        live.send(type="ping")
        live.until("pong")
        assert not [m for m in live.messages if m["type"] == "analysis_complete"]


def test_nobody_else_goes_on(server, recording):
    with Live(server, server.guest().token) as live, Live(server, server.guest().token) as other:
        started = live.start()
        assert other.resume(started["session_id"])["code"] == "session_not_found"


def test_after_the_window_it_has_expired(own_server):
    own_server.start(live__resume_window_s="1")
    learner = own_server.guest()
    with Live(own_server, learner.token) as live:
        assert live.receive()["resume_window_s"] == 1
        started = live.start()
        live.send_chunk(started["stream_id"], 0, bytes(3200))
        live.until_safe(1)
    wait_until(lambda: learner.session(started["session_id"])["status"] == "abandoned", 30)
    with Live(own_server, learner.token) as live:
        assert live.resume(started["session_id"])["code"] == "session_expired"


def test_another_server_goes_on_after_a_kill(own_server, second_server, recording):
    """A short round of `make chaos`."""
    own_server.start()
    second_server.start()
    learner = own_server.guest()
    parts = parts_of(recording)
    for kill_after in (3, 17):
        outcome = Round(own_server, second_server, learner, parts, kill_after).run()
        assert outcome.lost == 0
        assert words_of(outcome.transcript) == words_of(REFERENCE)
        own_server.start()


def test_an_analysis_cut_off_by_a_kill_is_heard_elsewhere(own_server, second_server, recording):
    own_server.start()
    second_server.start()
    learner = own_server.guest()
    with Live(own_server, learner.token) as live:
        started = live.start()
        last = live.stream(started, pcm_of_wav(recording("good.wav")))
        live.send(type="end_recording", session_id=started["session_id"], last_seq=last)
        while live.until("progress")["stage"] == "listening":
            pass
        own_server.kill()
    learner.server = second_server
    with Live(second_server, learner.token) as live:
        live.resume(started["session_id"])
        assert live.until("analysis_complete")["status"] == "completed"


def test_learners_at_two_servers_do_not_disturb_each_other(own_server, second_server, recording):
    own_server.start()
    second_server.start()
    outcomes = []

    def practise(server):
        with Live(server, own_server.guest().token) as live:
            started = live.start()
            outcomes.append(live.finish(started, live.stream(started, pcm_of_wav(recording("good.wav"))))["type"])

    threads = [threading.Thread(target=practise, args=(server,)) for server in (own_server, second_server)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == ["analysis_complete"] * 2
