"""Who may come in, and who may see what."""

import base64
import hashlib
import hmac
import http.server
import json
import re
import threading
import time
import uuid

import conftest
import httpx
import pytest
import yaml
from conftest import ROOT, SESSIONS, Learner, Server, run
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from waiting import wait_until

AUTH = "/api/v1/auth"
SECRET = "0123456789abcdef0123456789abcdef"
ISSUER = "https://school.example"
PASSWORD = "mật khẩu tốt 1"


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(claims: dict | bytes, sign, **header: object) -> str:
    body = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    text = encode(json.dumps(header).encode()) + "." + encode(body)
    return text + "." + encode(sign(text.encode()))


def hs256(secret: str | bytes, digest=hashlib.sha256):
    key = secret if isinstance(secret, bytes) else secret.encode()
    return lambda text: hmac.new(key, text, digest).digest()


def rs256(key: rsa.RSAPrivateKey):
    return lambda text: key.sign(text, padding.PKCS1v15(), hashes.SHA256())


def es256(key: ec.EllipticCurvePrivateKey):
    def sign(text: bytes) -> bytes:
        r, s = utils.decode_dss_signature(key.sign(text, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return sign


def number(value: int) -> str:
    return encode(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def rsa_jwk(key: rsa.RSAPrivateKey, key_id: str) -> dict:
    public = key.public_key().public_numbers()
    return {"kty": "RSA", "kid": key_id, "use": "sig", "alg": "RS256", "n": number(public.n), "e": number(public.e)}


def ec_jwk(key: ec.EllipticCurvePrivateKey, key_id: str) -> dict:
    public = key.public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "kid": key_id, "x": encode(public.x.to_bytes(32, "big")), "y": encode(public.y.to_bytes(32, "big"))}


class KeyServer:
    """An outside issuer's address for its keys."""

    def __init__(self):
        self.keys: list[dict] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps({"keys": outer.keys}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/jwks.json"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def issuer():
    running = KeyServer()
    yield running
    running.close()


@pytest.fixture(scope="module")
def school(tmp_path_factory, issuer):
    """A server that knows an outside issuer."""
    running = Server(
        tmp_path_factory.mktemp("school"),
        auth__jwt_secret=SECRET,
        auth__external_issuer=ISSUER,
        auth__external_audience="coach",
        auth__external_jwks=issuer.url,
        limits__sessions_per_hour="1000",
        metrics__token="of Prometheus alone",
    ).start()
    yield running
    running.end()


def ask(server: Server, method: str, path: str, token: str | None = None, **arguments) -> httpx.Response:
    headers = ({"Authorization": f"Bearer {token}"} if token else {}) | arguments.pop("headers", {})
    return httpx.request(method, server.url + path, headers=headers, timeout=30, **arguments)


def register(server: Server, email: str | None = None) -> dict:
    email = email or f"{uuid.uuid4().hex}@example.org"
    answer = ask(server, "POST", f"{AUTH}/register", json={"email": email, "password": PASSWORD, "name": "Lan"})
    assert answer.status_code == 201, answer.text
    return answer.json() | {"email": email}


def test_an_account_from_registration_to_sign_out(school):
    made = register(school, "Lan@Example.org")
    me = ask(school, "GET", f"{AUTH}/me", made["token"]).json()
    assert (me["name"], me["role"], me["email"]) == ("Lan", "learner", "lan@example.org")
    assert ask(school, "POST", f"{AUTH}/register", json={"email": "LAN@example.org", "password": PASSWORD}).json()["code"] == "email_taken"
    wrong = ask(school, "POST", f"{AUTH}/login", json={"email": "lan@example.org", "password": "not this one"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")
    signed_in = ask(school, "POST", f"{AUTH}/login", json={"email": "lan@example.org", "password": PASSWORD}).json()
    first = signed_in["refresh_token"]
    second = ask(school, "POST", f"{AUTH}/refresh", json={"refresh_token": first}).json()["refresh_token"]
    assert ask(school, "POST", f"{AUTH}/refresh", json={"refresh_token": first}).status_code == 401
    assert ask(school, "POST", f"{AUTH}/refresh", json={"refresh_token": second}).status_code == 401, "the family is revoked"
    assert ask(school, "POST", f"{AUTH}/logout", json={"refresh_token": made["refresh_token"]}).status_code == 204
    assert ask(school, "POST", f"{AUTH}/refresh", json={"refresh_token": made["refresh_token"]}).status_code == 401
    log = school.log_path.read_text()
    for way in ("register", "login", "refresh"):
        assert re.search(rf'signed in.*user_id="?{me["id"]}\b.*way="?{way}', log)
    assert re.search(r"access refused.*wrong_credentials", log)
    assert "lan@example.org" not in log.lower()


def test_settings_are_kept_and_checked(school):
    token = register(school)["token"]
    changed = ask(school, "PATCH", f"{AUTH}/me", token, json={"time_zone": "Europe/Paris", "level": "B1", "daily_goal_minutes": 25, "name": "Minh"})
    assert changed.status_code == 200, changed.text
    me = ask(school, "GET", f"{AUTH}/me", token).json()
    assert me == changed.json()
    assert me["settings"] == {"time_zone": "Europe/Paris", "locale": "vi", "level": "B1", "daily_goal_minutes": 25}
    for field, value in [("time_zone", "Mars/Base"), ("level", "C9"), ("daily_goal_minutes", 0), ("locale", "fr"), ("name", "a\u0007b")]:
        refused = ask(school, "PATCH", f"{AUTH}/me", token, json={field: value})
        assert (refused.status_code, refused.json()["field"]) == (400, field)


def test_a_guest_becomes_an_account_with_its_sessions(school):
    guest = school.guest()
    session = ask(school, "POST", SESSIONS, guest.token, json={"mode": "conversation"}).json()
    body = {"email": f"{uuid.uuid4().hex}@example.org", "password": PASSWORD}
    made = ask(school, "POST", f"{AUTH}/register", guest.token, json=body)
    assert made.status_code == 201, made.text
    assert ask(school, "GET", f"{SESSIONS}/{session['id']}", made.json()["token"]).status_code == 200
    assert ask(school, "POST", f"{AUTH}/register", guest.token, json=body | {"email": "x" + body["email"]}).status_code == 409


def tables_about_users(server: Server) -> list[str]:
    if conftest.postgresql:
        return [name for (name,) in server.sql("SELECT table_name FROM information_schema.columns WHERE column_name = 'user_id' AND table_schema = 'public'")]
    return [
        name for (name,) in server.sql("SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'user_id' WHERE m.type = 'table'")
    ]


def test_all_that_is_kept_can_be_taken_along(school, recording):
    learner = school.guest()
    with learner.http as http:
        http.patch("/api/v1/auth/me", json={"name": "Lan"}).raise_for_status()
        read = learner.upload(recording("good.wav"), "a.wav").json()
        http.post(f"{SESSIONS}/{read['id']}/comments", json={"text": "Khó quá!"}).raise_for_status()
        disputed = http.post(f"{SESSIONS}/{read['id']}/disputes", json={"score": "fluency", "text": "Mình không dừng lại."}).json()
        spoken = http.post(SESSIONS, json={"mode": "conversation"}).json()["id"]
        answer = http.get("/api/v1/auth/me/export")
        assert answer.headers["content-disposition"].startswith("attachment")
        all_of_it = answer.json()
        talk, reading = all_of_it["sessions"]
        for whole in (talk, reading):
            comments = whole.pop("comments")
            assert whole.pop("stars") is None, "nobody has said what the advice is worth"
            assert whole.pop("human_ratings") == []
            assert whole == http.get(f"{SESSIONS}/{whole['id']}").json()
            assert [comment["text"] for comment in comments] == (["Khó quá!"] if whole["id"] == read["id"] else [])
        assert (talk["id"], all_of_it["next_cursor"]) == (spoken, None)
        person = all_of_it["person"]
        assert person["user"] == http.get("/api/v1/auth/me").json()
        assert [comment["session_id"] for comment in person["comments_written"]] == [read["id"]]
        assert person["disputes"] == [disputed | {"reviewed_at": None}]
        assert (person["invitations"], person["external_identities"]) == ([], [])
        second = http.get("/api/v1/auth/me/export", params={"cursor": "0" * 16 + read["id"].replace("-", "")}).json()
        assert second["sessions"] == []
        assert "person" not in second
        assert http.get("/api/v1/auth/me/export", params={"cursor": "x"}).json()["field"] == "cursor"


def test_who_asks_to_be_erased_is_gone(school):
    made = register(school)
    learner = Learner(school, made["token"])
    session = learner.upload((ROOT / "tests" / "data" / "good.wav").read_bytes(), "a.wav").json()
    assert ask(school, "GET", f"{SESSIONS}/{session['id']}/audio", made["token"]).status_code == 200
    assert ask(school, "DELETE", f"{AUTH}/me", made["token"]).status_code == 204
    assert ask(school, "GET", f"{AUTH}/me", made["token"]).status_code == 401
    assert ask(school, "POST", f"{AUTH}/refresh", json={"refresh_token": made["refresh_token"]}).status_code == 401
    assert ask(school, "POST", f"{AUTH}/login", json={"email": made["email"], "password": PASSWORD}).status_code == 401
    user = made["user"]["id"]
    tables = tables_about_users(school)
    assert {"speech_practice_sessions", "practice_counts", "sentence_reviews", "class_members", "access_log"} <= set(tables)
    for table in tables:
        assert school.sql(f"SELECT COUNT(*) FROM {table} WHERE user_id = {user}") == [(0,)], table


def test_the_command_line_makes_an_administrator(school):
    email = f"{uuid.uuid4().hex}@example.org"
    added = run("user", "add", email, "--role", "admin", "--name", "Chủ nhiệm", stdin=PASSWORD + "\n", **school.settings)
    assert added.returncode == 0, added.stderr
    token = ask(school, "POST", f"{AUTH}/login", json={"email": email, "password": PASSWORD}).json()["token"]
    assert ask(school, "GET", "/api/v1/admin/llm/providers", token).status_code == 200
    assert email in run("user", "list", **school.settings).stdout
    printed = run("user", "token", email, **school.settings).stdout.strip()
    assert ask(school, "GET", "/api/v1/admin/llm/providers", printed).status_code == 200
    assert run("user", "role", email, "learner", **school.settings).returncode == 0
    assert ask(school, "GET", "/api/v1/admin/llm/providers", token).status_code == 403, "the role is the one in the database"
    assert run("user", "role", "nobody@example.org", "admin", **school.settings).returncode != 0
    assert run("user", "add", email, stdin="short\n", **school.settings).returncode == 2


@pytest.fixture(scope="module")
def rsa_key():
    return rsa.generate_private_key(65537, 2048)


def outside(**changes) -> dict:
    return {"iss": ISSUER, "aud": "coach", "sub": "u-7", "name": "Minh", "exp": int(time.time()) + 300} | changes


def test_an_outside_issuers_keys_are_used_and_changed(school, issuer, rsa_key):
    ec_key = ec.generate_private_key(ec.SECP256R1())
    issuer.keys = [rsa_jwk(rsa_key, "r1"), ec_jwk(ec_key, "e1")]
    by_rsa = signed(outside(role="teacher"), rs256(rsa_key), alg="RS256", kid="r1")
    me = ask(school, "GET", f"{AUTH}/me", by_rsa)
    assert me.status_code == 200, me.text
    assert (me.json()["name"], me.json()["role"]) == ("Minh", "teacher")
    again = ask(school, "GET", f"{AUTH}/me", signed(outside(), es256(ec_key), alg="ES256", kid="e1")).json()
    assert again["id"] == me.json()["id"], "one subject is one user"
    newer = rsa.generate_private_key(65537, 2048)
    issuer.keys = [rsa_jwk(newer, "r2")]
    by_newer = signed(outside(), rs256(newer), alg="RS256", kid="r2")
    wait_until(lambda: ask(school, "GET", f"{AUTH}/me", by_newer).status_code == 200, 20, "the new key is never found")
    assert ask(school, "GET", f"{AUTH}/me", by_rsa).status_code == 401, "its key is gone"


def forged_and_stale(user_id: str, rsa_key) -> dict[str, str]:
    """Tokens that somebody might try, by what is wrong with them."""
    now = int(time.time())
    good = {"iss": "speechcoach", "sub": user_id, "role": "admin", "iat": now, "exp": now + 300}
    mine = hs256(SECRET)
    valid = signed(good, mine, alg="HS256", typ="JWT")
    head, body, signature = valid.split(".")
    pem = rsa_key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    other = rsa.generate_private_key(65537, 2048)
    weak = rsa.generate_private_key(65537, 1024)
    none = lambda text: b""  # noqa: E731
    tokens = {
        "none": signed(good, none, alg="none"),
        "None": signed(good, none, alg="None"),
        "NONE with the good signature": signed(good, mine, alg="NONE"),
        "no alg": signed(good, mine, typ="JWT"),
        "alg in lower case": signed(good, mine, alg="hs256"),
        "alg as a list": signed(good, mine, alg=["HS256"]),
        "alg null": signed(good, mine, alg=None),
        "HS384": signed(good, hs256(SECRET, hashlib.sha384), alg="HS384"),
        "HS512": signed(good, hs256(SECRET, hashlib.sha512), alg="HS512"),
        "RS256 named, HMAC signed": signed(good, mine, alg="RS256"),
        "another secret": signed(good, hs256("another secret that is long enough"), alg="HS256"),
        "an empty secret": signed(good, hs256(""), alg="HS256"),
        "critical extension": signed(good, mine, alg="HS256", crit=["b64"], b64=False),
        "signature cut off": f"{head}.{body}.",
        "no signature": f"{head}.{body}",
        "signature shortened": valid[:-4],
        "signature of another token": f"{head}.{encode(json.dumps(good | {'sub': '1'}).encode())}.{signature}",
        "header changed": encode(json.dumps({"alg": "HS256", "x": 1}).encode()) + f".{body}.{signature}",
        "four parts": valid + ".x",
        "expired": signed(good | {"exp": now - 1}, mine, alg="HS256"),
        "expired long ago": signed(good | {"exp": 1}, mine, alg="HS256"),
        "no end": signed({k: v for k, v in good.items() if k != "exp"}, mine, alg="HS256"),
        "end as text": signed(good | {"exp": str(now + 300)}, mine, alg="HS256"),
        "end beyond reason": signed(good | {"exp": 1e300}, mine, alg="HS256"),
        "not yet": signed(good | {"nbf": now + 300}, mine, alg="HS256"),
        "made in the future": signed(good | {"iat": now + 300}, mine, alg="HS256"),
        "another issuer": signed(good | {"iss": "elsewhere"}, mine, alg="HS256"),
        "no issuer": signed({k: v for k, v in good.items() if k != "iss"}, mine, alg="HS256"),
        "nobody": signed({k: v for k, v in good.items() if k != "sub"}, mine, alg="HS256"),
        "user 0": signed(good | {"sub": "0"}, mine, alg="HS256"),
        "a user below 0": signed(good | {"sub": "-1"}, mine, alg="HS256"),
        "a user that is no number": signed(good | {"sub": "1 OR 1=1"}, mine, alg="HS256"),
        "a user who is not there": signed(good | {"sub": "99999999"}, mine, alg="HS256"),
        "claims that are no object": signed(b"[1]", mine, alg="HS256"),
        "claims that are no JSON": signed(b"{", mine, alg="HS256"),
        "outside: HMAC with the public key": signed(outside(), hs256(pem), alg="HS256", kid="k"),
        "outside: our secret": signed(outside(), mine, alg="HS256", kid="k"),
        "outside: another key": signed(outside(), rs256(other), alg="RS256", kid="k"),
        "outside: an unknown key": signed(outside(), rs256(rsa_key), alg="RS256", kid="unknown"),
        "outside: a weak key": signed(outside(), rs256(weak), alg="RS256", kid="weak"),
        "outside: its key in the token": signed(outside(), rs256(other), alg="RS256", jwk=rsa_jwk(other, "k")),
        "outside: none": signed(outside(), none, alg="none", kid="k"),
        "outside: another audience": signed(outside(aud="others"), rs256(rsa_key), alg="RS256", kid="k"),
        "outside: no audience": signed({k: v for k, v in outside().items() if k != "aud"}, rs256(rsa_key), alg="RS256", kid="k"),
        "outside: expired": signed(outside(exp=now - 61), rs256(rsa_key), alg="RS256", kid="k"),
        "outside: our issuer": signed(outside(iss="speechcoach"), rs256(rsa_key), alg="RS256", kid="k"),
        "far too long": "A" * 9000,
        "nothing": "-",
    }
    return tokens


def test_forged_and_stale_tokens_are_refused(school, issuer, rsa_key):
    made = register(school)
    issuer.keys = [rsa_jwk(rsa_key, "k"), rsa_jwk(rsa.generate_private_key(65537, 1024), "weak")]
    wait_until(lambda: ask(school, "GET", f"{AUTH}/me", signed(outside(), rs256(rsa_key), alg="RS256", kid="k")).status_code == 200, 20)
    tokens = forged_and_stale(str(made["user"]["id"]), rsa_key)
    assert len(tokens) >= 40
    for wrong, token in tokens.items():
        for path in (f"{AUTH}/me", SESSIONS):
            answer = ask(school, "GET", path, token)
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), wrong
            assert "www-authenticate" in answer.headers


# --- every route of the contract for every role ------------------------------------------------------------------------

CONTRACT = yaml.safe_load((ROOT / "contract" / "openapi.yaml").read_text(encoding="utf-8"))
METHODS = ("get", "post", "put", "patch", "delete")
OPERATIONS = [
    (method, path, operation) for path, entry in CONTRACT["paths"].items() for method, operation in entry.items() if method in METHODS
]
PROTECTED = [(method, path) for method, path, operation in OPERATIONS if {} not in operation.get("security", [None]) and operation.get("security") != []]
FOR_TEACHERS = {(method, path) for method, path, operation in OPERATIONS if operation.get("x-role") == "teacher"}


@pytest.fixture(scope="module")
def people(school):
    """A token a role, and the session of somebody else altogether."""
    tokens = {}
    for role in ("learner", "teacher", "admin"):
        email = f"{uuid.uuid4().hex}@example.org"
        assert run("user", "add", email, "--role", role, stdin=PASSWORD + "\n", **school.settings).returncode == 0
        tokens[role] = ask(school, "POST", f"{AUTH}/login", json={"email": email, "password": PASSWORD}).json()["token"]
    owner = school.guest()
    session = owner.upload((ROOT / "tests" / "data" / "good.wav").read_bytes(), "a.wav").json()
    return tokens, owner, session


@pytest.fixture(scope="module")
def elsewhere(school, people):
    """What belongs to another teacher and a learner of theirs, by the names of the contract's paths."""
    email = f"{uuid.uuid4().hex}@example.org"
    assert run("user", "add", email, "--role", "teacher", stdin=PASSWORD + "\n", **school.settings).returncode == 0
    token = ask(school, "POST", f"{AUTH}/login", json={"email": email, "password": PASSWORD}).json()["token"]
    made = ask(school, "POST", "/api/v1/classes", token, json={"name": "Lớp 9A"}).json()
    _, owner, session = people
    assert ask(school, "POST", "/api/v1/classes/join", owner.token, json={"code": made["code"]}).status_code == 200
    member = ask(school, "GET", f"{AUTH}/me", owner.token).json()["id"]
    given = ask(school, "POST", f"/api/v1/classes/{made['id']}/assignments", token, json={"sentence_id": 1}).json()
    return {"class_id": made["id"], "user_id": member, "assignment_id": given["id"], "session_id": session["id"]}


def fill(path: str, values: dict) -> str:
    values = {"sentence_id": 1, "name": "openai"} | values
    return re.sub(r"\{(\w+)\}", lambda match: str(values.get(match.group(1), 999999)), path)


def a_body(path: str) -> dict:
    """One that such a route reads."""
    if path.endswith("/audio"):
        return {"content": b"RIFF", "headers": {"Content-Type": "audio/wav"}}
    if path.endswith(("/roster", "/import")):
        return {"content": b"email,text,level\nlan@example.org,Hello.,A1\n", "headers": {"Content-Type": "text/csv"}}
    return {"json": {}}


@pytest.mark.parametrize(("method", "path"), PROTECTED, ids=lambda value: value)
def test_every_protected_route_for_every_role(school, people, elsewhere, method, path):
    tokens, owner, session = people
    target = fill(path, elsewhere)

    def status(token: str | None) -> int:
        return ask(school, method, target, token, **(a_body(path) if method in ("post", "put", "patch") else {})).status_code

    assert status(None) == 401
    assert status("forged") == 401
    is_somebodys = "{session_id}" in path or "{class_id}" in path
    if path == "/metrics":
        assert {role: status(token) for role, token in tokens.items()} == dict.fromkeys(tokens, 401)
    elif path.startswith("/api/v1/admin/"):
        assert [status(tokens["learner"]), status(tokens["teacher"]), status(owner.token)] == [403, 403, 403]
        assert status(tokens["admin"]) not in (401, 403, 500)
    elif (method, path) in FOR_TEACHERS:
        assert [status(tokens["learner"]), status(owner.token)] == [403, 403]
        for token in (tokens["teacher"], tokens["admin"]):
            assert status(token) == 404 if is_somebodys else status(token) not in (401, 403, 500)
    elif is_somebodys:
        assert {role: status(token) for role, token in tokens.items()} == dict.fromkeys(tokens, 404)
    elif (method, path) == ("delete", f"{AUTH}/me"):
        assert status(register(school)["token"]) == 204
    else:
        assert status(tokens["learner"]) not in (401, 403, 404, 500)
    assert owner.session(session["id"]) == session, "nobody has changed it"
    joined = ask(school, "GET", "/api/v1/classes", owner.token).json()["learning"]
    assert [each["id"] for each in joined] == [elsewhere["class_id"]]


def test_nobody_sees_anothers_sessions_or_progress(school, people):
    tokens, owner, session = people
    assert ask(school, "GET", SESSIONS, owner.token).json()["sessions"][0]["id"] == session["id"]
    for token in tokens.values():
        seen = ask(school, "GET", SESSIONS, token).json()["sessions"]
        assert session["id"] not in [s["id"] for s in seen]
        assert ask(school, "GET", "/api/v1/speech-practice/progress", token).json()["total_sessions"] == 0
        assert ask(school, "GET", "/api/v1/speech-practice/analytics/trends", token).json()["points"] == []
