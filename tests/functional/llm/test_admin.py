"""An administrator's hand on providers and keys: by REST and on the command line of the shipped program."""

import json
import os
import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from chain import BUILD
from llm_server import FakeProvider

PROGRAM = BUILD / "speechcoach"
SECRET = "sk-a-real-looking-secret-9876"


class Installation:
    def __init__(self, folder: Path):
        self.folder = folder
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("SPEECHCOACH_")} | {"SPEECHCOACH_DATA_DIR": str(folder)}

    def keys(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess:
        return subprocess.run(
            [PROGRAM, "keys", *arguments], env=self.environment, input=stdin, capture_output=True, text=True, timeout=60, check=False
        )

    def sql(self, text: str, *parameters) -> list[tuple]:
        with sqlite3.connect(self.folder / "speechcoach.db", timeout=30) as connection:
            return connection.execute(text, parameters).fetchall()


@pytest.fixture
def installation(tmp_path):
    return Installation(tmp_path)


@pytest.fixture
def fake():
    with FakeProvider("openai") as running:
        yield running


def test_keys_on_the_command_line(installation, fake):
    assert "no keys" in installation.keys("list").stdout
    installation.sql("UPDATE llm_providers SET base_url = ? WHERE provider_name = 'openai'", fake.url)
    added = installation.keys("add", "--provider", "openai", "--name", "first", "--daily-limit", "100", stdin=SECRET + "\n")
    assert (added.returncode, added.stdout) == (0, "key 1 added: first ...9876\n")
    assert SECRET not in installation.keys("list").stdout
    assert "...9876" in installation.keys("list").stdout
    assert installation.keys("add", "--provider", "openai", "--name", "first", stdin=SECRET).returncode == 1
    assert installation.keys("add", "--provider", "nobody", "--name", "x", stdin=SECRET).returncode == 1
    assert installation.keys("add", "--provider", "openai", "--name", "short", stdin="abc").returncode == 1

    token = installation.sql("SELECT api_key_encrypted FROM llm_api_keys")
    assert SECRET not in str(token)
    assert "works" in installation.keys("test", "1").stdout
    assert fake.seen[-1].key == SECRET
    assert installation.keys("rotate").stdout == "1 keys encrypted anew\n"
    assert installation.sql("SELECT api_key_encrypted FROM llm_api_keys") != token
    assert (installation.folder / "llm_master_key").stat().st_mode & 0o777 == 0o600
    assert installation.keys("test", "1").returncode == 0

    with ThreadPoolExecutor(4) as pool:
        assert {done.returncode for done in pool.map(lambda _: installation.keys("rotate"), range(4))} == {0}
    assert installation.keys("test", "1").returncode == 0, "whoever rotates waits for others who do"

    fake.settings.behaviour = "401"
    assert installation.keys("test", "1").returncode == 1
    assert "off: invalid_key" in installation.keys("list").stdout


@pytest.fixture
def admin(installation, fake):
    """A running server and an administrator's client."""
    environment = installation.environment | {
        "SPEECHCOACH_SERVER__PORT": "0", "SPEECHCOACH_LLM__DAILY_BUDGET_USD": "0.0000001", "SPEECHCOACH_BEAT__PROVIDER_CHECKS": "off"
    }  # fmt: skip
    with (installation.folder / "log").open("w") as log:
        process = subprocess.Popen([PROGRAM, "serve"], env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    line = process.stdout.readline()
    assert "speechcoach is ready" in line, (installation.folder / "log").read_text()
    url = line.split("open ")[1].split(" ")[0]
    token = httpx.post(f"{url}/api/v1/auth/guest", json={}).json()["token"]
    with httpx.Client(base_url=f"{url}/api/v1/admin/llm", headers={"Authorization": f"Bearer {token}"}, timeout=30) as http:
        yield http
    process.terminate()
    assert process.wait(30) == 0


def test_the_admin_api(installation, admin, fake):
    assert admin.get("/providers").status_code == 403
    installation.sql("UPDATE users SET role = 'admin'")
    providers = {p["name"]: p for p in admin.get("/providers").json()["providers"]}
    assert [*providers][:3] == ["openai", "gemini", "deepseek"]
    assert providers["openai"]["models"][0]["name"] == "gpt-6-luna"

    assert admin.patch("/providers/openai", json={"base_url": fake.url, "priority": -5}).json()["priority"] == -5
    assert admin.patch("/providers/nobody", json={}).status_code == 404
    for wrong in ({"base_url": "ftp://x"}, {"base_url": "http://api.openai.com/v1"}, {"priority": "high"}, {"failure_threshold": 0}, {"name": "other"}):
        assert admin.patch("/providers/openai", json=wrong).status_code == 400, wrong

    key = admin.post("/providers/openai/keys", json={"name": "first", "key": SECRET, "monthly_budget_usd": 5})
    assert key.status_code == 201
    assert SECRET not in key.text
    assert (key.json()["last4"], key.json()["monthly_budget_usd"]) == ("9876", 5)
    assert admin.post("/providers/openai/keys", json={"name": "first", "key": SECRET}).status_code == 409
    assert admin.post("/providers/openai/keys", json={"name": "second", "key": "with space"}).status_code == 400
    assert SECRET not in admin.get("/providers").text
    key_id = key.json()["id"]

    assert admin.post(f"/keys/{key_id}/test").json()["works"] is True
    fake.settings.behaviour = "429 no credit"
    assert admin.post(f"/keys/{key_id}/test").json()["fault"].startswith("no_credit")
    shown = admin.get("/providers").json()["providers"][0]["keys"][0]
    assert (shown["is_active"], shown["disabled_reason"]) == (False, "no_credit")
    changed = admin.patch(f"/keys/{key_id}", json={"is_active": True, "daily_request_limit": 9, "monthly_budget_usd": None}).json()
    assert (changed["is_active"], changed["disabled_reason"], changed["daily_request_limit"], changed["monthly_budget_usd"]) == (True, None, 9, None)
    assert admin.patch("/keys/999", json={}).status_code == 404

    stats = admin.get("/usage/stats", params={"group_by": "provider"}).json()
    assert [(row["group"], row["calls"], row["successes"]) for row in stats["usage"]] == [("openai", 2, 1)]
    assert stats["today_cost_usd"] == pytest.approx((512 * 0.1 + 128 * 0.01 + 96 * 0.5) / 1e6)
    assert stats["is_over_budget"] is True
    assert admin.get("/usage/stats", params={"group_by": "weather"}).status_code == 400
    assert [row["calls"] for row in admin.get("/usage/stats", params={"provider": "openai"}).json()["usage"]] == [2]
    assert [row["calls"] for row in admin.get("/usage/stats", params={"provider": "gemini"}).json()["usage"]] in ([], [0])
    assert admin.get("/usage/stats", params={"provider": "nobody"}).status_code == 404

    price = admin.post("/providers/openai/prices", json={"model": "gpt-6-luna", "input_microusd": 7, "output_microusd": 8})
    assert price.status_code == 201
    assert admin.delete(f"/prices/{price.json()['id']}").status_code == 200
    assert admin.delete(f"/prices/{price.json()['id']}").status_code == 404
    model = {"name": "gpt-7", "priority": 0, "request_extra": {"reasoning_effort": "none"}, "shutdown_at_ms": 4102444800000}
    assert admin.post("/providers/openai/models", json=model).json()["shutdown_at"] == "2100-01-01T00:00:00.000Z"
    models = admin.get("/providers").json()["providers"][0]["models"]
    assert [(one["name"], one["has_price"]) for one in models[:2]] == [("gpt-7", False), ("gpt-6-luna", True)]
    assert admin.post("/providers", json={"name": "school", "kind": "openai_compatible", "base_url": "http://localhost:1/v1"}).status_code == 201
    assert admin.post("/providers", json={"name": "x", "kind": "magic", "base_url": "http://localhost:1"}).status_code == 400
    window = {"model": "gpt-6-luna", "input_microusd": 7, "output_microusd": 8, "weekdays": 31, "from_minute": 60, "to_minute": 60}
    assert admin.post("/providers/openai/prices", json=window).status_code == 400, "it would never hold"

    # A key goes nowhere but where it was meant to go.
    assert admin.patch("/providers/openai", json={"base_url": fake.url.replace("127.0.0.1", "localhost")}).status_code == 200
    asked = len(fake.seen)
    assert admin.post(f"/keys/{key_id}/test").status_code == 409
    assert admin.patch(f"/keys/{key_id}", json={"is_active": True}).status_code == 409
    assert admin.get("/providers").json()["providers"][0]["keys"][0]["disabled_reason"] == "address_changed"
    assert len(fake.seen) == asked
    log = (installation.folder / "log").read_text()
    assert SECRET not in log
    assert json.dumps(fake.settings.answer["conversational"], ensure_ascii=False) not in log
