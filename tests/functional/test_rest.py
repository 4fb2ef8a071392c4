import httpx
import pytest
from conftest import REFERENCE, SESSIONS
from contract import check, words_of


def test_a_recording_becomes_scores_and_vietnamese_feedback(learner, recording):
    answer = learner.upload(recording("good.webm"), "take.webm")
    assert answer.status_code == 200, answer.text
    session = answer.json()
    assert session["status"] == "completed"
    assert session["reference_text"] == REFERENCE
    assert words_of(session["transcript"]) == words_of(REFERENCE)
    assert session["miscues"] == []
    check("Scores", session["scores"])
    check("Feedback", session["feedback"])
    check("Prosody", session["prosody_features"])
    assert session["scores"]["overall"] > 5
    assert any(c in session["feedback"]["conversational"] for c in "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")


def test_a_better_speaker_scores_higher(learner, recording):
    good = learner.upload(recording("good.wav"), "a.wav").json()
    poor = learner.upload(recording("poor.wav"), "a.wav", reference_text="He turned around to face her.").json()
    for score in ("overall", "pronunciation", "fluency"):
        assert good["scores"][score] > poor["scores"][score], score


def test_another_sentence_is_no_good_reading(learner, recording):
    session = learner.upload(recording("good.wav"), "a.wav", reference_text="The quick brown fox jumps over a lazy dog.").json()
    assert session["scores"]["pronunciation"] <= 3
    assert session["miscues"]


def test_uploaded_and_sent_later_give_the_same(learner, recording):
    at_once = learner.upload(recording("good.wav"), "a.wav").json()
    with learner.http as http:
        created = http.post(SESSIONS, json={"mode": "sentence_practice", "reference_text": REFERENCE})
        assert created.status_code == 201
        assert created.json()["status"] == "created"
        location = created.headers["location"]
        sent = http.post(f"{location}/audio", params={"wait": 30}, content=recording("good.wav"), headers={"Content-Type": "audio/wav"})
        assert sent.status_code == 200, sent.text
    later = sent.json()
    for key in ("transcript", "words", "scores", "pronunciation", "prosody_features"):
        assert later[key] == at_once[key]
    for label in ("emotion_detected", "confidence_level"):
        assert later["feedback"]["detailed"][label] == at_once["feedback"]["detailed"][label]
    # The same findings, but a learner never reads the same words twice in a row.
    assert later["feedback"]["conversational"] != at_once["feedback"]["conversational"]


def test_the_recording_can_be_heard_again_in_parts(learner, recording):
    session_id = learner.upload(recording("good.mp3"), "a.mp3").json()["id"]
    with learner.http as http:
        whole = http.get(f"{SESSIONS}/{session_id}/audio")
        assert whole.content == recording("good.mp3")
        assert whole.headers["content-type"] == "audio/mpeg"
        part = http.get(f"{SESSIONS}/{session_id}/audio", headers={"Range": "bytes=100-199"})
        assert part.status_code == 206
        assert part.content == recording("good.mp3")[100:200]


def test_list_pages_newest_first(server, recording):
    learner = server.guest()
    with learner.http as http:
        ids = [http.post(SESSIONS, json={"mode": "conversation"}).json()["id"] for _ in range(5)]
        seen, cursor = [], None
        while True:
            page = http.get(SESSIONS, params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
            assert len(page["sessions"]) <= 2
            seen += [s["id"] for s in page["sessions"]]
            cursor = page["next_cursor"]
            if not cursor:
                break
        assert seen == ids[::-1]
        assert http.get(SESSIONS, params={"cursor": "made-up"}).status_code == 400
        assert http.get(SESSIONS, params={"mode": "sentence_practice"}).json()["sessions"] == []


def test_others_sessions_do_not_exist(server, recording):
    owner, other = server.guest(), server.guest()
    session_id = owner.upload(recording("good.wav"), "a.wav").json()["id"]
    with other.http as http:
        for method, path in [("GET", ""), ("DELETE", ""), ("GET", "/audio"), ("POST", "/audio"), ("POST", "/retry")]:
            answer = http.request(method, f"{SESSIONS}/{session_id}{path}", content=b"x" if method == "POST" and path == "/audio" else None)
            assert answer.status_code == 404, (method, path, answer.text)
    with owner.http as http:
        assert http.delete(f"{SESSIONS}/{session_id}").status_code == 204
        assert http.get(f"{SESSIONS}/{session_id}").status_code == 404


@pytest.mark.parametrize("token", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwiaXNzIjoic3BlZWNoY29hY2gifQ."])
def test_without_a_valid_token_nothing_is_shown(server, token):
    for path in (SESSIONS, "/api/v1/sentences", "/api/v1/auth/me"):
        answer = httpx.get(server.url + path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401
        assert answer.json()["code"] == "unauthenticated"


def test_the_hours_quota(own_server, recording):
    learner = own_server.start(limits__sessions_per_hour="3").guest()
    with learner.http as http:
        statuses = [http.post(SESSIONS, json={"mode": "conversation"}).status_code for _ in range(4)]
        assert statuses == [201, 201, 201, 429]
        refused = http.post(SESSIONS, json={"mode": "conversation"})
    assert refused.json()["code"] == "session_quota"
    assert int(refused.headers["retry-after"]) > 0
    assert own_server.guest().http.post(SESSIONS, json={"mode": "conversation"}).status_code == 201


def test_sixty_and_more_graded_sentences(learner):
    with learner.http as http:
        sentences = http.get("/api/v1/sentences").json()["sentences"]
        assert len(sentences) >= 60
        assert {s["level"] for s in sentences} == {"A1", "A2", "B1", "B2", "C1"}
        assert all(s["text"] and s["text_vi"] and s["focus_sounds"] for s in sentences)
        only = http.get("/api/v1/sentences", params={"level": "B1"}).json()["sentences"]
        assert only and {s["level"] for s in only} == {"B1"}
        one = http.get(f"/api/v1/sentences/{only[0]['id']}").json()
        assert one == only[0]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"mode": "karaoke"}, "bad_field"),
        ({}, "bad_field"),
        ({"mode": "sentence_practice"}, "bad_field"),
        ({"mode": "sentence_practice", "sentence_id": 999999}, "not_found"),
        ({"mode": "sentence_practice", "reference_text": "x" * 1001}, "bad_field"),
        ({"mode": "conversation", "locale": "fr"}, "bad_field"),
        ([1, 2], "bad_json"),
    ],
)
def test_wrong_fields_are_named(learner, body, code):
    with learner.http as http:
        answer = http.post(SESSIONS, json=body)
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"] == code


@pytest.mark.parametrize("text", ["...", "🙂", "你好"])
@pytest.mark.parametrize(("language", "said"), [("vi", "từ tiếng Anh"), ("en", "English word")])
def test_a_text_that_nobody_can_read_is_refused_in_the_learners_language(learner, text, language, said):
    with learner.http as http:
        answer = http.post(SESSIONS, json={"mode": "sentence_practice", "reference_text": text}, headers={"Accept-Language": language})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["field"]) == (400, "bad_field", "reference_text")
    assert said in problem["detail"]


def test_unknown_paths_and_methods(learner):
    with learner.http as http:
        assert http.get("/api/v1/nothing").status_code == 404
        wrong = http.put(SESSIONS, json={})
        assert wrong.status_code == 405
        assert "POST" in wrong.headers["allow"]


def test_the_page_is_served_safely(server):
    page = httpx.get(server.url + "/")
    assert page.status_code == 200
    assert "<html" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src" in policy and "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert page.headers["x-content-type-options"] == "nosniff"
    for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../../etc/passwd"):
        assert "root:" not in httpx.get(server.url + path).text


def test_health(server):
    assert httpx.get(f"{server.url}/healthz").status_code == 200
    assert httpx.get(f"{server.url}/readyz").status_code == 200


def test_logs_hold_no_personal_data(server, recording):
    learner = server.guest()
    learner.upload(recording("good.wav"), "mysecretfilename.wav", reference_text=REFERENCE)
    log = server.log_path.read_text()
    assert "session analysed" in log
    for private in ("girl", "mysecretfilename", learner.token):
        assert private not in log


def test_what_a_client_holds_is_not_sent_again_and_texts_are_packed(learner):
    with learner.http as http:
        sentences = "/api/v1/sentences"
        packed = http.get(sentences, headers={"Accept-Encoding": "gzip"})
        plain = http.get(sentences, headers={"Accept-Encoding": "identity"})
        assert packed.headers["content-encoding"] == "gzip"
        assert int(packed.headers["content-length"]) * 2 < int(plain.headers["content-length"])
        assert packed.json() == plain.json()
        tag = packed.headers["etag"]
        assert plain.headers["etag"] == tag
        for asked in (tag, f'"x", {tag.removeprefix("W/")}', "*"):
            again = http.get(sentences, headers={"If-None-Match": asked})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        me = "/api/v1/auth/me"
        before = http.get(me).headers["etag"]
        http.patch(me, json={"name": "Minh"}).raise_for_status()
        assert http.get(me, headers={"If-None-Match": before}).json()["name"] == "Minh"


def test_sessions_of_a_span_of_time(learner):
    with learner.http as http:
        first, second = (http.post(SESSIONS, json={"mode": "conversation"}).json() for _ in range(2))

        def listed(**span: str) -> list[str]:
            return [session["id"] for session in http.get(SESSIONS, params=span).json()["sessions"]]

        assert set(listed(**{"from": first["created_at"]})) == {first["id"], second["id"]}
        assert listed(to=first["created_at"]) == []
        assert listed(**{"from": "2999-01-01T00:00:00+07:00"}) == []
        assert set(listed(to="2999-01-01T00:00:00Z")) == {first["id"], second["id"]}
        for name in ("from", "to"):
            refused = http.get(SESSIONS, params={name: "yesterday"})
            assert (refused.status_code, refused.json()["field"]) == (400, name)


def test_what_is_sent_twice_is_done_once(server, recording):
    learner = server.guest()
    key = {"Idempotency-Key": "6d1f"}
    with learner.http as http:
        def send(audio: str, **headers: str):
            form = {"mode": "sentence_practice", "sentence_id": "2"}
            return http.post(SESSIONS, params={"wait": 60}, data=form, files={"audio": ("a.wav", recording(audio))}, headers=headers)

        first = send("good.wav", **key)
        again = send("good.wav", **key)
        assert (first.status_code, first.json()["status"]) == (200, "completed")
        assert "idempotency-replayed" not in first.headers
        assert again.headers["idempotency-replayed"] == "true"
        assert (again.status_code, again.json()) == (first.status_code, first.json())
        assert len(http.get(SESSIONS).json()["sessions"]) == 1
        assert send("poor.wav", **key).status_code == 409, "another request"
        one = f"{SESSIONS}/{first.json()['id']}"
        refused = http.post(f"{one}/comments", json={"text": " "}, headers={"Idempotency-Key": "c"})
        assert refused.status_code == 400
        for _ in range(2):
            assert http.post(f"{one}/comments", json={"text": "Ừ."}, headers={"Idempotency-Key": "c"}).status_code == 201, "what was refused is not kept"
        assert len(http.get(f"{one}/comments").json()["comments"]) == 1
        assert http.post(f"{one}/comments", json={"text": "Ừ."}, headers={"Idempotency-Key": "a b"}).json()["field"] == "Idempotency-Key"
        with server.guest().http as other:
            assert other.post(SESSIONS, json={"mode": "conversation"}, headers=key).status_code == 201, "keys are a user's own"
        assert http.delete(one).status_code == 204
        assert send("good.wav", **key).json()["id"] != first.json()["id"], "nothing of a deleted session is told again"
