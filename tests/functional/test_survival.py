"""What is acknowledged is not lost."""

import time

import httpx
import pytest
from conftest import SESSIONS
from waiting import wait_until


def test_killed_between_upload_and_analysis(own_server, recording):
    # Ten recordings, one worker: when the last upload is answered most are not analysed yet.
    own_server.start(pipeline__workers="1")
    learner = own_server.guest()
    ids = []
    for _ in range(10):
        answer = learner.upload(recording("good.wav"), "a.wav", wait=0)
        assert answer.status_code == 202
        ids.append(answer.json()["id"])
    own_server.kill()

    [(unfinished,)] = own_server.sql("SELECT count(*) FROM speech_practice_sessions WHERE status = 'processing'")
    assert unfinished >= 5, "the kill came too late to show anything"

    own_server.start()
    for session_id in ids:
        session = learner.wait_until_final(session_id)
        assert session["status"] == "completed"
        assert "girl" in session["transcript"]
    assert own_server.sql("SELECT count(*) FROM speech_practice_sessions WHERE status = 'completed'") == [(10,)]
    # A job is ticked off only once its result is kept, which is a moment after the result can be read.
    wait_until(lambda: own_server.sql("SELECT count(*) FROM jobs") == [(0,)], 10, "an analysed recording's job stays")


@pytest.mark.parametrize("delay_ms", [0, 40, 120, 250, 400])
def test_killed_while_analysing(delay_ms, own_server, recording):
    own_server.start()
    learner = own_server.guest()
    session_id = learner.upload(recording("long.wav"), "a.wav", wait=0, mode="conversation").json()["id"]
    time.sleep(delay_ms / 1000)  # the moment of the kill is what this test varies
    own_server.kill()
    own_server.start()
    assert learner.wait_until_final(session_id)["status"] == "completed"


def test_a_recording_that_dies_with_the_process_is_given_up(own_server, recording):
    own_server.start(pipeline__workers="1")
    learner = own_server.guest()
    session_id = learner.upload(recording("long.wav"), "a.wav", wait=0, mode="conversation").json()["id"]
    own_server.kill()
    if not own_server.sql(f"UPDATE jobs SET attempt = 3 WHERE session_id = '{session_id}' RETURNING id"):
        pytest.skip("the analysis was done before the kill")
    own_server.start()
    session = learner.wait_until_final(session_id)
    assert session["status"] == "failed"
    assert session["error"]["code"] == "internal"


def test_stop_drains_and_the_rest_waits_for_the_next_start(own_server, recording):
    own_server.start(pipeline__workers="1")
    learner = own_server.guest()
    ids = [learner.upload(recording("good.wav"), "a.wav", wait=0).json()["id"] for _ in range(6)]
    assert own_server.stop() == 0
    own_server.start()
    assert {learner.wait_until_final(i)["status"] for i in ids} == {"completed"}


def test_an_upload_that_cannot_be_kept_is_sent_again(own_server, recording):
    own_server.start()
    learner = own_server.guest()
    with learner.http as http:
        user_id = http.get("/api/v1/auth/me").json()["id"]
    with own_server.broken_audio_store(user_id):
        refused = learner.upload(recording("good.wav"), "a.wav")
    assert refused.status_code == 503
    problem = refused.json()
    assert problem["code"] == "storage_unavailable"
    assert problem["retryable"]
    session_id = problem["session_id"]
    assert learner.session(session_id)["status"] == "awaiting_audio"

    with learner.http as http:
        again = http.post(f"{SESSIONS}/{session_id}/audio", params={"wait": 30}, content=recording("good.wav"), headers={"Content-Type": "audio/wav"})
    assert again.status_code == 200, again.text
    assert again.json()["status"] == "completed"


def test_tokens_outlive_the_process(own_server):
    own_server.start()
    learner = own_server.guest()
    own_server.kill()
    own_server.start()
    assert httpx.get(f"{own_server.url}/api/v1/auth/me", headers={"Authorization": f"Bearer {learner.token}"}).status_code == 200


def test_without_its_model_the_voice_alone_is_scored(own_server, recording):
    """Speech to text fails for good: a time limit that no recording meets."""
    own_server.start(stt__time_limit_ms="100", stt__threads="1", stt__fallback_model="")
    learner = own_server.guest()
    session = learner.upload(recording("long.wav") , "a.wav", mode="conversation").json()
    assert session["status"] == "degraded", session
    assert [f["stage"] for f in session["failures"]] == ["transcribing"]
    assert session["failures"][0]["code"] == "stt_failed"
    assert session["transcript"] == ""
    assert session["scores"]["prosody"] > 0
    assert session["feedback"]["conversational"]
    assert not session["degraded_mode"]
