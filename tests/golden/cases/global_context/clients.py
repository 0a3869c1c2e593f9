from pydantic import BaseModel

from mizan.client import GlobalContext, client


class CurrentUser(BaseModel):
    name: str


class Site(BaseModel):
    title: str


@client(context="global", auth=True)
def current_user(request) -> CurrentUser:
    """Who is logged in."""
    return CurrentUser(name=request.user.username)


@client(context=GlobalContext, auth=False)
def site(request) -> Site:
    return Site(title="Mizan")
