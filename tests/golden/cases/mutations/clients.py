from pydantic import BaseModel

from mizan.client import ReactContext, client

Board = ReactContext("board")


class Profile(BaseModel):
    name: str


@client(context="user", auth=False)
def user_profile(request, id: int) -> Profile:
    return Profile(name="Ann")


@client(context=Board, auth=False)
def cards(request) -> list[str]:
    return []


@client(affects=["user", Board], auth=True)
def rename(request, id: int, name: str) -> None: ...


@client(affects=user_profile, auth=True)
def touch(request, id: int) -> None: ...


@client(merge=user_profile, auth=True)
def update_profile(request, id: int, name: str) -> Profile:
    return Profile(name=name)


@client(affects="board", merge="user", auth="board.add_card")
def add_card(request, title: str) -> Profile:
    return Profile(name=title)
