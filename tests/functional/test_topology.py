"""The services of deploy/compose as processes of this machine, from its own files."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 300


def test_the_services_of_compose_work_together_from_its_files(request):
    if request.config.getoption("--audio") != "s3":
        pytest.skip("an S3 server is there in the round that has one")
    command = [sys.executable, ROOT / "tools/topology/run_topology.py", "--check"]
    ran = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    try:
        said, _ = ran.communicate(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        # It ends what it has started, PostgreSQL among it, which is not of its process group.
        ran.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            ran.wait(timeout=60)
        raise
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(ran.pid, signal.SIGKILL)
        ran.wait()
    assert ran.returncode == 0, said
    assert "a recording goes through server, Redis, worker, S3 and PostgreSQL: completed" in said
    assert "not among them: bucket, grafana" in said
