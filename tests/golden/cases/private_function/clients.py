from mizan.client import client


@client(private=True, auth=False)
def internal(request) -> str:
    return ""


@client(auth=False)
def public(request) -> str:
    return ""
