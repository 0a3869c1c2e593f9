from mizan.client import client


@client(websocket=True, auth=False)
async def ping(request, n: int) -> int:
    """Answer with the next number."""
    return n + 1
