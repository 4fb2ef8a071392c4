"""Scores that learners say are wrong."""

import pytest
from conftest import SESSIONS, Learner

OPEN = "/api/v1/admin/disputes"


@pytest.fixture(scope="module")
def admin(server) -> Learner:
    return server.somebody("admin", "Anh Minh")


def test_a_disputed_score_is_kept_until_somebody_has_listened(server, learner, admin, recording):
    session = learner.upload(recording("good.wav"), "a.wav").json()
    with learner.http as theirs, admin.http as ours:
        unspoken = theirs.post(SESSIONS, json={"mode": "conversation"}).json()
        assert theirs.post(f"{SESSIONS}/{unspoken['id']}/disputes", json={"score": "fluency"}).status_code == 409, "nothing is scored yet"
        disputes = f"{SESSIONS}/{session['id']}/disputes"
        for wrong in ({}, {"score": "beauty"}, {"score": 7}, {"score": "fluency", "text": "a" * 1001}):
            assert theirs.post(disputes, json=wrong).status_code == 400
        first = theirs.post(disputes, json={"score": "fluency", "text": "Mình không hề dừng lại."})
        assert first.status_code == 201, first.text
        assert first.json()["given"] == session["scores"]["fluency"]
        again = theirs.post(disputes, json={"score": "fluency", "text": " Mình nói liền một mạch. "}).json()
        assert again["id"] == first.json()["id"], "said anew, not twice"
        assert theirs.get(f"{OPEN}/{again['id']}/audio").status_code == 403

        (shown,) = [each for each in ours.get(OPEN).json()["disputes"] if each["session_id"] == session["id"]]
        assert (shown["score"], shown["text"], shown["transcript"]) == ("fluency", "Mình nói liền một mạch.", session["transcript"])
        assert ours.get(OPEN, params={"after": shown["id"]}).json()["disputes"] == []
        assert ours.get(f"{OPEN}/{shown['id']}/audio").content == recording("good.wav")
        assert ours.get(f"{SESSIONS}/{session['id']}").status_code == 404, "open is what was disputed, and by this door alone"
        seen = [(access["action"], access["by"]["name"]) for access in theirs.get("/api/v1/auth/me/accesses").json()["accesses"]]
        assert seen == [("heard", "Anh Minh"), ("read", "Anh Minh")]

        assert ours.post(f"{OPEN}/{shown['id']}/review").status_code == 204
        assert ours.post(f"{OPEN}/{shown['id']}/review").status_code == 404
        assert ours.get(f"{OPEN}/{shown['id']}/audio").status_code == 404, "closed again"
        assert ours.get(OPEN).json()["disputes"] == []
        reopened = theirs.post(disputes, json={"score": "fluency"}).json()
        assert ours.get(f"{OPEN}/{reopened['id']}/audio").status_code == 200
        assert theirs.delete(f"{SESSIONS}/{session['id']}").status_code == 204
        assert ours.get(OPEN).json()["disputes"] == [], "gone with its session"
