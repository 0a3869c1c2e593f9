"""
Pictures that people upload: checked by what they are, not by what they are called.
"""

from __future__ import annotations

import secrets

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from demo_project.board.models import Profile

MAX_BYTES = 1_000_000

# SVG is missing on purpose: it may hold scripts.
_SUFFIXES = {
    b"\x89PNG\r\n\x1a\n": ".png",
    b"\xff\xd8\xff": ".jpg",
    b"GIF87a": ".gif",
    b"GIF89a": ".gif",
}


def save_picture(profile: Profile, picture: UploadedFile) -> None:
    """
    Make *picture* the avatar of *profile*, under a name of our own.

    Raises:
        ValidationError: it is too large, or no picture.
    """
    if picture.size > MAX_BYTES:
        raise ValidationError("A picture may have 1 MB at most.")
    suffix = _suffix(picture)
    if profile.avatar:
        profile.avatar.delete(save=False)
    profile.avatar.save(f"{secrets.token_hex(8)}{suffix}", picture)


def _suffix(picture: UploadedFile) -> str:
    head = picture.read(12)
    picture.seek(0)
    for start, suffix in _SUFFIXES.items():
        if head.startswith(start):
            return suffix
    raise ValidationError("Choose a PNG, JPEG or GIF picture.")
