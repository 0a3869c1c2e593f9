from mizan.client import client


@client(context="user", auth=False)
def profile(request, id: int) -> str:
    return ""


@client(context="user", auth=False)
def orders(request, id: str) -> str:
    return ""
