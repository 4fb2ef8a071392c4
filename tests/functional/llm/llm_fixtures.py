"""A chain and fakes for it, for each test."""

import pytest
from chain import Chain
from llm_server import FakeProvider


@pytest.fixture
def chain(tmp_path):
    return Chain(tmp_path)


@pytest.fixture
def fakes():
    """Starts fakes; ends them all."""
    running = []

    def start(kind: str, settings=None) -> FakeProvider:
        fake = FakeProvider(kind, settings).__enter__()
        running.append(fake)
        return fake

    yield start
    for fake in running:
        fake.__exit__()
