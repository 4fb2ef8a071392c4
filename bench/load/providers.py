"""Fake language models as processes of their own, and the keys that lead the program to them."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Passes the program's check of any recording: no figure, no quoted word, no praise that scores could refuse.
ANSWER = {"say": "Mình đã nghe bài đọc của bạn rồi. Bạn đọc lại thong thả một lần nữa nhé, mình cùng nghe lại nào!", "item": "Đọc lại thong thả một lần"}


class Provider:
    """Speaks `kind`'s wire format; its first word comes after `latency_s`."""

    def __init__(self, kind: str, latency_s: float = 2.0, **settings):
        self.kind = kind
        given = {"latency_s": latency_s, "answer": ANSWER} | settings
        command = [sys.executable, ROOT / "tests" / "fakes" / "llm_server.py", kind, json.dumps(given)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}/v1"

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def add_keys(program: Path, environment: dict[str, str], kind: str, count: int = 1) -> None:
    for number in range(count):
        command = [program, "keys", "add", "--provider", kind, "--name", f"key {number}"]
        subprocess.run(command, env=environment, input=f"sk-{kind}-for-this-run-{number}", text=True, check=True, stdout=subprocess.DEVNULL)
