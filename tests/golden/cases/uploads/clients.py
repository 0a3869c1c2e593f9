from django.core.files.uploadedfile import UploadedFile

from mizan.client import client
from mizan.types import Upload


@client(auth=True)
def upload_avatar(request, file: UploadedFile, crop: tuple[int, int] | None = None) -> int:
    return file.size


@client(auth=True)
def upload_all(request, files: list[Upload]) -> int:
    return len(files)
