"""Providers are asked over HTTP/2 where they speak it: many questions at once on one connection, and one given up leaves the others alone."""

import json
import subprocess

import pytest
from chain import DRIVER
from http2_server import Http2Server


@pytest.fixture
def server(tmp_path):
    with Http2Server(tmp_path) as running:
        yield running


class Client:
    def __init__(self, ca_file):
        self.process = subprocess.Popen([DRIVER, "post", str(ca_file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def post(self, *requests: dict) -> list[dict]:
        self.process.stdin.write(json.dumps(requests) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.communicate(timeout=30)


@pytest.fixture
def client(server):
    running = Client(server.certificate)
    yield running
    running.close()


WHOLE = {"status": 200, "body": "data: 1\n\ndata: 2\n\n", "failure": ""}


def test_questions_at_once_share_a_connection(server, client):
    assert client.post({"url": server.url, "body": "first"}) == [WHOLE]
    server.wait_for = 40  # none is answered before all are there: asked one after another they would wait for ever
    assert client.post(*({"url": server.url, "body": f"question {i}"} for i in range(40))) == [WHOLE] * 40
    assert {body.decode() for body in server.bodies} == {"first", *(f"question {i}" for i in range(40))}
    assert (server.protocols, server.connections) == ({"h2"}, 1)


def test_an_answer_that_is_given_up_leaves_the_connection_to_others(server, client):
    assert client.post({"url": server.url, "body": "a"}) == [WHOLE]
    server.wait_for = 2
    hanging, whole = client.post({"url": f"{server.url}/hang", "body": "c", "abandon": True}, {"url": server.url, "body": "d"})
    assert hanging["body"] == "data: 1\n\n"
    assert whole == WHOLE
    server.wait_for = 1
    assert client.post({"url": server.url, "body": "e"}) == [WHOLE]
    assert (server.connections, server.resets) == (1, 1)


def test_a_certificate_of_somebody_else_is_refused(server):
    stranger = Client("/etc/ssl/certs/ca-certificates.crt")
    answer = stranger.post({"url": server.url, "body": "a secret"})[0]
    stranger.close()
    assert answer["status"] == 0
    assert answer["failure"]
    assert not server.bodies
