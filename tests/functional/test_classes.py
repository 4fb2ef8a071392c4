"""Teachers and their classes."""

import csv
import io
import uuid

import httpx
import pytest
from audio_bytes import pcm_of_wav
from conftest import SESSIONS, Learner, run
from live_client import Live
from waiting import wait_until

CLASSES = "/api/v1/classes"
SENTENCES = "/api/v1/sentences"
ME = "/api/v1/auth/me"
PASSWORD = "a good password"


def a_class(http: httpx.Client, name: str = "Lớp 9A") -> dict:
    made = http.post(CLASSES, json={"name": name})
    assert made.status_code == 201, made.text
    return made.json()


def send_table(http: httpx.Client, path: str, table: str, **headers: str) -> httpx.Response:
    return http.post(path, content=table.encode(), headers={"Content-Type": "text/csv"} | headers)


def struggles_once_counted(http: httpx.Client, one: str, sessions: int) -> dict:
    """A result may be read in the moment before it is counted."""

    def once_counted() -> dict | None:
        struggles = http.get(f"{one}/struggles").json()
        return struggles if sum(each["sessions"] for each in struggles["learners"]) == sessions else None

    return wait_until(once_counted, 20)


@pytest.fixture(scope="module")
def teacher(server):
    return server.somebody("teacher")


@pytest.fixture
def hers(teacher):
    with teacher.http as http:
        yield http


@pytest.fixture
def theirs(learner):
    with learner.http as http:
        yield http


def test_what_a_learner_practises_after_joining_is_open_to_the_teacher(hers, theirs, learner, recording):
    before = theirs.post(SESSIONS, json={"mode": "conversation"}).json()["id"]
    theirs.patch(ME, json={"name": '=HYPERLINK("http://evil.example")'}).raise_for_status()
    me = theirs.get(ME).json()["id"]
    made = a_class(hers)
    typed = made["code"][:4].lower() + " - " + made["code"][4:].lower()
    assert theirs.post(f"{CLASSES}/join", json={"code": typed}).json()["id"] == made["id"]
    assert theirs.post(f"{CLASSES}/join", json={"code": made["code"]}).status_code == 200, "again changes nothing"
    one = f"{CLASSES}/{made['id']}"
    late = hers.post(f"{one}/assignments", json={"sentence_id": 2, "due_at": "2020-01-01T00:00:00+07:00", "note": "Đọc chậm thôi nhé."}).json()
    open_end = hers.post(f"{one}/assignments", json={"sentence_id": 3}).json()
    form = {"mode": "sentence_practice", "sentence_id": "2"}
    session = theirs.post(SESSIONS, params={"wait": 60}, data=form, files={"audio": ("a.wav", recording("good.wav"))}).json()
    assert session["status"] == "completed", session

    whose = f"{one}/learners/{me}/sessions"
    assert [each["id"] for each in hers.get(whose).json()["sessions"]] == [session["id"]]
    assert hers.get(whose, params={"to": session["created_at"]}).json()["sessions"] == []
    assert hers.get(f"{whose}/{before}").status_code == 404, "what was practised before stays private"
    assert hers.get(whose, params={"from": "2000-01-01T00:00:00Z"}).json()["sessions"][0]["id"] == session["id"]
    assert hers.get(f"{whose}/{session['id']}").json()["scores"] == session["scores"]
    assert hers.get(f"{whose}/{session['id']}/audio").content == recording("good.wav")
    assert hers.get(f"{whose}/{session['id']}/audio", headers={"Range": "bytes=0-3"}).content == b"RIFF"

    said = hers.post(f"{whose}/{session['id']}/comments", json={"text": " Âm cuối rõ hơn rồi đó! ", "at_s": 1.5}).json()
    assert (said["text"], said["at_s"], said["author"]["name"]) == ("Âm cuối rõ hơn rồi đó!", 1.5, "Cô Hoa")
    own = f"{SESSIONS}/{session['id']}/comments"
    theirs.post(own, json={"text": "Em cảm ơn cô."}).raise_for_status()
    assert [comment["text"] for comment in hers.get(f"{whose}/{session['id']}/comments").json()["comments"]] == [said["text"], "Em cảm ơn cô."]
    assert theirs.get(own).json() == hers.get(f"{whose}/{session['id']}/comments").json()
    for wrong in ({"text": "  "}, {"text": "a", "at_s": -1}, {"text": "a" * 4001}, {}):
        assert theirs.post(own, json=wrong).status_code == 400

    (listed,) = hers.get(f"{one}/learners").json()["learners"]
    assert (listed["user_id"], listed["sessions"]) == (me, 1)
    assert listed["mean_overall"] == pytest.approx(session["scores"]["overall"], abs=0.006)
    assert [(each["id"], each["read_by"]) for each in hers.get(f"{one}/assignments").json()["assignments"]] == [(late["id"], 1), (open_end["id"], 0)]
    (reader,) = hers.get(f"{one}/assignments").json()["assignments"][0]["readers"]
    assert (reader["user_id"], reader["readings"], reader["is_late"]) == (me, 1, True)
    done, not_done = theirs.get(f"{one}/assignments").json()["assignments"]
    assert (done["own"]["readings"], done["own"]["is_late"], not_done["own"]) == (1, True, None)

    struggles = struggles_once_counted(hers, one, sessions=1)
    assert [(each["user_id"], each["sessions"]) for each in struggles["learners"]] == [(me, 1)]
    weak = struggles["learners"][0]["weak_areas"]["sounds"]
    assert weak == struggles["sounds"] == [], "another sentence was read: that tells nothing of its sounds"

    exported = hers.get(f"{one}/gradebook")
    assert exported.headers["content-type"] == "text/csv; charset=utf-8"
    head, row = csv.reader(io.StringIO(exported.content.decode("utf-8-sig")))
    assert row[:2] == [str(me), '\'=HYPERLINK("http://evil.example")'], "shown, not run"
    assert len(head) == len(row) == 10
    assert float(row[6]) == pytest.approx(session["scores"]["overall"], abs=0.006)
    assert row[7].endswith(" late")
    assert row[8:] == ["", ""]

    for _ in range(2):
        learner.upload(recording("poor.wav"), "b.wav", reference_text="He turned around to face her.").raise_for_status()
    struggles = struggles_once_counted(hers, one, sessions=3)
    weak = struggles["learners"][0]["weak_areas"]["sounds"]
    assert weak, "the same sounds went wrong twice"
    assert {each["sound"] for each in struggles["sounds"]} == {each["sound"] for each in weak}
    assert all(each["learners"] == 1 for each in struggles["sounds"])

    seen = [(access["action"], access["by"]["name"], access["session_id"]) for access in theirs.get(f"{ME}/accesses").json()["accesses"]]
    assert ("heard", "Cô Hoa", session["id"]) in seen
    assert {"listed", "read", "heard", "exported"} == {action for action, _, _ in seen}
    assert hers.get(f"{ME}/accesses").json()["accesses"] == []

    assert theirs.delete(f"{one}/learners/{me}").status_code == 204
    assert hers.get(f"{one}/struggles").json() == {"sounds": [], "learners": []}
    for path in (whose, f"{whose}/{session['id']}", f"{whose}/{session['id']}/audio", f"{whose}/{session['id']}/comments"):
        assert hers.get(path).status_code == 404, "nothing is open any more"
    assert theirs.get(f"{one}/assignments").status_code == 404
    assert len(theirs.get(f"{ME}/accesses").json()["accesses"]) == len(seen)


def test_a_teacher_hears_a_conversation_turn_by_turn(server, hers, theirs, learner, recording):
    made = a_class(hers)
    theirs.post(f"{CLASSES}/join", json={"code": made["code"]}).raise_for_status()
    me = theirs.get(ME).json()["id"]
    spoken = pcm_of_wav(recording("good.wav"))
    with Live(server, learner.token) as live:
        started = live.start(mode="conversation", topic="food", reference_text=None)
        assert live.finish(started, live.stream(started, spoken))["turn"] == 1
    session = started["session_id"]
    whose = f"{CLASSES}/{made['id']}/learners/{me}/sessions/{session}"
    assert hers.get(whose).json() == theirs.get(f"{SESSIONS}/{session}").json()
    assert [turn["has_audio"] for turn in hers.get(whose).json()["turns"]] == [True, False]
    assert pcm_of_wav(hers.get(f"{whose}/audio", params={"turn": 1}).content) == spoken
    assert hers.get(f"{whose}/audio", params={"turn": 2}).status_code == 404
    assert hers.get(f"{whose}/audio", params={"turn": 0}).json()["field"] == "turn"


def test_who_is_no_teacher_any_more_has_no_say_in_a_class(server, theirs):
    email = f"{uuid.uuid4().hex}@example.org"
    assert run("user", "add", email, "--role", "teacher", stdin=PASSWORD + "\n", **server.settings).returncode == 0
    me = theirs.get(ME).json()["id"]
    with Learner(server, run("user", "token", email, **server.settings).stdout.strip()).http as http:
        made = a_class(http)
        theirs.post(f"{CLASSES}/join", json={"code": made["code"]}).raise_for_status()
        assert run("user", "role", email, "learner", **server.settings).returncode == 0
        one = f"{CLASSES}/{made['id']}"
        assert http.delete(f"{one}/learners/{me}").status_code == 404
        assert http.get(f"{one}/assignments").status_code == 404
        assert http.get(CLASSES).json()["teaching"] == []
        assert http.get(f"{one}/learners").status_code == 403
        assert [each["id"] for each in theirs.get(CLASSES).json()["learning"]] == [made["id"]]
        assert run("user", "role", email, "teacher", **server.settings).returncode == 0
        assert http.delete(f"{one}/learners/{me}").status_code == 204


def test_a_roster_invites_and_whoever_is_invited_decides(server, hers):
    made = a_class(hers)
    one = f"{CLASSES}/{made['id']}"
    email = f"{uuid.uuid4().hex}@example.org"
    wrong = send_table(hers, f"{one}/roster", f"email,name\n{email},Minh\nnobody,Lan\n{email},Minh\n", **{"Accept-Language": "vi"})
    assert (wrong.status_code, wrong.json()["field"]) == (400, "csv")
    assert [(error["line"], error["field"]) for error in wrong.json()["errors"]] == [(3, "email"), (4, "email")]
    assert wrong.json()["errors"][0]["message"] == "Dòng 3: địa chỉ e-mail không đúng hoặc bị lặp lại."
    assert hers.get(f"{one}/learners").json() == {"learners": [], "invited": []}, "all or nothing"
    assert send_table(hers, f"{one}/roster", f"email;name\n{email.upper()};Minh\n").json() == {"invited": 1, "already": 0}
    assert send_table(hers, f"{one}/roster", f"email\n{email}\n").json() == {"invited": 0, "already": 1}
    assert hers.post(f"{one}/roster", json={}).status_code == 415

    account = httpx.post(f"{server.url}/api/v1/auth/register", json={"email": email, "password": PASSWORD, "name": "Minh"}).json()
    with Learner(server, account["token"]).http as minh:
        (invitation,) = minh.get(CLASSES).json()["invitations"]
        assert invitation["name"] == "Lớp 9A"
        assert hers.get(f"{one}/learners/{account['user']['id']}/sessions").status_code == 404, "invited is not joined"
        assert minh.post(f"{CLASSES}/join", json={"class_id": made["id"]}).status_code == 200
        mine = minh.get(CLASSES).json()
        assert (mine["invitations"], [each["id"] for each in mine["learning"]]) == ([], [made["id"]])
        assert "code" not in mine["learning"][0]
        assert minh.post(f"{CLASSES}/join", json={"class_id": made["id"]}).status_code == 404, "an invitation is good once"
    assert send_table(hers, f"{one}/roster", f"email\n{email}\n").json() == {"invited": 0, "already": 1}
    renewed = hers.patch(one, json={"new_code": True, "name": "Lớp 9B"}).json()
    assert (renewed["name"], renewed["code"] != made["code"]) == ("Lớp 9B", True)
    assert server.guest().http.post(f"{CLASSES}/join", json={"code": made["code"]}).status_code == 404, "the old code is good no longer"
    assert hers.delete(one).status_code == 204
    assert hers.get(f"{one}/learners").status_code == 404


def test_own_sentences_are_for_ones_own_classes(server, hers, theirs):
    table = "text,text_vi,level,topic,focus_sounds\n\"Mai, could you close the door?\",Mai đóng cửa giúp mình nhé?,A2,school,final_consonant R\nHello!,,B9,,\n,,A1,,\n"
    wrong = send_table(hers, f"{SENTENCES}/import", table, **{"Accept-Language": "en"})
    assert [(error["line"], error["message"]) for error in wrong.json()["errors"]] == [
        (3, "Line 3: the level is A1, A2, B1, B2 or C1."),
        (4, "Line 4: an English sentence is needed, of 500 bytes at most."),
    ]
    imported = send_table(hers, f"{SENTENCES}/import", "\n".join(table.splitlines()[:2])).json()["sentences"]
    written = hers.post(SENTENCES, json={"text": "See you on Thursday.", "level": "A1", "focus_sounds": ["TH"]}).json()
    own = {imported[0]["id"], written["id"]}
    assert imported[0]["focus_sounds"] == ["final_consonant", "R"]
    assert {each["id"] for each in hers.get(SENTENCES, params={"own": "true"}).json()["sentences"]} >= own

    def seen(http: httpx.Client) -> set[int]:
        return {each["id"] for each in http.get(SENTENCES).json()["sentences"]}

    practise = {"mode": "sentence_practice", "sentence_id": written["id"]}
    assert not own & seen(theirs)
    assert theirs.get(f"{SENTENCES}/{written['id']}").status_code == 404
    assert theirs.post(SESSIONS, json=practise).status_code == 404
    assert theirs.delete(f"{SENTENCES}/{written['id']}").status_code == 403
    made = a_class(hers)
    theirs.post(f"{CLASSES}/join", json={"code": made["code"]}).raise_for_status()
    assert own <= seen(theirs)
    session = theirs.post(SESSIONS, json=practise)
    assert session.status_code == 201
    with server.somebody("teacher").http as another:
        assert not own & seen(another)
        assert another.delete(f"{SENTENCES}/{written['id']}").status_code == 404
        assert another.post(f"{CLASSES}/{a_class(another)['id']}/assignments", json={"sentence_id": written["id"]}).json()["field"] == "sentence_id"
    hers.post(f"{CLASSES}/{made['id']}/assignments", json={"sentence_id": written["id"]}).raise_for_status()
    assert len(theirs.get(f"{CLASSES}/{made['id']}/assignments").json()["assignments"]) == 1
    assert hers.delete(f"{SENTENCES}/{written['id']}").status_code == 204
    assert theirs.get(f"{CLASSES}/{made['id']}/assignments").json()["assignments"] == [], "nobody could do it any more"
    assert hers.delete(f"{SENTENCES}/{written['id']}").status_code == 404
    assert hers.delete(f"{SENTENCES}/1").status_code == 404, "those of the program are nobody's"
    assert own & seen(theirs) == {imported[0]["id"]}
    assert theirs.get(f"{SESSIONS}/{session.json()['id']}").json()["reference_text"] == "See you on Thursday."


def test_a_teacher_who_is_erased_leaves_the_learners_what_is_theirs(server, theirs):
    teacher = server.somebody("teacher")
    with teacher.http as http:
        made = a_class(http)
        written = http.post(SENTENCES, json={"text": "Bye for now.", "level": "A1"}).json()
        theirs.post(f"{CLASSES}/join", json={"code": made["code"]}).raise_for_status()
        session = theirs.post(SESSIONS, json={"mode": "sentence_practice", "sentence_id": written["id"]}).json()
        assert http.delete(ME).status_code == 204
    kept = theirs.get(f"{SESSIONS}/{session['id']}").json()
    assert (kept["reference_text"], kept["sentence_id"]) == ("Bye for now.", None)
    assert theirs.get(CLASSES).json()["learning"] == []
    assert theirs.get(f"{SENTENCES}/{written['id']}").status_code == 404
    assert server.sql(f"SELECT COUNT(*) FROM sentences WHERE id = {written['id']}") == [(0,)]


def test_a_class_reaches_a_challenge_together_and_shows_who_wants_to_be_shown(hers, theirs, learner, server, recording):
    its = a_class(hers)
    one = f"{CLASSES}/{its['id']}"
    goal = {"title": " Cả lớp cùng nói ", "measure": "sessions", "goal": 3, "begins_at": "2020-01-01T00:00:00+07:00", "ends_at": "2100-01-01T00:00:00Z"}
    for wrong in ({"title": " "}, {"measure": "stars"}, {"goal": 0}, {"begins_at": "today"}, {"ends_at": goal["begins_at"]}):
        assert hers.post(f"{one}/challenges", json=goal | wrong).json()["field"] == next(iter(wrong))
    made = hers.post(f"{one}/challenges", json=goal)
    assert made.status_code == 201, made.text
    assert (made.json()["title"], made.json()["so_far"]) == ("Cả lớp cùng nói", 0)
    assert theirs.get(f"{one}/challenges").status_code == theirs.get(f"{one}/leaderboard").status_code == 404, "no member yet"
    other = server.guest()
    with other.http as others:
        for pupil in (theirs, others):
            pupil.post(f"{CLASSES}/join", json={"code": its["code"]}).raise_for_status()
        theirs.patch(ME, json={"name": "Lan"}).raise_for_status()
        learner.upload(recording("good.wav"), "a.wav")
        other.upload(recording("good.wav"), "a.wav")
        (shown,) = theirs.get(f"{one}/challenges").json()["challenges"]
        assert (shown["so_far"], shown["own"], shown["goal"]) == (None, 1, 3), "of two, the sum would tell the other's"
        assert hers.get(f"{one}/challenges").json()["challenges"][0]["so_far"] == 2
        with server.guest().http as third:
            third.post(f"{CLASSES}/join", json={"code": its["code"]}).raise_for_status()
        assert theirs.get(f"{one}/challenges").json()["challenges"][0]["so_far"] == 2
        assert "own" not in hers.get(f"{one}/challenges").json()["challenges"][0]
        assert theirs.post(f"{one}/challenges", json=goal).status_code == 403

        assert others.get(f"{one}/leaderboard").json() == {"takes_part": False, "learners": []}, "nobody has said so"
        assert theirs.put(f"{one}/leaderboard", json={"takes_part": 1}).status_code == 400
        assert theirs.put(f"{one}/leaderboard", json={"takes_part": True}).json() == {"takes_part": True}
        assert theirs.get(f"{ME}/export").json()["person"]["leaderboards"] == [its["id"]]
        (row,) = others.get(f"{one}/leaderboard").json()["learners"]
        assert (row["name"], row["sessions"], row["is_caller"]) == ("Lan", 1, False)
        assert theirs.get(f"{one}/leaderboard").json()["learners"] == [row | {"is_caller": True}]
        assert hers.put(f"{one}/leaderboard", json={"takes_part": True}).status_code == 409, "she is no learner of it"
        theirs.put(f"{one}/leaderboard", json={"takes_part": False}).raise_for_status()
        assert others.get(f"{one}/leaderboard").json()["learners"] == []
    assert hers.delete(f"{one}/challenges/{shown['id']}").status_code == 204
    assert hers.delete(f"{one}/challenges/{shown['id']}").status_code == 404
    assert [hers.post(f"{one}/challenges", json=goal).status_code for _ in range(51)] == [201] * 50 + [409], "a class keeps its goals in sight"
