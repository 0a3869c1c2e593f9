from pydantic import BaseModel
from typing_extensions import TypeAliasType

from mizan.client import client

Json = TypeAliasType("Json", "dict[str, Json] | list[Json] | str | float | bool | None")


class Node(BaseModel):
    name: str
    children: list["Node"] = []
    parent: "Node | None" = None


@client(auth=False)
def grow(request, root: Node, extra: Json) -> Node:
    return root
