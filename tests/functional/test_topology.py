"""The services of deploy/compose as processes of this machine, from its own files."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_services_of_compose_work_together_from_its_files(request):
    if request.config.getoption("--audio") != "s3":
        pytest.skip("an S3 server is there in the round that has one")
    ran = subprocess.run([sys.executable, ROOT / "tools/topology/run_topology.py", "--check"], capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "a recording goes through server, Redis, worker, S3 and PostgreSQL: completed" in ran.stdout
    assert "not among them: bucket, grafana" in ran.stdout
