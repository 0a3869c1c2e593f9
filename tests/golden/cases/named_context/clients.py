from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from mizan.client import ReactContext, client

UserContext = ReactContext("user")


class Profile(BaseModel):
    name: str


@client(context=UserContext, auth=False)
def user_profile(request, id: Annotated[int, Field(description="Which user.")]) -> Profile:
    """The profile of one user."""
    return Profile(name="Ann")


@client(context="user", auth="staff")
def user_orders(request, id: Annotated[int, Field(description="Which user.")], since: date | None = None) -> list[str]:
    return []
