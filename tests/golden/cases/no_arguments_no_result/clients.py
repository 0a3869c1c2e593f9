from mizan.client import client


@client(auth=True)
def log_out(request) -> None:
    """End the session."""
