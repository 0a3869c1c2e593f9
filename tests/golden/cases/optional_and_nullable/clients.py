from pydantic import BaseModel
from typing_extensions import NotRequired, TypedDict

from mizan.client import client


class Filters(TypedDict):
    text: str
    tag: NotRequired[str]
    owner: NotRequired[str | None]


class Row(BaseModel):
    always: str
    maybe: str | None
    defaulted: int = 3
    both: str | None = None


@client(auth=False)
def search(request, filters: Filters, row: Row, limit: int = 10, cursor: str | None = None) -> Row | None:
    return row
