"""
Rates of calls.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.client import client
from tests.api import Api, code_of


@pytest.mark.django_db
def test_a_throttled_function_says_when_to_come_back(api: Api) -> None:
    """TOO_MANY_REQUESTS with the seconds in the details and in Retry-After."""

    @client(auth=False, throttle="2/min")
    def rare(request: Any) -> None: ...

    api.serve(rare)

    statuses = [api.call("rare").status_code for _ in range(2)]
    refused = api.call("rare")

    assert statuses == [200, 200]
    assert (refused.status_code, code_of(refused)) == (429, "TOO_MANY_REQUESTS")
    assert 0 < refused.json()["details"]["retry_after"] <= 60
    assert refused.headers["Retry-After"] == str(refused.json()["details"]["retry_after"])
