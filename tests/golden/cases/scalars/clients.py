from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from mizan.client import client
from mizan.types import BigInt


class Everything(BaseModel):
    """One field of every scalar."""

    anything: Any
    big: BigInt
    count: int
    data: bytes
    day: date
    flag: bool
    key: UUID
    moment: datetime
    nothing: None
    price: Decimal
    ratio: float
    span: timedelta
    text: str
    clock: time


@client(auth=False)
def same(request, value: Everything) -> Everything:
    return value
