import math

import carried
import pytest


def test_the_scarcest_resource_holds_back():
    shared = {"Redis": 0.004, "database": 0.01}
    assert carried.most_sessions_a_second(1, 0.5, shared) == (2, "workers")
    assert carried.most_sessions_a_second(49, 0.5, shared)[1] == "workers"
    assert carried.most_sessions_a_second(1000, 0.5, shared) == (100, "database")


@pytest.mark.parametrize("load", [0.1, 0.5, 0.9])
def test_one_server_is_busy_as_much_as_it_is_loaded(load):
    assert carried.wait_probability(1, load) == pytest.approx(load)


def test_erlang_c_of_the_textbook():
    # Two servers, one busy on the average: a third of those who come wait.
    assert carried.wait_probability(2, 1.0) == pytest.approx(1 / 3)
    terms = [7.0**k / math.factorial(k) for k in range(10)]
    last = 7.0**10 / math.factorial(10) * 10 / 3
    assert carried.wait_probability(10, 7.0) == pytest.approx(last / (sum(terms) + last))


def test_at_the_same_load_more_workers_wait_less():
    waits = [carried.wait_p95_s(workers, 0.8 * workers / 0.5, 0.5) for workers in (1, 10, 100, 1000)]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] == pytest.approx(math.log(0.8 / 0.05) / (2 - 1.6))
    assert waits[-1] == 0
    assert carried.wait_p95_s(1000, 1.0, 0.5) == 0
