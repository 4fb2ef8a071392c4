"""Children practise once a guardian lets them."""

import uuid

import httpx
import pytest
from conftest import REFERENCE, SESSIONS, Learner
from live_client import Live
from websockets.exceptions import ConnectionClosed

OWN = "/api/v1/auth/me/guardian-consent"
LINK = "/api/v1/auth/me/guardian-link"
GUARDIAN = "/api/v1/guardian-consent"
CLASSES = "/api/v1/classes"
VIETNAMESE = {"Accept-Language": "vi"}
ENGLISH = {"Accept-Language": "en"}


def a_child(server, **fields) -> Learner:
    made = httpx.post(f"{server.url}/api/v1/auth/guest", json={"name": "Minh", "is_child": True} | fields)
    assert made.status_code == 201, made.text
    return Learner(server, made.json()["token"])


def begin(http: httpx.Client, **headers: str) -> httpx.Response:
    return http.post(SESSIONS, json={"mode": "sentence_practice", "reference_text": REFERENCE}, headers=headers)


def guardian_says(server, code: str, **said) -> httpx.Response:
    return httpx.post(server.url + GUARDIAN, json={"code": code} | said)


def test_nothing_of_a_child_is_kept_before_a_guardian_agrees(server, recording):
    child = a_child(server)
    with child.http as http:
        assert http.get(OWN).json() == {"is_child": True, "is_given": False, "is_refused": False, "source": None, "guardian": None, "given_at": None}
        said = {language: begin(http, **headers).json() for language, headers in (("vi", VIETNAMESE), ("en", ENGLISH))}
        assert {each["code"] for each in said.values()} == {"guardian_consent_needed"}
        assert "người giám hộ đồng ý" in said["vi"]["detail"]
        assert "guardian has to agree" in said["en"]["detail"]
        refused = child.upload(recording("good.wav"), "a.wav")
        assert (refused.status_code, refused.json()["code"]) == (403, "guardian_consent_needed")
        with Live(server, child.token) as live, pytest.raises(ConnectionClosed) as closed:
            live.start()
        assert closed.value.rcvd.code == 4403
        assert http.get(SESSIONS).json()["sessions"] == []
        assert http.put("/api/v1/auth/me/rating-consent", json={"is_given": True}).status_code == 409, "nobody else hears a child"

        old, code = (http.post(LINK).json() for _ in range(2))
        assert guardian_says(server, old["code"]).status_code == 404, "the new link takes its place"
        assert code["path"] == f"/guardian#{code['code']}"
        code = code["code"]
        assert guardian_says(server, code).json()["learner"] == "Minh"
        for wrong in ({"is_given": True}, {"is_given": True, "guardian": " "}, {"is_given": "yes"}):
            assert guardian_says(server, code, **wrong).status_code == 400
        assert begin(http).status_code == 403, "looking changes nothing"
        assert guardian_says(server, code, is_given=True, guardian="Trần Văn Bình").json()["source"] == "guardian"
        assert http.get(OWN).json()["guardian"] == "Trần Văn Bình"
        assert http.get("/api/v1/auth/me/export").json()["person"]["guardian_consent"] == http.get(OWN).json()
        assert http.post(LINK).status_code == 409, "the link is the guardian's now"

        kept = child.upload(recording("good.wav"), "a.wav").json()
        begun = begin(http).json()["id"]
        assert guardian_says(server, code, is_given=False).json()["is_given"] is False
        assert http.get(f"{SESSIONS}/{kept['id']}/audio").status_code == 404
        assert http.post(f"{SESSIONS}/{begun}/audio", content=recording("good.wav"), headers={"Content-Type": "audio/wav"}).status_code == 404
        assert http.get(SESSIONS).json()["sessions"] == []
        assert begin(http).status_code == 403


def test_who_says_it_later_stops_there(server, learner, recording):
    with learner.http as http:
        assert http.get(OWN).json()["is_child"] is False
        assert http.post(LINK).status_code == 409
        begun = begin(http).json()["id"]
        assert http.put(OWN, json={"is_child": False}).json()["field"] == "is_child"
        assert http.put(OWN, json={"is_child": True}).json()["is_child"] is True
        refused = http.post(f"{SESSIONS}/{begun}/audio", content=recording("good.wav"), headers={"Content-Type": "audio/wav"})
        assert (refused.status_code, refused.json()["code"]) == (403, "guardian_consent_needed")
        account = {"email": f"{uuid.uuid4().hex}@example.org", "password": "a good password"}
        http.post("/api/v1/auth/register", json=account).raise_for_status()
        assert begin(http).status_code == 403, "an account makes nobody older"
    made = httpx.post(f"{server.url}/api/v1/auth/register", json=account | {"email": f"{uuid.uuid4().hex}@example.org", "is_child": True}).json()
    with Learner(server, made["token"]).http as http:
        assert begin(http).status_code == 403


def test_a_school_that_holds_the_consent_says_so(server):
    teacher = server.somebody("teacher")
    addresses = {child: f"{uuid.uuid4().hex}@example.org" for child in ("consented", "yes", "")}
    table = "email,name,child\n" + "".join(f"{address},An,{child}\n" for child, address in addresses.items())
    with teacher.http as hers:
        made = hers.post(CLASSES, json={"name": "Lớp 3A"}).json()
        one = f"{CLASSES}/{made['id']}"
        csv = {"Content-Type": "text/csv"}
        assert hers.post(f"{one}/roster", content="email,child\nan@example.org,maybe\n", headers=csv).json()["errors"][0]["field"] == "child"
        assert hers.post(f"{one}/roster", content=table, headers=csv).json() == {"invited": 3, "already": 0}
        assert hers.put(OWN, json={"is_child": True}).status_code == 409, "a teacher is none"
        tokens = {}
        for child, address in addresses.items():
            account = httpx.post(f"{server.url}/api/v1/auth/register", json={"email": address, "password": "a good password"}).json()
            tokens[child] = (account["user"]["id"], Learner(server, account["token"]))
            with tokens[child][1].http as theirs:
                theirs.post(f"{CLASSES}/join", json={"class_id": made["id"]}).raise_for_status()
                assert begin(theirs).status_code == (403 if child == "yes" else 201), child
        waiting, pupil = tokens["yes"]
        children = {each["user_id"]: (each["is_given"], each["source"]) for each in hers.get(f"{one}/children").json()["children"]}
        assert children == {tokens["consented"][0]: (True, "school"), waiting: (False, None)}
        recorded = f"{one}/learners/{waiting}/guardian-consent"
        assert hers.put(recorded, json={}).json()["field"] == "is_given"
        assert hers.put(recorded, json={"is_given": True}).json()["source"] == "school"
        grown = tokens[""][0]
        mistaken = f"{one}/learners/{grown}/guardian-consent"
        assert hers.put(mistaken, json={"is_given": False}).json()["is_child"] is True
        assert hers.delete(mistaken).json()["is_child"] is False
        assert hers.delete(mistaken).status_code == 409
        with pupil.http as theirs:
            assert begin(theirs).status_code == 201
            code = theirs.post(LINK).json()["code"]
            assert guardian_says(server, code, is_given=False).json()["is_refused"] is True
            assert hers.put(recorded, json={"is_given": True}).json()["is_given"] is False, "a guardian's no stands above it"
            assert begin(theirs).status_code == 403
