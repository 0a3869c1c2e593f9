from mizan.client import client


@client(context="prices", auth=False, rev=3, cache=60)
def prices(request) -> list[float]:
    return []


@client(context="prices", auth=False, cache=False)
def fresh_prices(request) -> list[float]:
    return []


@client(auth=False, deprecated=True)
def old_way(request) -> None:
    """Use prices instead."""
