"""A language model's feedback through the shipped program: what is shown, and what is not."""

import json
import os
import sqlite3
import subprocess
import time

import httpx
import pytest
from chain import BUILD, ROOT
from llm_server import FakeProvider

PROGRAM = BUILD / "speechcoach"
CORPUS = ROOT / "tests" / "data" / "advice"
SESSIONS = "/api/v1/speech-practice/sessions"
REFERENCE = "The girl was four at the time."
HONEST = "Bạn đọc khá đều và giữ hơi tốt, phát âm đạt {scores.pronunciation}/10. Từ “girl” bạn thử đọc chậm lại một chút nhé. Mình cùng đọc lại nào!"


@pytest.fixture
def fake():
    with FakeProvider("openai") as running:
        yield running


@pytest.fixture
def world(tmp_path, fake):
    """A server whose only key is the fake's."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SPEECHCOACH_")}
    environment = kept | {"SPEECHCOACH_DATA_DIR": str(tmp_path), "SPEECHCOACH_SERVER__PORT": "0", "SPEECHCOACH_BEAT__PROVIDER_CHECKS": "off"}
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen([PROGRAM, "serve"], env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    line = process.stdout.readline()
    assert "speechcoach is ready" in line, (tmp_path / "log").read_text()
    url = line.split("open ")[1].split(" ")[0]
    token = httpx.post(f"{url}/api/v1/auth/guest", json={}).json()["token"]

    def add_key() -> None:
        with sqlite3.connect(tmp_path / "speechcoach.db", timeout=30) as connection:
            connection.execute("UPDATE llm_providers SET base_url = ? WHERE provider_name = 'openai'", (fake.url,))
        added = subprocess.run(
            [PROGRAM, "keys", "add", "--provider", "openai", "--name", "k"], env=environment, input="sk-for-the-tests-0001", text=True, check=False
        )
        assert added.returncode == 0

    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=90) as http:
        yield http, add_key
    process.terminate()
    assert process.wait(30) == 0


def practise(http: httpx.Client) -> dict:
    audio = (ROOT / "tests" / "data" / "good.wav").read_bytes()
    form = {"mode": "sentence_practice", "reference_text": REFERENCE}
    answer = http.post(SESSIONS, params={"wait": 60}, data=form, files={"audio": ("good.wav", audio)})
    assert answer.status_code in (200, 201, 202), answer.text
    return answer.json()


def answer_of(talk: str) -> dict:
    return {"say": talk, "item": "Đọc chậm lại ở từ “girl”"}


def test_honest_answers_are_shown_and_talked_over_ones_never(world, fake, tmp_path):
    http, add_key = world
    by_rules = practise(http)
    assert not by_rules["degraded_mode"], "without a key the rules' feedback is no lesser one"

    add_key()
    time.sleep(2.5)  # the table of keys is read anew after two seconds
    attacks: dict[str, str] = {}
    for row in json.loads((CORPUS / "attacks.json").read_text()):
        if row["kind"] in ("leak", "score", "language", "unsaid") and row["answer"].startswith('{"say"'):
            attacks.setdefault(row["kind"], json.loads(row["answer"])["say"])
    assert len(attacks) == 4
    for kind, talk in attacks.items():
        fake.settings.answer = answer_of(talk)
        asked = len(fake.seen)
        session = practise(http)
        assert len(fake.seen) > asked, kind
        assert session["degraded_mode"], kind
        assert session["feedback"]["conversational"].startswith("Hệ thống AI đang bận, đây là phân tích sơ bộ: "), kind
        assert talk not in session["feedback"]["conversational"], kind

    fake.settings.answer = answer_of(HONEST)
    session = practise(http)
    assert not session["degraded_mode"]
    score = f"{session['scores']['pronunciation']:g}".replace(".", ",")
    assert HONEST.replace("{scores.pronunciation}", score) in session["feedback"]["conversational"]
    assert session["scores"] == by_rules["scores"], "the model's opinion of the scores is not ours"
    for label in ("emotion_detected", "confidence_level"):
        assert session["feedback"]["detailed"][label] == by_rules["feedback"]["detailed"][label]

    with sqlite3.connect(tmp_path / "speechcoach.db") as connection:
        calls = connection.execute("SELECT COUNT(*), COUNT(s.id) FROM llm_usage_logs u LEFT JOIN speech_practice_sessions s ON s.id = u.session_id AND s.user_id = u.user_id").fetchone()
    assert calls == (len(fake.seen), len(fake.seen)), "every call is counted for the session and its learner"
