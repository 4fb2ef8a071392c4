"""Celery's own tools look at the program's workers, and command them: `celery inspect`, `celery control`, Flower."""

import json
import subprocess
import sys
import time

import httpx
import pytest
from celery_side import app, queue, redis_server, start_worker, worker  # noqa: F401
from waiting import wait_until
from with_redis import free_port


def inspect(app, worker, method, *args):
    def ask():
        answers = getattr(app.control.inspect([worker.name], timeout=2), method)(*args)
        return answers and worker.name in answers and (answers[worker.name],)

    return wait_until(ask, 20)[0]


def control(app, worker, command, **arguments):
    """As `celery control` sends it: the answer of the worker."""
    return wait_until(lambda: app.control.broadcast(command, arguments=arguments, reply=True, destination=[worker.name], timeout=2), 20)[0][worker.name]


def test_inspect(app, start_worker, queue):
    worker = start_worker(queue, 1, "--prefetch", "3")
    running = app.send_task("test.sleep", args=[60], queue=queue)
    waiting = app.send_task("test.add", args=[1, 2], kwargs={"x": 1}, queue=queue)
    later = app.send_task("test.add", args=[1, 2], queue=queue, countdown=60)
    wait_until(lambda: inspect(app, worker, "active") and inspect(app, worker, "reserved") and inspect(app, worker, "scheduled"), 20)

    active = inspect(app, worker, "active")
    assert [(task["id"], task["name"], task["args"], task["hostname"]) for task in active] == [(running.id, "test.sleep", [60], worker.name)]
    assert abs(active[0]["time_start"] - time.time()) < 60
    assert active[0]["worker_pid"] == worker.process.pid
    assert [task["id"] for task in inspect(app, worker, "reserved")] == [waiting.id]
    assert [task["request"]["id"] for task in inspect(app, worker, "scheduled")] == [later.id]
    assert "test.add" in inspect(app, worker, "registered")
    assert [(q["name"], q["exchange"]["type"], q["routing_key"]) for q in inspect(app, worker, "active_queues")] == [(queue, "direct", queue)]
    stats = inspect(app, worker, "stats")
    assert stats["total"] == {"test.sleep": 1}
    assert stats["pool"]["max-concurrency"] == 1
    assert stats["pid"] == worker.process.pid
    assert inspect(app, worker, "conf")["task_acks_late"] is True
    assert inspect(app, worker, "ping") == {"ok": "pong"}
    assert inspect(app, worker, "clock")["clock"] > 0
    assert inspect(app, worker, "query_task", later.id)[later.id][0] == "reserved"

    control(app, worker, "revoke", task_id=waiting.id)
    assert inspect(app, worker, "revoked") == [waiting.id]


INSPECTIONS = ("active", "reserved", "scheduled", "registered", "active_queues", "stats", "ping", "conf")


def start_tool(redis_server, worker, what: str, *rest: str, timeout: int = 10) -> subprocess.Popen:
    arguments = [sys.executable, "-m", "celery", "--broker", redis_server.url, what, "--json", "--timeout", str(timeout), "--destination", worker.name, *rest]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def test_the_command_line_tool(redis_server, app, start_worker, queue):
    """The tool itself prints what it was told, and its commands are followed."""
    worker = start_worker(queue, 1, "--prefetch", "2")
    running = app.send_task("test.sleep", args=[60], queue=queue)
    later = app.send_task("test.add", args=[1, 2], queue=queue, countdown=60)
    wait_until(lambda: inspect(app, worker, "active") and inspect(app, worker, "scheduled"), 20)
    asking = {method: start_tool(redis_server, worker, "inspect", method) for method in INSPECTIONS}
    answers = {method: json.loads(tool.communicate(timeout=60)[0])[worker.name] for method, tool in asking.items()}
    assert [task["id"] for task in answers["active"]] == [running.id]
    assert [task["request"]["id"] for task in answers["scheduled"]] == [later.id]
    assert answers["reserved"] == []
    assert "test.sleep" in answers["registered"]
    assert answers["active_queues"][0]["name"] == queue
    assert answers["stats"]["pid"] == worker.process.pid
    assert answers["ping"] == {"ok": "pong"}
    assert answers["conf"]["task_acks_late"] is True

    commands = [start_tool(redis_server, worker, "control", *command) for command in (("pool_grow", "2"), ("add_consumer", f"{queue}-more"))]
    assert all("ok" in json.loads(tool.communicate(timeout=60)[0])[0][worker.name] for tool in commands)
    assert inspect(app, worker, "stats")["pool"]["max-concurrency"] == 3
    assert app.send_task("test.add", args=[1, 2], queue=f"{queue}-more").get(timeout=30) == 3
    app.control.revoke(running.id, terminate=True)
    start_tool(redis_server, worker, "control", "shutdown", timeout=1).communicate(timeout=60)  # nobody answers it
    assert worker.process.wait(timeout=30) == 0


def test_control(app, start_worker, queue):
    worker = start_worker(queue, 1)
    assert control(app, worker, "pool_grow", n=2) == {"ok": "pool will grow"}
    assert inspect(app, worker, "stats")["pool"]["max-concurrency"] == 3
    sleeping = [app.send_task("test.sleep", args=[60], queue=queue) for _ in range(3)]
    wait_until(lambda: len(inspect(app, worker, "active")) == 3, 20)
    for task in sleeping:
        app.control.revoke(task.id, terminate=True)
    assert control(app, worker, "pool_shrink", n=2) == {"ok": "pool will shrink"}
    assert inspect(app, worker, "stats")["pool"]["max-concurrency"] == 1
    assert "error" in control(app, worker, "pool_shrink", n=1)

    other = f"{queue}-more"
    assert "ok" in control(app, worker, "add_consumer", queue=other)
    assert app.send_task("test.add", args=[1, 2], queue=other).get(timeout=30) == 3
    assert "ok" in control(app, worker, "cancel_consumer", queue=other)
    assert [q["name"] for q in inspect(app, worker, "active_queues")] == [queue]

    assert "ok" in control(app, worker, "time_limit", task_name="test.sleep", hard=60, soft=0.3)
    with pytest.raises(Exception, match="soft"):
        app.send_task("test.sleep", args=[30], queue=queue).get(timeout=30)
    assert control(app, worker, "rate_limit", task_name="test.nobody", rate_limit="1/s") == {"error": "unknown task"}
    assert "ok" in control(app, worker, "rate_limit", task_name="test.noop", rate_limit="5/s")
    began = time.monotonic()
    for result in [app.send_task("test.noop", queue=queue) for _ in range(6)]:
        result.get(timeout=30)
    assert time.monotonic() - began >= 0.9
    assert control(app, worker, "no_such_command") == {"error": "KeyError('no_such_command')"}

    app.control.shutdown(destination=[worker.name])
    assert worker.process.wait(timeout=30) == 0


def test_flower(redis_server, app, start_worker, queue):
    worker = start_worker(queue, 2)
    port = free_port()
    flower = subprocess.Popen(
        [sys.executable, "-m", "celery", "--broker", redis_server.url, "--result-backend", redis_server.url, "flower", "--address=127.0.0.1", f"--port={port}", "--logging=error"],
        env={"FLOWER_UNAUTHENTICATED_API": "true", "PATH": ""},
    )
    try:
        url = f"http://127.0.0.1:{port}/api"

        def get(path, **params):
            try:
                answer = httpx.get(url + path, params=params, timeout=20)
            except httpx.TransportError:
                return None
            return answer.json() if answer.status_code == 200 else None

        wait_until(lambda: (get("/workers", status=True) or {}).get(worker.name) is True, 40)
        # It asks for tasks' events from time to time.
        wait_until(lambda: inspect(app, worker, "conf")["worker_send_task_events"], 40)
        good = app.send_task("test.sleep", args=[0.1], queue=queue)
        bad = app.send_task("test.fail", args=["seen in Flower"], queue=queue)
        assert good.get(timeout=30) == "slept"

        def state(task_id, wanted):
            return wait_until(lambda: (info := get(f"/task/info/{task_id}")) and info["state"] == wanted and info, 20)

        seen = state(good.id, "SUCCESS")
        assert (seen["name"], seen["worker"]) == ("test.sleep", worker.name)
        assert 0.1 <= seen["runtime"] < 20
        assert "seen in Flower" in state(bad.id, "FAILURE")["exception"]
        assert {good.id, bad.id} <= get("/tasks", workername=worker.name).keys()
        details = get("/workers", refresh=True, workername=worker.name)[worker.name]
        assert "test.add" in details["registered"]
        assert details["active_queues"][0]["name"] == queue
        assert httpx.post(f"{url}/worker/pool/grow/{worker.name}", data={"n": 1}, timeout=20).status_code == 200
        assert inspect(app, worker, "stats")["pool"]["max-concurrency"] == 3
    finally:
        flower.terminate()
        flower.wait(timeout=30)
