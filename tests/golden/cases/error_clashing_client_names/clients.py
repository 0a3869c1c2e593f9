from mizan.client import client


@client(auth=False)
def user_profile(request) -> str:
    return ""


@client(auth=False, name="user.profile")
def other(request) -> str:
    return ""
