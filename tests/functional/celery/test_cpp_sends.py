"""Tasks that the program sends, to Python's workers and its own."""

import subprocess
import sys
from pathlib import Path

import pytest
from celery_side import app, apply, queue, redis_server, start_worker, worker  # noqa: F401
from waiting import wait_until
from conftest import PROGRAM, clean_environment


@pytest.fixture(scope="module")
def python_worker(redis_server):
    process = subprocess.Popen([sys.executable, Path(__file__).with_name("python_worker.py"), redis_server.url, "python", "threads", "2"])
    yield "python"
    process.terminate()
    process.wait(timeout=30)


def task(name, *args, queue, **options):
    return {"task": name, "args": list(args), "kwargs": {}, "options": {"queue": queue, **options}, "subtask_type": None, "immutable": False}


def test_python_runs_it(apply, python_worker):
    assert apply(task("python.add", 1, 2, 3, queue=python_worker))["result"] == 6


def test_python_retries_it(apply, python_worker):
    assert apply(task("python.flaky", 2, queue=python_worker))["result"] == 2


def test_eta_and_priority_are_understood(apply, python_worker):
    assert apply(task("python.add", 4, queue=python_worker, countdown=0.5, priority=9))["result"] == 4


def test_a_chain_over_both(apply, python_worker, worker, queue):
    tasks = [task("test.add", 1, 2, queue=queue), task("python.add", 10, queue=python_worker), task("test.add", 100, queue=queue)]
    answer = apply({"task": "celery.chain", "args": [], "kwargs": {"tasks": tasks}, "options": {}, "subtask_type": "chain", "immutable": False})
    assert answer["result"] == 113


def test_a_chord_over_both(apply, python_worker, worker, queue):
    header = [task("python.add", i, queue=python_worker) if i % 2 else task("test.add", i, queue=queue) for i in range(10)]
    for body in (task("python.sum", queue=python_worker), task("test.sum", queue=queue)):
        answer = apply({"task": "celery.chord", "args": [], "kwargs": {"header": header, "body": body}, "options": {}, "subtask_type": "chord", "immutable": False})
        assert answer["result"] == 45


def test_a_failure_is_told(apply, worker, queue):
    answer = apply(task("test.fail", "as it should", queue=queue))
    assert answer["status"] == "FAILURE"
    assert answer["result"] == {"exc_type": "ValueError", "exc_message": ["as it should"], "exc_module": "builtins"}


def test_dead_letters_are_listed_shown_replayed_and_removed(app, worker, queue, redis_server):
    def dead(*arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([PROGRAM, "dead", *arguments], env=clean_environment(broker__url=redis_server.url), capture_output=True, text=True, check=False)

    result = app.send_task("test.fail", args=["for good"], queue=queue)
    with pytest.raises(ValueError):
        result.get(timeout=30)
    line = next(line for line in dead("list").stdout.splitlines() if line.startswith(result.id))
    assert "test.fail" in line
    assert queue in line
    assert "for good" in line
    shown = dead("show", result.id).stdout
    assert result.id in shown.split("message: ")[1]
    app.backend.client.delete(f"celery-task-meta-{result.id}")
    assert dead("replay", result.id).returncode == 0
    with pytest.raises(ValueError):
        app.AsyncResult(result.id).get(timeout=30)
    wait_until(lambda: result.id in dead("list").stdout, 20)
    assert dead("remove", result.id).returncode == 0
    assert result.id not in dead("list").stdout
    assert dead("show", result.id).returncode == 1
