"""
Who is here: logging in and out, the profile, its picture.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.core.exceptions import ValidationError

from demo_project.board.errors import WrongPassword
from demo_project.board.models import Profile
from demo_project.board.pictures import save_picture
from demo_project.board.presentation import me_of
from demo_project.board.samples import SAMPLE_ACCOUNTS
from demo_project.board.serializers import ProfileSerializer
from demo_project.board.types import Me, SampleAccount
from mizan.client import GlobalContext, client
from mizan.types import Upload

EVERYTHING = ["global", "board", "task"]
"""Another person may see other things, so everything on the page is read again."""


def my_profile(request) -> Profile:
    """The profile of whoever is logged in; an account made by ``createsuperuser`` gets one now."""
    username = request.user.get_username()
    profile, _ = Profile.objects.select_related("user").get_or_create(
        user=request.user, defaults={"display_name": username}
    )
    return profile


@client(context=GlobalContext, auth=True, watch=[Profile, settings.AUTH_USER_MODEL])
def current_user(request) -> Me:
    """Who is logged in; null for visitors, because it needs a login."""
    return me_of(my_profile(request))


@client(context="sign_in", auth=False)
def sample_accounts(request) -> list[SampleAccount]:
    """Accounts to try the board with."""
    return [SampleAccount(**account) for account in SAMPLE_ACCOUNTS]


@client(affects=EVERYTHING, auth=False, throttle="30/min", raises=WrongPassword)
def log_in(request, username: str, password: str) -> Me:
    """Start a session."""
    user = authenticate(request, username=username, password=password)
    if user is None:
        raise WrongPassword
    login(request, user)
    return me_of(my_profile(request))


@client(affects=EVERYTHING, auth=True)
def log_out(request) -> None:
    """End the session."""
    logout(request)


@client(merge=current_user, affects=["board", "task"], auth=True)
def save_profile(request, profile: ProfileSerializer) -> Me:
    """Change what others see of you. The answer takes the place of `current_user`: no second request."""
    return me_of(profile.update(my_profile(request), profile.validated_data))


@client(merge=current_user, affects=["board", "task"], auth=True)
def upload_avatar(request, picture: Upload) -> Me:
    """Put a picture of yourself on the board: PNG, JPEG or GIF, up to 1 MB."""
    profile = my_profile(request)
    try:
        save_picture(profile, picture)
    except ValidationError as problem:
        raise ValidationError({"picture": problem.messages}) from problem
    return me_of(profile)
