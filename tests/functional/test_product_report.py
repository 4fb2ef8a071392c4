"""What learners think of the feedback, and how the product does."""


import httpx
from conftest import SESSIONS
from waiting import wait_until

REPORT = "/api/v1/admin/report"
MEANS = ("sessions_a_week", "score_change_30_days", "retention_30_days", "mean_stars")


def report_of(learners: int, http: httpx.Client) -> dict:
    """A result may be read in the moment before it is counted."""

    def once_counted() -> dict | None:
        report = http.get(REPORT).json()
        return report if report["active_learners"] == learners else None

    return wait_until(once_counted, 30)


def test_stars_count_in_the_report(own_server, recording):
    server = own_server.start()
    learner = server.guest()
    session = learner.upload(recording("good.wav"), "a.wav").json()
    with server.somebody("admin").http as ours, learner.http as theirs:
        unspoken = theirs.post(SESSIONS, json={"mode": "conversation"}).json()
        assert theirs.post(f"{SESSIONS}/{unspoken['id']}/rating", json={"stars": 5}).status_code == 409, "there is no advice yet"
        stars = f"{SESSIONS}/{session['id']}/rating"
        assert theirs.get(stars).json() == {"stars": None}
        for wrong in (0, 6, "5", None, 4.5):
            assert theirs.post(stars, json={"stars": wrong}).json()["field"] == "stars"
        assert theirs.post(stars, json={"stars": 1}).json() == {"stars": 1}
        assert theirs.post(stars, json={"stars": 4}).json() == {"stars": 4}
        assert theirs.get(stars).json() == {"stars": 4}
        exported = {each["id"]: each for each in theirs.get("/api/v1/auth/me/export").json()["sessions"]}
        assert exported[session["id"]]["stars"] == 4
        assert ours.get(stars).status_code == ours.post(stars, json={"stars": 5}).status_code == 404

        for given in (5, 5, 3):
            other = server.guest()
            theirs_too = other.upload(recording("good.wav"), "a.wav").json()
            with other.http as others:
                others.post(f"{SESSIONS}/{theirs_too['id']}/rating", json={"stars": given}).raise_for_status()
        four = report_of(4, ours)
        assert (four["active_learners"], four["ratings"]) == (4, 4)
        assert [four[mean] for mean in MEANS] == [None] * 4, "of four, a mean says something of each"
        fifth = server.guest()
        theirs_too = fifth.upload(recording("good.wav"), "a.wav").json()
        with fifth.http as others:
            others.post(f"{SESSIONS}/{theirs_too['id']}/rating", json={"stars": 3}).raise_for_status()
        five = report_of(5, ours)
        assert (five["active_learners"], five["sessions_a_week"], five["ratings"], five["mean_stars"]) == (5, 0.25, 5, 4.0)
        assert (five["starters"], five["retention_30_days"], five["score_change_30_days"]) == (0, None, None), "nobody is here for a month"
        assert theirs.delete(f"{SESSIONS}/{session['id']}").status_code == 204
        assert ours.get(REPORT).json()["ratings"] == 4
