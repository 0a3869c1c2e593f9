from enum import Enum, IntEnum, StrEnum
from typing import Literal

from pydantic import BaseModel

from mizan.client import client


class Colour(Enum):
    RED = "red"
    DARK_BLUE = "dark-blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 10


class Size(StrEnum):
    """How big it is."""

    SMALL = "s"
    LARGE = "l"


class Port(Enum):
    HTTP = 80
    AUTO = "auto"


class Paint(BaseModel):
    colour: Colour = Colour.RED
    level: Level
    size: Size | None = None
    mode: Literal["matte", "glossy"] = "matte"
    version: Literal[1]
    port: Port = Port.AUTO
    mixed: Literal["a", 3, True, None]


@client(auth=False)
def mix(request, paint: Paint, by_colour: dict[Colour, int]) -> Paint:
    return paint
