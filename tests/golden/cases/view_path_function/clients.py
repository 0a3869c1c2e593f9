from django.http import HttpResponse

from mizan.client import client


@client(context="user", auth=False)
def user(request, id: int) -> str:
    return ""


@client(route="/profile/<int:id>/", auth=False, affects="user", methods=["GET", "POST"])
def profile_page(request, id: int) -> HttpResponse:
    """A page of HTML."""
    return HttpResponse()
