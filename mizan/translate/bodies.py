"""
What an operation takes and answers: media types, request bodies, the response that is not a failure.
"""

from __future__ import annotations

from dataclasses import dataclass

from mizan.translate.document import EMPTY, Document, Node
from mizan.translate.place import Place

JSON = "application/json"
MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Body:
    """
    A schema and the media type that it is for.
    """

    schema: object
    media: str


def request_body(operation: Node, document: Document, place: Place) -> Body | None:
    """
    The body as JSON if it may be JSON, else as parts of a form; None for an operation without one.
    """
    if operation.get("requestBody") is None:
        return None
    place = place / "requestBody"
    body = document.resolved(document.mapping(operation, "requestBody", place), "requestBodies", place)
    return _body(body, (JSON, MULTIPART), document, place)


def success(operation: Node, document: Document, place: Place) -> Body | None:
    """
    The answer with the lowest 2xx status, None where it has no body.
    """
    responses = document.mapping(operation, "responses", place)
    statuses = sorted(str(status) for status in responses if str(status).startswith("2"))
    if not statuses:
        document.note(place, "has no response with a 2xx status.", "Declare what a successful call answers.")
        return None
    place = place / statuses[0]
    by_status = {str(status): response for status, response in responses.items()}
    response = document.resolved(document.mapping(by_status, statuses[0], place), "responses", place)
    return _body(response, (JSON,), document, place) if response.get("content") else None


def _body(body: Node, medias: tuple[str, ...], document: Document, place: Place) -> Body | None:
    content = document.mapping(body, "content", place)
    for media in medias:
        if media in content:
            return Body(document.mapping(content, media, place).get("schema", EMPTY), media)
    message = f"has the media types {', '.join(sorted(content)) or 'none'}."
    document.note(place, message, f"The IR has words for {' and '.join(medias)}.")
    return None
