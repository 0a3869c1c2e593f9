from dataclasses import dataclass, field

from typing_extensions import TypedDict

from mizan.client import client


@dataclass
class Point:
    """A place on the map."""

    x: float
    y: float
    labels: list[str] = field(default_factory=list)


class Box(TypedDict):
    low: Point
    high: Point


@client(auth=False)
def area(request, box: Box) -> Point:
    return box["low"]
