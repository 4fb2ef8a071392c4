"""What learners think of the feedback, and how the product does."""

import uuid

from conftest import SESSIONS, Learner, run

REPORT = "/api/v1/admin/report"


def test_stars_count_in_the_report(server, recording):
    email = f"{uuid.uuid4().hex}@example.org"
    assert run("user", "add", email, "--role", "admin", stdin="a good password\n", **server.settings).returncode == 0
    learner = server.guest()
    session = learner.upload(recording("good.wav"), "a.wav").json()
    with Learner(server, run("user", "token", email, **server.settings).stdout.strip()).http as ours, learner.http as theirs:
        stars = f"{SESSIONS}/{session['id']}/rating"
        before = ours.get(REPORT).json()
        assert theirs.get(stars).json() == {"stars": None}
        for wrong in (0, 6, "5", None, 4.5):
            assert theirs.post(stars, json={"stars": wrong}).json()["field"] == "stars"
        assert theirs.post(stars, json={"stars": 1}).json() == {"stars": 1}
        assert theirs.post(stars, json={"stars": 4}).json() == {"stars": 4}
        assert theirs.get(stars).json() == {"stars": 4}
        assert theirs.get("/api/v1/auth/me/export").json()["sessions"][0]["stars"] == 4
        assert ours.get(stars).status_code == ours.post(stars, json={"stars": 5}).status_code == 404
        after = ours.get(REPORT).json()
        assert after["ratings"] == before["ratings"] + 1
        assert 1 <= after["mean_stars"] <= 5
        assert after["active_learners"] >= 1
        assert after["sessions_a_week"] > 0
        assert after["starters"] == 0, "nobody is here for a month"
        assert after["retention_30_days"] is None
        assert theirs.delete(f"{SESSIONS}/{session['id']}").status_code == 204
        assert ours.get(REPORT).json()["ratings"] == before["ratings"]
