from typing import Annotated, Literal

from pydantic import BaseModel, Field

from mizan.client import client


class Created(BaseModel):
    kind: Literal["created"]
    title: str


class Moved(BaseModel):
    kind: Literal["moved"] = "moved"
    old: str
    new: str = "done"


Event = Annotated[Created | Moved, Field(discriminator="kind")]


@client(auth=False)
def record(request, events: list[Event], note: int | str, numbers: list[int | None]) -> Event | None:
    return events[0]
