"""
What a success invalidates and replaces, as an answer says it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mizan.client import client
from tests.api import Api


def test_a_mutation_says_what_it_invalidated(api: Api) -> None:
    """In the body and in the header, narrowed by the arguments that the context has too."""

    @client(auth=False, context="user")
    def user_profile(request: Any, id: int) -> dict[str, str]:
        return {}

    @client(auth=False, context="other")
    def other(request: Any) -> None: ...

    @client(auth=False, affects=["user", "other"])
    def rename(request: Any, id: int, name: str) -> None: ...

    @client(auth=False, affects=user_profile)
    def touch(request: Any, id: int | None = None) -> None: ...

    @client(auth=False, merge=user_profile)
    def replace(request: Any, id: int) -> dict[str, str]:
        return {"name": "new"}

    api.serve(user_profile, other, rename, touch, replace)

    renamed = api.call("rename", id="05", name="x")
    touched = api.call("touch")
    replaced = api.call("replace", id=5)

    assert renamed.json()["invalidate"] == [{"context": "user", "params": {"id": 5}}, "other"]
    assert renamed.headers["X-Mizan-Invalidate"] == "other, user;id=5"
    assert touched.json()["invalidate"] == [{"context": "user", "function": "user_profile"}]
    replaced_answer = {"context": "user", "function": "user_profile", "params": {"id": 5}, "value": {"name": "new"}}
    assert replaced.json()["merge"] == [replaced_answer]
    assert "invalidate" not in replaced.json()
    assert replaced.headers["X-Mizan-Invalidate"] == "user;id=5"
    assert renamed.json()["event"] != replaced.json()["event"]


def test_what_has_several_spellings_narrows_nothing(api: Api) -> None:
    """A client compares texts: it must not keep what is stale, nor take a value that is another reader's."""

    @client(auth=False, context="clip")
    def clip(request: Any, id: int, length: timedelta, key: bytes = b"") -> str:
        return "old"

    @client(auth=False, affects="clip")
    def cut(request: Any, id: int, length: timedelta) -> None: ...

    @client(auth=False, merge=clip)
    def seal(request: Any, id: int, key: bytes) -> str:
        return "new"

    api.serve(clip, cut, seal)

    assert api.call("cut", id=1, length="PT60M").json()["invalidate"] == [{"context": "clip", "params": {"id": 1}}]
    sealed = api.call("seal", id=1, key="/w==").json()
    assert sealed["invalidate"] == [{"context": "clip", "function": "clip", "params": {"id": 1}}]
    assert "merge" not in sealed
