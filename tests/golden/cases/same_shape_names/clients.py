from pydantic import BaseModel

from mizan.client import client


class EchoOutput(BaseModel):
    message: str


@client(auth=False)
def echo(request, text: str) -> EchoOutput:
    return EchoOutput(message=text)
