from mizan.client import client


@client(auth=False)
def echo(request, text: str, times: int = 1) -> str:
    """
    Say the text back.

    As often as asked.
    """
    return text * times
