from mizan.client import client


@client(auth=False, context="user")
def user_profile(request) -> str:
    return ""


@client(auth=False)
def user_profile_query(request) -> str:
    return ""
