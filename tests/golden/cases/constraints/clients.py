from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, EmailStr, Field

from mizan.client import client


class Offer(BaseModel):
    title: Annotated[str, Field(min_length=1, max_length=80, description="Shown in the list.")]
    contact: EmailStr
    code: Annotated[str, Field(pattern=r"^[A-Z]{3}-\d+$")]
    price: Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=2)]
    rating: Annotated[float, Field(gt=0, lt=5.5)] = 2.5
    amount: Annotated[int, Field(ge=1, le=10, multiple_of=2)] = 2
    tags: Annotated[list[str], Field(min_length=1, max_length=5)]
    old: Annotated[str | None, Field(deprecated=True)] = None


@client(auth=False)
def publish(request, offer: Offer) -> bool:
    return True
