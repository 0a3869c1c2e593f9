"""
Tokens to test with, and a server of functions that ask who calls.
"""

from __future__ import annotations

import time
from typing import Any

import jwt

from mizan.protocol.mwt import ALGORITHM
from tests.api import Api

OLD, NEW = "o" * 40, "n" * 40


def call(api: Api, token: str, name: str = "me") -> Any:
    return api.post(f"call/{name}/", {}, HTTP_X_MIZAN_TOKEN=token)


def signed(key: str = NEW, kid: str | None = "new", algorithm: str = ALGORITHM, **claims: Any) -> str:
    now = int(time.time())
    whole = {
        "sub": "1",
        "staff": False,
        "super": False,
        "pkey": "x",
        "aud": "mizan",
        "iat": now,
        "nbf": now,
        "exp": now + 60,
    }
    return jwt.encode({**whole, **claims}, key, algorithm=algorithm, headers={"kid": kid} if kid else None)
