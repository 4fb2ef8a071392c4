"""The database goes away under load and comes back: requests wait or are told when to try again, and nothing acknowledged is lost."""

import threading
import time

import conftest
import httpx
import pytest
from conftest import SESSIONS
from waiting import wait_until

OUTAGE_S = 10


@pytest.fixture
def database(request):
    if conftest.postgresql is None:
        pytest.skip("SQLite has no server to stop")
    yield conftest.postgresql


class Writer(threading.Thread):
    """Makes sessions one after another and remembers which were acknowledged, and what it was told meanwhile."""

    def __init__(self, learner, end: threading.Event):
        super().__init__()
        self.learner = learner
        self.end = end
        self.acknowledged: list[str] = []
        self.refusals: list[httpx.Response] = []

    def run(self) -> None:
        with self.learner.http as http:
            while not self.end.is_set():
                answer = http.post(SESSIONS, json={"mode": "conversation"})
                if answer.status_code == 201:
                    self.acknowledged.append(answer.json()["id"])
                else:
                    self.refusals.append(answer)
                    time.sleep(0.2)


def test_the_database_stops_for_ten_seconds(own_server, database):
    own_server.start(limits__sessions_per_hour="100000")
    end = threading.Event()
    writers = [Writer(own_server.guest(), end) for _ in range(4)]
    for writer in writers:
        writer.start()
    time.sleep(1)
    before = [len(writer.acknowledged) for writer in writers]
    database.stop()
    time.sleep(OUTAGE_S)
    health = httpx.get(f"{own_server.url}/readyz")
    database.start()
    wait_until(
        lambda: all(len(w.acknowledged) > count + 5 for w, count in zip(writers, before, strict=True)),
        30, "writers did not get on after the outage",
    )  # fmt: skip
    end.set()
    for writer in writers:
        writer.join()

    assert all(before), "nothing was written before the outage"
    assert health.status_code == 503
    refusals = [answer for writer in writers for answer in writer.refusals]
    assert refusals, "the outage was not felt"
    for answer in refusals:
        assert answer.status_code == 503, answer.text
        assert answer.json()["code"] == "storage_unavailable"
        assert int(answer.headers["Retry-After"]) >= 1
    stored = {row[0] for row in own_server.sql("SELECT id FROM speech_practice_sessions")}
    lost = [i for writer in writers for i in writer.acknowledged if i not in stored]
    assert not lost
    assert httpx.get(f"{own_server.url}/readyz").status_code == 200
