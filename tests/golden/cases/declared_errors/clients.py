from decimal import Decimal

from pydantic import BaseModel

from mizan.client import MizanError, client


class InsufficientFunds(MizanError):
    """The balance is too low."""

    status = 409

    class Details(BaseModel):
        balance: Decimal
        needed: Decimal


class AccountClosed(MizanError):
    code = "CLOSED"
    status = 410


@client(auth=True, raises=[InsufficientFunds, AccountClosed])
def transfer(request, to: int, amount: Decimal) -> None:
    """Move money."""


@client(auth=True, raises=AccountClosed)
def close(request) -> None: ...
