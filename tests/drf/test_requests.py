"""
DRF's request around Django's, where there is no DRF view.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.test import RequestFactory
from rest_framework.exceptions import AuthenticationFailed

from mizan.drf.requests import request_of


def django_request(user: Any, **headers: str) -> HttpRequest:
    request = RequestFactory().get("/", **headers)
    request.user = user
    return request


def test_the_user_of_the_session_asks() -> None:
    """As on any other surface."""
    ann = User(username="ann")

    assert request_of(django_request(ann)).user is ann
    assert request_of(django_request(AnonymousUser())).user.is_anonymous


def test_a_bad_token_is_refused_when_somebody_asks_for_the_user(settings: Any) -> None:
    """And not before: the surface says when."""
    settings.MIZAN_MWT_SECRET = "t" * 40
    request = request_of(django_request(User(username="ann"), HTTP_X_MIZAN_TOKEN="nonsense"))

    with pytest.raises(AuthenticationFailed):
        _ = request.user
