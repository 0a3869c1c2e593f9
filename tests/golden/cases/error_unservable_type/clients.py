from collections.abc import Callable

from mizan.client import client


class Plain:
    pass


@client(auth=False)
def odd(request, callback: Callable[[int], int], thing: Plain) -> Plain:
    return thing
