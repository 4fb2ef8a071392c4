"""A database of its own for the provider chain, and the program that asks it; for tests and benchmarks."""

import functools
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "fakes"))
BUILD = Path(os.environ.get("SPEECHCOACH_BUILD", ROOT / "build" / "release"))
DRIVER = BUILD / "speechcoach-llm-driver"
MASTER_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="
SCHEMA = {
    "type": "object",
    "properties": {"conversational": {"type": "string"}, "tip": {"type": "string"}},
    "required": ["conversational", "tip"],
    "additionalProperties": False,
}
CHAIN = ("openai", "gemini", "deepseek")


def environment_in(folder: Path) -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("SPEECHCOACH_")} | {
        "SPEECHCOACH_DATA_DIR": str(folder),
        "SPEECHCOACH_DATABASE__URL": f"sqlite:{folder / 'chain.db'}",
        "SPEECHCOACH_LLM__MASTER_KEY": MASTER_KEY,
        "SPEECHCOACH_LOG__LEVEL": "error",
    }


@functools.cache
def new_database() -> bytes:
    """One with its tables and nothing of a test's in it, as the program makes it."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([DRIVER, "ask"], env=environment_in(Path(folder)), input="", stdout=subprocess.DEVNULL, text=True, check=True)
        return (Path(folder) / "chain.db").read_bytes()


class Chain:
    """A database of its own with the given fakes as its providers, and the program that asks them."""

    def __init__(self, folder: Path, **settings):
        self.database = folder / "chain.db"
        self.environment = environment_in(folder)
        self.set(**settings)
        self.database.write_bytes(new_database())
        self.sql("UPDATE llm_providers SET is_active = 0")

    def set(self, **settings) -> None:
        self.environment |= {f"SPEECHCOACH_{name.upper()}": str(value) for name, value in settings.items()}

    def sql(self, text: str, *parameters) -> list[tuple]:
        with sqlite3.connect(self.database, timeout=30) as connection:
            return connection.execute(text, parameters).fetchall()

    def encrypt(self, secrets: list[str]) -> list[str]:
        lines = "\n".join(secret.encode().hex() for secret in secrets)
        made = subprocess.run([DRIVER, "fernet", "encrypt", MASTER_KEY, "1795000000"], input=lines, capture_output=True, text=True, check=True)
        return made.stdout.split()

    def add(self, kind: str, url: str, keys: int = 1, **columns) -> list[str]:
        """Makes a provider of that kind usable; answers its keys."""
        row = {"base_url": url, "is_active": 1, "requests_per_minute": 0} | columns
        if kind == "openai_compatible":
            row |= {"provider_name": "local", "needs_key": 1 if keys else 0}
            self.sql("INSERT OR IGNORE INTO llm_models (provider_id, model_name) VALUES (4, 'qwen')")
        name = row.pop("provider_name", kind)
        assignments = ", ".join(f"{column} = ?" for column in row)
        self.sql(f"UPDATE llm_providers SET {assignments} WHERE provider_name = ?", *row.values(), name)
        secrets = [f"sk-{kind}-{number}" for number in range(keys)]
        for number, token in enumerate(self.encrypt(secrets) if secrets else []):
            self.sql(
                "INSERT INTO llm_api_keys (provider_id, key_name, api_key_encrypted, last4, created_at)"
                " SELECT id, ?, ?, 'test', 0 FROM llm_providers WHERE provider_name = ?",
                f"key {number}", token, name,
            )  # fmt: skip
        return secrets

    def start(self, *options: str) -> subprocess.Popen:
        return subprocess.Popen([DRIVER, "ask", *options], env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, questions: list[dict], *options: str) -> list[dict]:
        """The answers in the order they came, then the statistics."""
        process = self.start(*options)
        out, _ = process.communicate("".join(json.dumps(one) + "\n" for one in questions), timeout=300)
        assert process.returncode == 0
        return [json.loads(line) for line in out.splitlines()]

    def ask_one(self, **question) -> dict:
        return self.ask([QUESTION | question])[0]

    def log(self) -> list[tuple]:
        return self.sql(
            "SELECT p.provider_name, u.success, u.error_message, u.attempt_number, u.was_fallback FROM llm_usage_logs u"
            " JOIN llm_providers p ON p.id = u.provider_id ORDER BY u.id"
        )

    def key(self, kind: str) -> sqlite3.Row:
        with sqlite3.connect(self.database) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(
                "SELECT k.* FROM llm_api_keys k JOIN llm_providers p ON p.id = k.provider_id WHERE p.provider_name = ? ORDER BY k.id", (kind,)
            ).fetchone()


QUESTION = {"prompt": "The girl was four at the time.", "schema": json.dumps(SCHEMA), "require": "conversational"}
