from __future__ import annotations

from pydantic import BaseModel

from mizan.client import client


@client(auth=False)
def later(request, thing: Later) -> Later | None:
    return thing


class Later(BaseModel):
    """Declared after its use."""

    name: str
