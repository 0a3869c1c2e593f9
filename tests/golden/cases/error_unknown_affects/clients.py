from mizan.client import client


@client(context="user", auth=False)
def user_profile(request) -> str:
    return ""


@client(auth=False)
def plain(request) -> str:
    return ""


@client(affects="usr", auth=False)
def misspelt(request) -> None: ...


@client(affects="user_profile", auth=False)
def quoted(request) -> None: ...


@client(affects=plain, auth=False)
def no_reader(request) -> None: ...


@client(merge="user", auth=False)
def other_type(request) -> int:
    return 1
