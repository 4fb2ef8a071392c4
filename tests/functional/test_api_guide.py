"""docs/api-guide.md: its examples do what they say."""

import os
import re
import subprocess
import sys
from pathlib import Path

from conftest import DATA

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/api-guide.md").read_text(encoding="utf-8")


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def test_the_examples_run_one_after_another(server, tmp_path):
    (tmp_path / "good.wav").write_bytes((DATA / "good.wav").read_bytes())
    script = "\n".join(examples("bash"))
    assert script.count("curl") >= 8
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-x", "-c", script], cwd=tmp_path, env=os.environ | {"URL": server.url}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_socket_example_ends_with_a_score(server, learner, tmp_path):
    (tmp_path / "good.wav").write_bytes((DATA / "good.wav").read_bytes())
    [program] = examples("python")
    done = subprocess.run(
        [sys.executable, "-c", program, learner.token], cwd=tmp_path, env=os.environ | {"URL": server.url}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert 0 < float(done.stdout) <= 10
