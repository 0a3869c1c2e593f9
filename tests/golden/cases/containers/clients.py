from mizan.client import client


@client(auth=False)
def containers(
    request,
    names: list[str],
    unique: set[int],
    pair: tuple[int, str],
    many: tuple[float, ...],
    counts: dict[str, int],
    nested: dict[str, list[tuple[int, int]]],
) -> dict[str, list[str]]:
    return {}
