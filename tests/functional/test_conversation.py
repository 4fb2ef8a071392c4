"""A conversation: several turns in one session, through the real socket."""

import pytest
from audio_bytes import pcm_of_wav
from conftest import SESSIONS
from contract import words_of
from live_client import CHUNK, Live

PCM = {"format": "pcm_s16le", "sample_rate": 16000}
HEARD = words_of("The girl was four at the time.")


@pytest.fixture
def spoken(recording) -> bytes:
    return pcm_of_wav(recording("good.wav"))


def begin(live: Live, topic: str = "food", **fields) -> tuple[dict, dict]:
    live.send(type="start_session", mode="conversation", topic=topic, audio=PCM, **fields)
    started = live.until("session_started", "error")
    assert started["type"] == "session_started", started
    assert started["turn"] == 1
    return started, live.until("coach_turn")


def next_turn(live: Live, session_id: str, **fields) -> dict:
    live.send(type="start_turn", session_id=session_id, audio=PCM, **fields)
    return live.until("turn_started", "error")


def in_order(messages: list[dict]) -> list[tuple[str, int]]:
    return [(m["type"], m.get("turn", 0)) for m in messages if m["type"] in ("coach_turn", "analysis_complete")]


def session_of(learner, session_id: str) -> dict:
    with learner.http as http:
        return http.get(f"{SESSIONS}/{session_id}").json()


def test_turns_of_one_session(server, spoken):
    learner = server.guest()
    with Live(server, learner.token) as live:
        started, opening = begin(live, level="A1")
        assert opening["say"] and opening["help_vi"] and not opening["is_last"]
        session_id = started["session_id"]
        assert live.finish(started, live.stream(started, spoken))["turn"] == 1

        turn = next_turn(live, session_id)
        assert turn["turn"] == 2
        # The learner falls silent: the server ends the turn, and what is still on its way does no harm.
        last = live.stream(turn, spoken + bytes(2 * 16000 * 5))
        ended = live.until("turn_ended", "analysis_complete", "error")
        assert ended["type"] == "turn_ended", ended
        spoken_chunks = len(spoken) // CHUNK
        assert spoken_chunks + 20 <= ended["last_seq"] <= spoken_chunks + 35, "after 2.5 s of silence"
        done = live.finish(turn, last)
        assert (done["type"], done["turn"]) == ("analysis_complete", 2)
        assert in_order(live.messages) == [
            ("coach_turn", 1), ("coach_turn", 2), ("analysis_complete", 1), ("coach_turn", 3), ("analysis_complete", 2)
        ]
        events = [m["event"] for m in live.messages if m["type"] in ("coach_turn", "analysis_complete")]
        assert events == sorted(set(events)), "each has its number"
        assert not [m for m in live.messages if m["type"] == "error"]

    session = session_of(learner, session_id)
    assert session["status"] == "completed"
    assert words_of(session["transcript"]) == HEARD * 2, "the session sums its turns up"
    assert [t["turn"] for t in session["turns"]] == [1, 2, 3]
    assert session["turns"][0]["coach"]["say"] == opening["say"]
    assert [words_of(t["analysis"]["transcript"]) for t in session["turns"][:2]] == [HEARD] * 2
    assert session["turns"][2]["analysis"] is None
    scores = [t["analysis"]["scores"]["overall"] for t in session["turns"][:2]]
    assert min(scores) - 1e-6 <= session["scores"]["overall"] <= max(scores) + 1e-6
    with learner.http as http:
        first = http.get(f"{SESSIONS}/{session_id}/audio", params={"turn": 1}).content
        assert pcm_of_wav(first) == spoken
        second = http.get(f"{SESSIONS}/{session_id}/audio", params={"turn": 2}).content
        assert second == http.get(f"{SESSIONS}/{session_id}/audio").content
        assert len(second) > len(first)
        assert http.get(f"{SESSIONS}/{session_id}/audio", params={"turn": 3}).status_code == 404
        assert http.delete(f"{SESSIONS}/{session_id}").status_code == 204
    assert server.sql(f"SELECT COUNT(*) FROM speech_practice_turns WHERE session_id = '{session_id}'") == [(0,)]


def test_a_turn_goes_on_after_a_kill_at_another_server(own_server, second_server, spoken):
    own_server.start()
    second_server.start()
    learner = own_server.guest()
    parts = [spoken[i : i + CHUNK] for i in range(0, len(spoken), CHUNK)]
    with Live(own_server, learner.token) as live:
        started, opening = begin(live)
        live.finish(started, live.stream(started, spoken))
        turn = next_turn(live, started["session_id"])
        for seq in range(7):
            live.send_chunk(turn["stream_id"], seq, parts[seq])
        live.until_safe(7)
        own_server.kill()
    learner.server = second_server
    with Live(second_server, learner.token) as live:
        resumed = live.resume(started["session_id"])
        assert (resumed["turn"], resumed["next_seq"], resumed["state"]) == (2, 7, "recording")
        for seq in range(7, len(parts)):
            live.send_chunk(resumed["stream_id"], seq, parts[seq])
        # Everything was asked for again: the first turn's end comes before the second's.
        assert live.finish(resumed, len(parts) - 1)["turn"] == 1
        done = live.until("analysis_complete")
        assert done["turn"] == 2
        replayed = in_order(live.messages)
        assert replayed == [("coach_turn", 1), ("coach_turn", 2), ("analysis_complete", 1), ("coach_turn", 3), ("analysis_complete", 2)]
    assert words_of(session_of(learner, started["session_id"])["transcript"]) == HEARD * 2


def test_a_turn_that_is_cancelled_leaves_those_before(server, spoken):
    learner = server.guest()
    with Live(server, learner.token) as live:
        started, _ = begin(live)
        session_id = started["session_id"]
        before = live.finish(started, live.stream(started, spoken))
        assert next_turn(live, session_id)["turn"] == 2
        assert next_turn(live, session_id)["code"] == "wrong_state", "one recording at a time"
        live.send(type="cancel", session_id=session_id)
        live.until("cancelled")
    session = session_of(learner, session_id)
    assert session["status"] == "completed"
    assert session["scores"] == before["scores"]
    # On another connection, which has heard nothing yet.
    with Live(server, learner.token) as live:
        turn = next_turn(live, session_id, last_event=before["event"])
        assert turn["turn"] == 2
        done = live.finish(turn, live.stream(turn, bytes(2 * 16000 * 2)))
        assert (done["code"], done["turn"]) == ("no_speech", 2)
    session = session_of(learner, session_id)
    assert session["status"] == "completed", "an answer without words does not undo the others"
    assert session["turns"][1]["error"]["code"] == "no_speech"
    assert session["turns"][2]["coach"]["say"], "the coach asks again"


def test_mistakes_are_named(server, spoken):
    learner = server.guest()
    with Live(server, learner.token) as live:
        live.send(type="start_session", mode="conversation", topic="karaoke", audio=PCM)
        assert live.until("error")["code"] == "bad_field"
        live.send(type="start_session", mode="sentence_practice", reference_text="A text.", topic="food", audio=PCM)
        assert live.until("error")["code"] == "bad_field"
        started, _ = begin(live, "at_the_cafe")
    with Live(server, server.guest().token) as other:
        assert next_turn(other, started["session_id"])["code"] == "session_not_found"
    with Live(server, learner.token) as live:
        alone = live.start()
        live.finish(alone, live.stream(alone, spoken))
        assert next_turn(live, alone["session_id"])["code"] == "wrong_state", "a sentence has no turns"
    with learner.http as http:
        topics = http.get("/api/v1/conversation/topics").json()["topics"]
    assert {"food", "at_the_cafe"} <= {t["id"] for t in topics}
    assert {t["kind"] for t in topics} == {"talk", "role_play", "task"}
