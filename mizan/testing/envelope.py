"""
What a caller gets: the body of the wire, with what a test mostly asks of it.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic_core import to_json

from mizan.dispatch.failures import Failure


class CallFailed(AssertionError):
    """The result of a call was asked for, and the call has failed; *envelope* is the failure."""

    def __init__(self, envelope: Envelope) -> None:
        super().__init__(f"{envelope['code']} ({envelope.status}): {envelope['message']} {envelope.get('details', '')}")
        self.envelope = envelope


class Envelope(dict[str, Any]):
    """
    The JSON body as a client would get it, and the HTTP *status* that goes with it.
    """

    def __init__(self, body: bytes, status: int = 200, *, cache_status: str = "") -> None:
        super().__init__(json.loads(body))
        self.status = status
        self.cache_status = cache_status
        """HIT, MISS or BYPASS for the answer of a context, else empty."""

    @classmethod
    def of_failure(cls, failure: Failure) -> Envelope:
        return cls(to_json(failure.body()), failure.status)

    @property
    def is_failure(self) -> bool:
        return self.status >= 400

    @property
    def result(self) -> Any:
        """
        What the function answered.

        Raises:
            CallFailed: the call has failed.
        """
        if self.is_failure:
            raise CallFailed(self)
        if "result" not in self:
            raise AttributeError(f"This is the answer of a context. It has a value for each reader: {', '.join(self)}.")
        return self["result"]
