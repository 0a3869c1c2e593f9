from pydantic import BaseModel, computed_field

from mizan.client import client


class Task(BaseModel):
    title: str
    done: bool = False

    @computed_field
    @property
    def shout(self) -> str:
        return self.title.upper()


@client(auth=False)
def save(request, task: Task) -> Task:
    return task
