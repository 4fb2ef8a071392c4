"""Teachers rate readings, and scores follow."""

import re

import pytest
from conftest import run

CONSENT = "/api/v1/auth/me/rating-consent"
RATINGS = "/api/v1/ratings"


def rated_by(points: float) -> dict:
    return dict.fromkeys(("accuracy", "fluency", "prosodic", "total"), points)


def test_consenting_learners_are_rated_blind_and_scores_follow(own_server, recording):
    server = own_server.start()
    readers = [server.guest() for _ in range(5)]
    unwilling = server.guest().upload(recording("good.wav"), "a.wav").json()
    for reader in readers:
        with reader.http as http:
            assert http.get(CONSENT).json() == {"is_given": False}, "nobody is heard by default"
            assert http.put(CONSENT, json={"is_given": "yes"}).json()["field"] == "is_given"
            assert http.put(CONSENT, json={"is_given": True}).json() == {"is_given": True}
    sessions = {reader.upload(recording("good.wav"), "a.wav").json()["id"]: reader for reader in readers}
    before = readers[0].session(next(iter(sessions)))
    teachers = [server.somebody("teacher"), server.somebody("teacher")]
    with teachers[0].http as first, teachers[1].http as second, readers[0].http as theirs:
        assert theirs.get(f"{RATINGS}/next").status_code == 403
        assert first.get(f"{RATINGS}/{unwilling['id']}/audio").status_code == 404
        begun = first.get(f"{RATINGS}/next").json()["task"]
        assert set(begun) == {"session_id", "reference_text", "raters"}, "neither who it is nor what the program thought"
        one = f"{RATINGS}/{begun['session_id']}"
        others = [begun["session_id"]]
        while task := first.get(f"{RATINGS}/next", params={"after": others[-1]}).json()["task"]:
            others.append(task["session_id"])
        assert len(set(others)) == len(others) == 5, "each may be passed over"
        assert first.get(f"{RATINGS}/next", params={"after": "one"}).json()["field"] == "after"
        assert first.get(f"{one}/audio").content == recording("good.wav")
        with sessions[begun["session_id"]].http as its:
            assert [access["action"] for access in its.get("/api/v1/auth/me/accesses").json()["accesses"]] == ["heard_to_rate"]
        for wrong in (rated_by(11), rated_by(-1), rated_by(5.5), {"accuracy": 5}):
            assert first.put(one, json=wrong).status_code == 400
        assert first.put(one, json=rated_by(9)).json() == rated_by(9)
        assert second.get(f"{RATINGS}/next").json()["task"] == begun | {"raters": 1}, "begun before is finished first"
        for rater, points in ((first, 2), (second, 3)):
            while task := rater.get(f"{RATINGS}/next").json()["task"]:
                assert rater.put(f"{RATINGS}/{task['session_id']}", json=rated_by(points)).status_code == 200
        assert first.put(one, json=rated_by(2)).status_code == 200, "thought better of"

    with server.somebody("admin").http as ours:
        agreement = ours.get("/api/v1/admin/agreement").json()["ratings"]
        assert [row["recordings"] for row in agreement] == [5, 5, 5, 5]
        assert agreement[0]["mean_difference"] == pytest.approx(before["pronunciation"]["ratings"]["accuracy"] - 2.5, abs=0.01)
        assert agreement[0]["between_raters"] is None or agreement[0]["between_raters"] < 0.01, "always a point apart"
    few = run("calibrate", **server.settings)
    assert few.returncode == 0
    assert "too few" in few.stdout
    dry = run("calibrate", "--least", "5", "--dry-run", **server.settings)
    assert len(re.findall("shown = ", dry.stdout)) == 3, dry.stdout
    assert "kept" not in dry.stdout
    assert "kept" in run("calibrate", "--least", "5", **server.settings).stdout
    server.stop()
    server.start()
    after = server.guest().upload(recording("good.wav"), "a.wav").json()
    assert after["pronunciation"]["ratings"] == before["pronunciation"]["ratings"], "as the program gave them"
    for score in ("pronunciation", "fluency", "prosody"):
        assert after["scores"][score] < before["scores"][score] - 0.3, "these teachers are strict"

    with readers[0].http as theirs:
        (exported,) = theirs.get("/api/v1/auth/me/export").json()["sessions"]
        assert sorted(each["total"] for each in exported["human_ratings"]) == [2, 3]
        assert theirs.put(CONSENT, json={"is_given": False}).status_code == 200
        assert theirs.get("/api/v1/auth/me/export").json()["sessions"][0]["human_ratings"] == []
