"""Every query of the program can use an index: on PostgreSQL, which explains its plans."""

import re
import urllib.parse
import uuid

import conftest
import httpx
import pytest
from conftest import SESSIONS, Learner, Server, run

# Grow with use. The others hold a few rows that an administrator wrote, or the practice sentences, and are read whole.
LARGE = {
    "users", "speech_practice_sessions", "jobs", "llm_usage_logs", "refresh_tokens", "external_identities", "learner_settings",
    "user_progress_llm", "session_contributions", "practice_days", "practice_counts",
    "sentence_reviews", "speech_practice_turns", "classes", "class_members", "class_invitations", "assignments", "session_comments", "score_disputes", "access_log", "own_sentences", "progress_rebuilds", "idempotent_requests", "feedback_stars", "rating_consents", "human_ratings", "guardian_consents", "invited_children", "class_challenges", "leaderboard_members",
}  # fmt: skip
CHALLENGE = {"title": "Cả lớp", "measure": "minutes", "goal": 30, "begins_at": "2020-01-01T00:00:00Z", "ends_at": "2100-01-01T00:00:00Z"}
SETTINGS = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_nested_statements": "on",
    # A plan reads a whole table only where it must.
    "enable_seqscan": "off",
}


def teach(http: httpx.Client, pupil: Learner) -> None:
    """Asks for whatever reads or writes about classes."""
    classes = "/api/v1/classes"
    made = http.post(classes, json={"name": "9A"}).json()
    one = f"{classes}/{made['id']}"
    with pupil.http as theirs:
        theirs.post(f"{classes}/join", json={"code": made["code"]}).raise_for_status()
        theirs.get(classes).raise_for_status()
        for path in ("assignments", "challenges", "leaderboard"):
            theirs.get(f"{one}/{path}").raise_for_status()
        for takes_part in (True, False):
            theirs.put(f"{one}/leaderboard", json={"takes_part": takes_part}).raise_for_status()
        session = theirs.post(SESSIONS, json={"mode": "conversation"}).json()
        theirs.get("/api/v1/auth/me/accesses").raise_for_status()
        whose = f"{one}/learners/{theirs.get('/api/v1/auth/me').json()['id']}"
    written = http.post("/api/v1/sentences", json={"text": "Hello.", "level": "A1"}).json()
    given = http.post(f"{one}/assignments", json={"sentence_id": written["id"]}).json()
    challenge = http.post(f"{one}/challenges", json=CHALLENGE).json()
    table = {"content": b"email,child\nlan@example.org,consented\n", "headers": {"Content-Type": "text/csv"}}
    http.post(f"{one}/roster", **table).raise_for_status()
    for is_given in (False, True):
        http.put(f"{whose}/guardian-consent", json={"is_given": is_given}).raise_for_status()
    http.get(f"{one}/children").raise_for_status()
    with pupil.http as theirs:
        code = theirs.post("/api/v1/auth/me/guardian-link").json()["code"]
    httpx.post(f"{pupil.server.url}/api/v1/guardian-consent", json={"code": code, "is_given": True, "guardian": "Bình"}).raise_for_status()
    http.post(f"{whose}/sessions/{session['id']}/comments", json={"text": "Good."}).raise_for_status()
    for path in (classes, f"{one}/learners", f"{one}/assignments", f"{one}/challenges", f"{one}/leaderboard", f"{one}/gradebook", f"{one}/struggles", f"{whose}/sessions", f"{whose}/sessions/{session['id']}/comments"):
        http.get(path).raise_for_status()
    http.patch(one, json={"new_code": True}).raise_for_status()
    for path in (f"{one}/assignments/{given['id']}", f"{one}/challenges/{challenge['id']}", f"/api/v1/sentences/{written['id']}", whose, one):
        http.delete(path).raise_for_status()


def test_no_query_reads_a_large_table_whole(tmp_path, recording):
    if not conftest.postgresql:
        pytest.skip("SQLite explains nothing to others")
    server = Server(tmp_path, privacy__keep_audio_days="1", privacy__keep_transcripts_days="1")
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    server.settings["database__url"] += "?options=" + urllib.parse.quote(options)
    log = conftest.postgresql.folder / "log"
    seen = log.stat().st_size
    server.start()
    try:
        email = f"{uuid.uuid4().hex}@example.org"
        made = httpx.post(f"{server.url}/api/v1/auth/register", json={"email": email, "password": "a good password"}).json()
        httpx.post(f"{server.url}/api/v1/auth/login", json={"email": email, "password": "a good password"})
        httpx.post(f"{server.url}/api/v1/auth/refresh", json={"refresh_token": made["refresh_token"]})
        learner = Learner(server, made["token"])
        session = learner.upload(recording("good.wav"), "a.wav", sentence_id="1", reference_text="").json()
        assert session["status"] == "completed"
        with learner.http as http:
            for path in ("", f"/{session['id']}", f"/{session['id']}/audio", "?status=completed&mode=conversation&limit=5"):
                assert http.get(SESSIONS + path).status_code == 200
            cursor = "0" * 16 + session["id"].replace("-", "")
            assert http.get(SESSIONS, params={"cursor": cursor}).status_code == 200
            for path in ("progress", "analytics/trends", "analytics/habits", "learning-path"):
                assert http.get(f"/api/v1/speech-practice/{path}").status_code == 200
            assert http.patch("/api/v1/auth/me", json={"time_zone": "UTC", "name": "Lan"}).status_code == 200
            assert http.post(f"{SESSIONS}/{session['id']}/retry", params={"wait": 30}, json={"full": True}).status_code == 200
            assert http.get("/api/v1/sentences").status_code == 200
            for _ in range(2):
                second = http.post(SESSIONS, json={"mode": "conversation"}, headers={"Idempotency-Key": "1"}).json()
            assert http.delete(f"{SESSIONS}/{second['id']}").status_code == 204
            assert http.post(f"{SESSIONS}/{session['id']}/disputes", json={"score": "fluency"}).status_code == 201
            assert http.get("/api/v1/auth/me/export").status_code == 200
            for is_given in (True, False):
                assert http.put("/api/v1/auth/me/rating-consent", json={"is_given": is_given}).status_code == 200
            assert http.post(f"{SESSIONS}/{session['id']}/rating", json={"stars": 5}).status_code == 200
            run("user", "role", email, "admin", **server.settings)
            for path in ("disputes", "report", "agreement"):
                assert http.get(f"/api/v1/admin/{path}").status_code == 200
            assert http.get("/api/v1/ratings/next").status_code == 200
            assert http.put(f"/api/v1/ratings/{session['id']}", json={}).status_code == 404
            assert http.get("/api/v1/admin/llm/usage/stats", params={"group_by": "user"}).status_code == 200
            teach(http, server.guest())
            assert http.delete("/api/v1/auth/me").status_code == 204
        run("user", "list", **server.settings)
    finally:
        server.stop()
    with log.open("rb") as lines:
        lines.seek(seen)
        plans = lines.read().decode(errors="replace")
    assert plans.count("Query Text:") > 50, "the server explains nothing"
    assert re.search(r"Index (Only )?Scan using sessions_by_user on speech_practice_sessions", plans)
    read_whole = [plan.group(0) for plan in re.finditer(r"Query Text: [^\n]*\n(?:\t[^\n]*\n)*", plans) if set(re.findall(r"Seq Scan on (\w+)", plan.group(0))) & LARGE]
    assert read_whole == []
