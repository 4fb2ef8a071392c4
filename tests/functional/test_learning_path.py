"""Which sentences to read next."""

import datetime

import conftest
from conftest import SESSIONS, run
from waiting import wait_until

PATH = "/api/v1/speech-practice/learning-path"


def move_back(server, session_id: str, days: int) -> None:
    """As if the session had been held so many days ago."""
    interval = f"interval '{days} days'" if conftest.postgresql else str(days * 86_400_000)
    server.sql(f"UPDATE speech_practice_sessions SET created_at = created_at - {interval} WHERE id = '{session_id}'")


def path_once_counted(http) -> dict:
    """A result may be read in the moment before it is counted."""

    def once_counted() -> dict | None:
        path = http.get(PATH).json()
        return path if path["items"][0]["review"] else None

    return wait_until(once_counted, 20)


def test_a_beginner_gets_easy_sentences(server, learner):
    with learner.http as http:
        path = http.get(PATH, params={"limit": 5}).json()
        assert (path["due"], path["weak_sounds"]) == (0, [])
        assert [(item["reason"], item["review"]) for item in path["items"]] == [("new", None)] * 5
        assert {item["sentence"]["level"] for item in path["items"]} == {"A1"}
        assert http.patch("/api/v1/auth/me", json={"level": "B2"}).status_code == 200
        assert {item["sentence"]["level"] for item in http.get(PATH).json()["items"]} == {"B2"}
        for wrong in ("0", "51", "many"):
            assert http.get(PATH, params={"limit": wrong}).json()["field"] == "limit"


def test_a_sentence_comes_back_when_it_is_due(server, learner, recording):
    poor = learner.upload(recording("poor.wav"), "a.wav", reference_text="He turned around to face her.").json()
    with learner.http as http:
        form = {"mode": "sentence_practice", "sentence_id": "5"}
        session = http.post(SESSIONS, params={"wait": 60}, data=form, files={"audio": ("a.wav", recording("good.wav"))}).json()
        assert session["status"] == "completed", session
        path = path_once_counted(http)
        today = datetime.date.fromisoformat(path["date"])
        again = path["items"][0]
        assert (again["sentence"]["id"], again["reason"]) == (5, "again"), "another text was read: not good enough"
        assert again["review"]["readings"] == 1
        assert again["review"]["due_date"] == (today + datetime.timedelta(days=1)).isoformat()
        assert path["weak_sounds"]
        assert path["items"][1]["reason"] == "weak_sound"

        move_back(server, session["id"], days=3)
        user = http.get("/api/v1/auth/me").json()["id"]
        assert run("progress", "rebuild", str(user), **server.settings).returncode == 0
        path = http.get(PATH).json()
        assert path["due"] == 1
        assert (path["items"][0]["sentence"]["id"], path["items"][0]["reason"]) == (5, "due")
        assert path["items"][0]["review"]["due_date"] == (today - datetime.timedelta(days=2)).isoformat()

        for each in (session, poor):
            assert http.delete(f"{SESSIONS}/{each['id']}").status_code == 204
        path = http.get(PATH).json()
        assert (path["due"], {item["reason"] for item in path["items"]}) == (0, {"new"})
