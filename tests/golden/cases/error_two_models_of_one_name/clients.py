from pydantic import BaseModel

from mizan.client import client


def make(kind: type) -> type[BaseModel]:
    class Item(BaseModel):
        value: kind

    Item.__qualname__ = f"make.{kind.__name__}.Item"
    return Item


Text = make(str)
Number = make(int)


@client(auth=False)
def text(request) -> Text:
    return Text(value="")


@client(auth=False)
def number(request) -> Number:
    return Number(value=1)
