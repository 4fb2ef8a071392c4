"""A short round of what `make test-contract` plays at length."""

import pytest
from contract_round import contract_round


def test_the_server_does_what_its_description_says(tmp_path, request):
    if request.config.getoption("--database") != "sqlite":
        pytest.skip("the same on every database")
    held, cases = contract_round(tmp_path, examples=2, seed=1)
    assert held
    assert cases > 500
