from mizan.client import client


@client(auth=False)
def untyped(request, text):
    return text
