"""
The smallest function there is, as in the README.
"""

from __future__ import annotations

from pydantic import BaseModel

from mizan.client import client
from mizan.setup import register


class EchoOutput(BaseModel):
    message: str


@client(auth=False, throttle="60/min")
def echo(request, text: str) -> EchoOutput:
    """Say it again."""
    return EchoOutput(message=text)


register(echo, "echo")
