"""Tasks that Python's celery sends and the program's workers run."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from celery import chain, chord, group, signature
from celery.exceptions import ChordError, TaskRevokedError
from celery_side import app, make_app, queue, redis_server, start_worker, worker  # noqa: F401
from waiting import wait_until

WAIT = 30


def send(app, queue, name, *args, **options):
    return app.send_task(name, args=args, queue=queue, **options)


def test_results_come_back(app, worker, queue):
    assert send(app, queue, "test.add", 2, 3).get(timeout=WAIT) == 5
    echoed = app.send_task("test.echo", args=["Xin chào", None, [1.5]], kwargs={"a": {"b": True}}, queue=queue).get(timeout=WAIT)
    assert echoed == [["Xin chào", None, [1.5]], {"a": {"b": True}}]


def test_many_tasks_each_once(app, worker, queue):
    results = [send(app, queue, "test.add", i, 1) for i in range(200)]
    assert [result.get(timeout=WAIT) for result in results] == [i + 1 for i in range(200)]


def test_a_failure_is_an_exception_of_its_class(app, worker, queue):
    with pytest.raises(ValueError, match="it broke"):
        send(app, queue, "test.fail", "it broke").get(timeout=WAIT)


def test_an_unknown_task_fails(app, worker, queue):
    result = send(app, queue, "test.nobody-knows-it")
    with pytest.raises(Exception, match="nobody-knows-it"):
        result.get(timeout=WAIT)


def test_retries_until_it_succeeds(app, worker, queue):
    assert send(app, queue, "test.flaky", 2).get(timeout=WAIT) == 2


def test_retries_end(app, worker, queue):
    result = send(app, queue, "test.flaky", 100)
    with pytest.raises(Exception, match="not yet"):
        result.get(timeout=WAIT)


def test_eta_is_waited_for(app, worker, queue):
    now = datetime.now(UTC)
    assert send(app, queue, "test.add", 1, 1, eta=now + timedelta(seconds=1.2)).get(timeout=WAIT) == 2
    assert datetime.now(UTC) - now >= timedelta(seconds=1.2)
    began = time.monotonic()
    assert send(app, queue, "test.add", 1, 2, countdown=1).get(timeout=WAIT) == 3
    assert time.monotonic() - began >= 1


def test_what_has_expired_does_not_run(app, start_worker, queue):
    result = send(app, queue, "test.add", 1, 1, expires=datetime.now(UTC) - timedelta(seconds=1))
    start_worker(queue)
    with pytest.raises(TaskRevokedError):
        result.get(timeout=WAIT)


def test_ignored_results_are_not_kept(app, worker, queue, redis_server):
    result = send(app, queue, "test.add", 1, 1, ignore_result=True)
    assert send(app, queue, "test.add", 1, 2).get(timeout=WAIT) == 3
    assert app.backend.client.get(f"celery-task-meta-{result.id}") is None


def test_the_urgent_goes_first(app, start_worker, queue):
    app.backend.client.delete("test.notes")
    sent = [("last", 9), ("third", 6), ("second", 3), ("first", 0), ("also last", 9), ("also second", 5)]
    results = [send(app, queue, "test.note", text, priority=priority) for text, priority in sent]
    start_worker(queue, 1)
    for result in results:
        result.get(timeout=WAIT)
    notes = [note.decode() for note in app.backend.client.lrange("test.notes", 0, -1)]
    assert notes == ["first", "second", "also second", "third", "last", "also last"]


def test_the_revoked_does_not_run(app, start_worker, queue):
    only = start_worker(queue, 1)
    blocking = send(app, queue, "test.sleep", 1.0)
    revoked = send(app, queue, "test.add", 1, 1)
    assert app.control.revoke(revoked.id, reply=True, destination=[only.name], timeout=5)
    with pytest.raises(TaskRevokedError):
        revoked.get(timeout=WAIT)
    assert blocking.get(timeout=WAIT) == "slept"


def test_revoking_ends_a_running_task(app, worker, queue):
    running = send(app, queue, "test.sleep", 60)
    wait_until(lambda: (app.control.inspect([worker.name]).active() or {}).get(worker.name), 20)
    app.control.revoke(running.id, terminate=True)
    with pytest.raises(TaskRevokedError):
        running.get(timeout=WAIT)


def test_time_limits(app, worker, queue):
    soft = send(app, queue, "test.sleep", 60, soft_time_limit=0.3, time_limit=60)
    hard = send(app, queue, "test.deaf", 3, time_limit=0.3)
    with pytest.raises(Exception, match="soft"):
        soft.get(timeout=WAIT)
    with pytest.raises(Exception, match="0.3"):
        hard.get(timeout=WAIT)
    # Its thread is lost to it for a while, the worker is not.
    assert send(app, queue, "test.add", 1, 1).get(timeout=WAIT) == 2


def sig(app, queue, name, *args, **options):
    return signature(name, args=args, app=app, queue=queue, **options)


def test_a_chain_passes_results_on(app, worker, queue):
    result = chain(sig(app, queue, "test.add", 1, 2), sig(app, queue, "test.add", 3), sig(app, queue, "test.add", 4)).apply_async()
    assert result.get(timeout=WAIT) == 10


def test_a_broken_chain_is_heard_of_at_its_end(app, worker, queue):
    result = chain(sig(app, queue, "test.fail", "early"), sig(app, queue, "test.add", 3), sig(app, queue, "test.add", 4)).apply_async()
    with pytest.raises(ValueError, match="early"):
        result.get(timeout=WAIT)


def test_a_group(app, worker, queue):
    result = group(sig(app, queue, "test.add", i, i) for i in range(5)).apply_async()
    assert result.get(timeout=WAIT) == [0, 2, 4, 6, 8]


def test_a_chord(app, start_worker, queue):
    start_worker(queue, 4)
    start_worker(queue, 4)
    header = [sig(app, queue, "test.add", i, i) for i in range(20)]
    assert chord(header, sig(app, queue, "test.sum")).apply_async().get(timeout=WAIT) == 380
    # A chain whose middle is a group is a chord too, with a chain behind it.
    result = chain(sig(app, queue, "test.add", 1, 1), group(sig(app, queue, "test.add", i) for i in range(3)), sig(app, queue, "test.sum"), sig(app, queue, "test.add", 100))
    assert result.apply_async().get(timeout=WAIT) == 109


def test_a_broken_chord(app, worker, queue):
    result = chord([sig(app, queue, "test.add", 1, 1), sig(app, queue, "test.fail", "one of them")], sig(app, queue, "test.sum")).apply_async()
    # Of the body alone: the result's own parents raise the part's exception first.
    with pytest.raises(ChordError, match="one of them"):
        app.AsyncResult(result.id).get(timeout=WAIT)


def test_callbacks(app, worker, queue):
    called = sig(app, queue, "test.add", 10)
    called.freeze()
    send(app, queue, "test.add", 1, 2, link=called)
    assert app.AsyncResult(called.id).get(timeout=WAIT) == 13


def test_what_a_killed_worker_held_is_done_by_another(app, start_worker, queue):
    doomed = start_worker(queue, 1, "--alive-for", "3")
    result = send(app, queue, "test.sleep", 1.0)
    wait_until(lambda: (app.control.inspect([doomed.name]).active() or {}).get(doomed.name), 20)
    doomed.kill()
    start_worker(queue, 1, "--alive-for", "3")
    assert result.get(timeout=WAIT) == "slept"
    client = app.backend.client
    wait_until(lambda: client.hlen("unacked") == 0 and client.zcard("unacked_index") == 0, 20)


def test_sigterm_lets_the_running_end_and_gives_the_rest_back(app, start_worker, queue):
    first = start_worker(queue, 1, "--prefetch", "4")
    running = send(app, queue, "test.sleep", 0.5)
    waiting = [send(app, queue, "test.add", i, 0) for i in range(3)]
    wait_until(lambda: (app.control.inspect([first.name]).active() or {}).get(first.name), 20)
    assert first.stop() == 0
    assert running.get(timeout=1) == "slept"
    assert all(result.status == "PENDING" for result in waiting)
    start_worker(queue, 1)
    assert [result.get(timeout=WAIT) for result in waiting] == [0, 1, 2]


def test_the_broker_may_restart(redis_server, app, start_worker, queue):
    start_worker(queue, 1, "--alive-for", "60")
    before = send(app, queue, "test.sleep", 0.5)
    later = send(app, queue, "test.add", 20, 2, countdown=1.5)
    redis_server.stop()
    redis_server.start()
    fresh = make_app(redis_server.url)
    assert fresh.AsyncResult(before.id).get(timeout=WAIT) == "slept"
    assert fresh.AsyncResult(later.id).get(timeout=WAIT) == 22
    assert send(fresh, queue, "test.add", 1, 1).get(timeout=WAIT) == 2
    fresh.close()
