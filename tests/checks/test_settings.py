"""
Settings that cannot be, and settings to think about before deployment.
"""

from __future__ import annotations

from typing import Any

import pytest

from mizan.protocol.registry import FunctionRegistry
from tests.checks.examples import no_return_type_mended
from tests.checks.messages import found, ids


@pytest.mark.parametrize(
    "middleware",
    [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
)
def test_missing_middleware_is_warned_of(registry: FunctionRegistry, settings: Any, middleware: str) -> None:
    """Where sessions are used; a project that has tokens only needs none of it."""
    no_return_type_mended()
    settings.MIDDLEWARE = [item for item in settings.MIDDLEWARE if item != middleware]
    messages = found()
    settings.REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"]}

    assert [message.id for message in messages] == ["mizan.W004"]
    assert middleware.rpartition(".")[2] in messages[0].msg
    assert f'"{middleware}"' in str(messages[0].hint)
    assert ids() == []


@pytest.mark.parametrize("secret", ["short", {}, {"new": "x" * 40, "old": "short"}], ids=str)
def test_a_weak_secret_is_refused(registry: FunctionRegistry, settings: Any, secret: Any) -> None:
    """A token signed with it could be guessed; no secret at all means no tokens."""
    settings.MIZAN_MWT_SECRET = secret
    weak = found()
    settings.MIZAN_MWT_SECRET = {"new": "x" * 40, "old": "y" * 32}
    strong = ids()
    settings.MIZAN_MWT_SECRET = None

    assert [message.id for message in weak] == (["mizan.E015"] if secret else [])
    assert all("MIZAN_MWT_SECRET" in message.msg and message.hint for message in weak)
    assert strong == ids() == []


SECRET = "0123456789abcdefghijklmnopqrstuv"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"MIZAN_CACHE_SECRET": "short"}, "32 bytes"),
        ({"MIZAN_CACHE_SECRET": SECRET, "MIZAN_CACHE_ALIAS": "redis"}, "not in CACHES"),
        (
            {
                "MIZAN_CACHE_SECRET": SECRET,
                "MIZAN_CACHE_ALIAS": "default",
                "MIZAN_CACHE_REDIS_URL": "redis://localhost",
            },
            "both",
        ),
    ],
    ids=["weak", "unknown alias", "two stores"],
)
def test_a_cache_that_cannot_be_is_refused(
    registry: FunctionRegistry, settings: Any, wrong: dict[str, str], words: str
) -> None:
    """What is wrong is said before anything is served without it."""
    settings.MIZAN_CACHE_SECRET = SECRET
    right = ids()
    for name, value in wrong.items():
        setattr(settings, name, value)

    assert right == []
    [message] = found()
    assert (message.id, words in message.msg) == ("mizan.E016", True)


@pytest.mark.parametrize("other", ["SECRET_KEY", "MIZAN_CACHE_SECRET"])
def test_a_shared_secret_is_refused(registry: FunctionRegistry, settings: Any, other: str) -> None:
    """Who learns one would have both."""
    setattr(settings, other, SECRET)
    right = ids()
    settings.MIZAN_MWT_SECRET = {"new": "x" * 40, "old": SECRET}

    assert right == []
    [message] = found()
    assert message.id == "mizan.E018"
    assert "MIZAN_MWT_SECRET" in message.msg
    assert other in message.msg


@pytest.mark.parametrize("secret", ["a" * 40, "only-for-the-demo-0123456789abcdefghi"], ids=str)
def test_a_placeholder_is_warned_of(registry: FunctionRegistry, settings: Any, secret: str) -> None:
    """With ``check --deploy``, where it matters."""
    settings.MIZAN_MWT_SECRET = secret

    assert ids() == []
    assert ids(deploy=True) == ["mizan.W006"]


def test_a_cache_of_one_process_is_warned_of(registry: FunctionRegistry, settings: Any) -> None:
    """With ``check --deploy``: a server has several."""
    settings.MIZAN_CACHE_SECRET = SECRET
    local = ids(deploy=True)
    settings.MIZAN_CACHE_REDIS_URL = "redis://localhost"

    assert local == ["mizan.W005"]
    assert ids() == ids(deploy=True) == []


def test_a_subclass_of_the_middleware_will_do(registry: FunctionRegistry, settings: Any) -> None:
    """Projects have their own."""
    no_return_type_mended()
    settings.MIDDLEWARE = [
        item.replace("django.middleware.csrf.CsrfViewMiddleware", "mizan.rest.csrf._CsrfCheck")
        for item in settings.MIDDLEWARE
    ]

    assert ids() == []
