from mizan.client import client


@client(auth=False)
def first(request) -> str:
    return ""


@client(auth=False, name="first")
def second(request) -> str:
    return ""
