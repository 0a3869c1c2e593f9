from mizan.client import client


@client(name="contact.submit", auth=False)
def submit(request, email: str) -> bool:
    return True


@client(name="contact.validate", auth=False)
def validate(request, email: str) -> bool:
    return True
