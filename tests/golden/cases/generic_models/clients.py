from typing import Generic, TypeVar

from pydantic import BaseModel

from mizan.client import client

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int


class Book(BaseModel):
    title: str


@client(auth=False)
def books(request, page: int = 1) -> Page[Book]:
    return Page[Book](items=[], total=0)


@client(auth=False)
def words(request) -> Page[str]:
    return Page[str](items=[], total=0)
