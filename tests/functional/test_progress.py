"""What practice adds up to."""

import datetime

from conftest import REFERENCE, SESSIONS, run
from waiting import wait_until

PROGRESS = "/api/v1/speech-practice/progress"
HABITS = "/api/v1/speech-practice/analytics/habits"
TRENDS = "/api/v1/speech-practice/analytics/trends"


def counted(http, sessions: int) -> dict:
    """The progress once it has so many; a result may be read in the moment before it is counted."""

    def once_counted() -> dict | None:
        progress = http.get(PROGRESS).json()
        return progress if progress["total_sessions"] == sessions else None

    return wait_until(once_counted, 20)


def habits_are_those_of(http, sessions: list[dict]) -> None:
    seen: dict[str, list[dict]] = {}
    for session in sessions:
        for pattern in session["pronunciation"]["patterns"]:
            seen.setdefault(pattern["id"], []).append(pattern)
    found = http.get(HABITS, headers={"Accept-Language": "en"}).json()
    assert found["recordings"] == len(sessions)
    often = {name: patterns for name, patterns in seen.items() if sum(p["times"] for p in patterns) > 1}
    assert often, "the recordings show no habit"
    assert {habit["id"] for habit in found["habits"]} == set(often)
    for habit in found["habits"]:
        patterns = often[habit["id"]]
        assert habit["times"] == sum(p["times"] for p in patterns)
        assert habit["recordings"] == len(patterns)
        assert set(habit["words"]) <= {word for p in patterns for word in p["words"]}
        assert (habit["tip"], habit["pairs"], habit["ipa"]) == (patterns[0]["tip_en"], patterns[0]["pairs"], patterns[0]["ipa"])
        assert habit["pairs"]


def test_sessions_add_up_and_the_rebuild_agrees(server, recording):
    learner = server.guest()
    with learner.http as http:
        nothing = http.get(PROGRESS).json()
        assert (nothing["total_sessions"], nothing["averages"], nothing["current_streak_days"]) == (0, None, 0)
        readings = [("good.wav", REFERENCE)] + 2 * [("poor.wav", "He turned around to face her.")]
        sessions = [learner.upload(recording(name), name, reference_text=text).json() for name, text in readings]
        progress = counted(http, 3)
        assert progress["current_streak_days"] == progress["longest_streak_days"] == 1
        for skill, mean in progress["averages"].items():
            assert abs(mean - sum(s["scores"][skill] for s in sessions) / 3) < 0.006, skill
        seconds = sum(s["audio"]["duration_s"] for s in sessions)
        assert abs(progress["today"]["minutes"] - seconds / 60) <= 0.051
        assert progress["last_practice_date"] == progress["today"]["date"]
        assert progress["weak_areas"]["skills"]
        habits_are_those_of(http, sessions)

        again = http.post(f"{SESSIONS}/{sessions[0]['id']}/retry", params={"wait": 60}, json={"full": True})
        assert again.status_code == 200, again.text
        after = http.get(PROGRESS).json()
        assert after["total_sessions"] == 3, "the same session counts once"
        user = http.get("/api/v1/auth/me").json()["id"]
        rebuilt = run("progress", "rebuild", str(user), **server.settings)
        assert rebuilt.stdout == "3 sessions of 1 users counted anew\n", rebuilt.stderr
        assert http.get(PROGRESS).json() == after
        assert http.delete(f"{SESSIONS}/{sessions[1]['id']}").status_code == 204
        assert http.get(PROGRESS).json()["total_sessions"] == 2


def test_trends_are_points_of_ones_own_days(server, recording):
    learner = server.guest()
    score = learner.upload(recording("good.wav"), "a.wav").json()["scores"]["overall"]
    with learner.http as http:
        counted(http, 1)
        today = datetime.date.fromisoformat(http.get(PROGRESS).json()["today"]["date"])
        monday = today - datetime.timedelta(days=today.weekday())
        for period, start in [("day", today), ("week", monday), ("month", today.replace(day=1))]:
            trends = http.get(TRENDS, params={"period": period}).json()
            assert [point["start"] for point in trends["points"]] == [start.isoformat()]
            point = trends["points"][0]
            assert point["sessions"] == 1
            assert abs(point["scores"]["overall"] - score) < 0.006
            assert trends["slope_per_week"] is None, "one day has no slope"
        assert http.get(TRENDS, params={"to": "2020-01-01"}).json()["points"] == []
        for wrong in ({"period": "year"}, {"from": "yesterday"}, {"from": "2026-02-30"}, {"from": "2026-02-01", "to": "2026-01-01"}, {"from": "1990-01-01"}):
            refused = http.get(TRENDS, params=wrong)
            assert (refused.status_code, refused.json()["code"]) == (400, "bad_field"), wrong


def test_what_was_achieved_is_told_in_the_learners_language(server, recording):
    learner = server.guest()
    learner.upload(recording("good.wav"), "a.wav").raise_for_status()
    with learner.http as http:
        progress = counted(http, 1)
        told = http.get("/api/v1/speech-practice/achievements", headers={"Accept-Language": "vi"}).json()["achievements"]
        first = next(each for each in told if each["id"] == "first_session")
        assert (first["title"], first["so_far"], first["goal"]) == ("Bài luyện đầu tiên", 1, 1)
        assert first["reached_on"] == progress["last_practice_date"]
        assert [each["so_far"] for each in told if each["id"] == "streak_3"] == [1]
        english = http.get("/api/v1/speech-practice/achievements", headers={"Accept-Language": "en"}).json()["achievements"]
        assert [each["id"] for each in english] == [each["id"] for each in told]
        assert english[0]["title"] == "The first practice"
    with server.guest().http as http:
        assert not any(each["reached_on"] for each in http.get("/api/v1/speech-practice/achievements").json()["achievements"])


def test_a_day_begins_where_the_learner_lives(server, recording):
    learner = server.guest()
    with learner.http as http:
        dates = set()
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
            assert http.patch("/api/v1/auth/me", json={"time_zone": zone}).status_code == 200
            dates.add(http.get(PROGRESS).json()["today"]["date"])
        assert len(dates) == 2, "they are 25 hours apart"
