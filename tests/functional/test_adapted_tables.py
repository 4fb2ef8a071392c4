"""A school's own tables of users and sentences are followed, and its users come in with the school's tokens."""

import json

import httpx
from conftest import REFERENCE, Learner, run
from cryptography.hazmat.primitives.asymmetric import rsa
from test_accounts import ISSUER, outside, rs256, rsa_jwk, signed

USERS = ["adapt", "users", "--issuer", ISSUER, "--table", "accounts", "--column", "id=account_no", "--column", "email=mail", "--column", "name=full_name"]
PHRASES = ["adapt", "sentences", "--table", "phrases", "--column", "id=no", "--column", "text=english", "--column", "level=cefr"]


def offered(http: httpx.Client) -> dict[str, int]:
    """text -> number of the hardest sentences"""
    answer = http.get("/api/v1/sentences", params={"level": "C1"})
    assert answer.status_code == 200, answer.text
    return {sentence["text"]: sentence["id"] for sentence in answer.json()["sentences"]}


def test_a_schools_tables_are_followed_and_its_users_practise(own_server, recording, tmp_path):
    server = own_server
    key = rsa.generate_private_key(65537, 2048)
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps({"keys": [rsa_jwk(key, "k")]}))
    server.settings |= {"auth__external_issuer": ISSUER, "auth__external_audience": "coach", "auth__external_jwks": str(keys)}
    assert run("migrate", "up", **server.settings).returncode == 0
    server.sql("CREATE TABLE accounts (account_no VARCHAR(20) PRIMARY KEY, mail VARCHAR(100), full_name VARCHAR(200))")
    server.sql("INSERT INTO accounts VALUES ('a-1', 'Hoa@Example.org', 'Hoa Lê')")
    server.sql("CREATE TABLE phrases (no INTEGER PRIMARY KEY, english VARCHAR(1000), cefr VARCHAR(10))")
    server.sql(f"INSERT INTO phrases VALUES (7, '{REFERENCE}', 'C1')")

    wrong = run(*PHRASES[:-2], "--column", "level", **server.settings)
    assert wrong.returncode != 0
    assert "'level' is not OURS=THEIRS" in wrong.stderr
    missing = run(*["nowhere" if word == "phrases" else word for word in PHRASES], **server.settings)
    assert missing.returncode != 0
    assert "'nowhere' is no table here, or has not all of these columns: no, cefr, english" in missing.stderr
    for command in (USERS, PHRASES):
        done = run(*command, **server.settings)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("1 added, 0 changed, 0 gone")

    server.start()
    hoa = Learner(server, signed(outside(sub="a-1", name="Somebody"), rs256(key), alg="RS256", kid="k"))
    with hoa.http as http:
        me = http.get("/api/v1/auth/me").json()
        assert (me["name"], me["email"], me["role"]) == ("Hoa Lê", "hoa@example.org", "learner")
        assert 500_001 <= offered(http)[REFERENCE] <= 1_000_000
        server.sql("INSERT INTO phrases VALUES (8, 'So do I.', 'C1')")
        server.sql("DELETE FROM phrases WHERE no = 7")
        # At once, where nobody wants to wait for the minute.
        assert run(*PHRASES, **server.settings).stdout.startswith("1 added, 0 changed, 1 gone")
        now = offered(http)
        assert "So do I." in now
        assert REFERENCE not in now
    assert hoa.upload(recording("good.wav"), "a.wav").json()["status"] == "completed"
