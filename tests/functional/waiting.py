"""Waiting for what comes to be a moment later."""

import time


def wait_until(condition, timeout_s: float = 60, otherwise: str = "it did not come to that"):
    """Asks until the answer is true, and gives it; fails, saying what is wrong, where that takes too long."""
    deadline = time.monotonic() + timeout_s
    while not (answer := condition()):
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)
    return answer
