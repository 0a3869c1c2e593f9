"""
From an OpenAPI document to the IR. The document is the only thing that it reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any
from urllib.parse import urlsplit

from mizan.ir.model import Context, ErrorDeclaration, Function, Schema, View
from mizan.protocol.names import EXTENSION
from mizan.translate.document import Document, Node
from mizan.translate.extension import refuse_others
from mizan.translate.failures import TranslationError
from mizan.translate.foreign import Foreign
from mizan.translate.functions import context, function, view
from mizan.translate.place import Place
from mizan.translate.shapes import Shapes

DOCUMENT_VERSION = 1

# HEAD, OPTIONS and TRACE carry no data of their own.
_METHODS = ("delete", "get", "patch", "post", "put")
_ROOT_WORDS = ("basePath", "errors", "version")
_ERROR_WORDS = ("code", "description", "details", "name", "status")


def translate(document: Mapping[str, Any]) -> Schema:
    """
    The IR of the server that *document* describes (OpenAPI 3.0 or 3.1, as parsed JSON), sorted.

    A Mizan server's document carries ``x-mizan``. Any other's is translated by what it says alone: see `foreign`.

    Raises:
        TranslationError: it says something that the IR has no words for; every finding at once.
    """
    translator = _Translator(Document(document))
    schema = translator.schema()
    if translator.document.notes.findings:
        raise TranslationError(translator.document.notes.findings)
    return schema


class _Translator:
    def __init__(self, document: Document) -> None:
        self.document = document
        self._shapes = Shapes(document)
        self._foreign = Foreign(self._shapes)
        self._functions: list[Function] = []
        self._contexts: list[Context] = []
        self._views: dict[str, View] = {}
        self._root_words = document.mapping(document.root, EXTENSION, Place("document"))
        self._base_path = self._find_base_path()

    def schema(self) -> Schema:
        document, root = self.document, self.document.root
        self._check_versions()
        info_place = Place("info")
        info = document.mapping(root, "info", Place("document"))
        paths = document.mapping(root, "paths", Place("document"))
        for path in sorted(paths):
            self._add_path(path, document.mapping(paths, path, Place("paths")))
        functions, contexts = self._foreign.finish()
        errors = self._errors()
        by_name = attrgetter("name")
        return Schema(
            title=document.needed_text(info, "title", info_place),
            base_path=self._base_path,
            api_version=document.needed_text(info, "version", info_place),
            doc=document.text(info, "description", info_place) or None,
            types=self._shapes.declarations(),
            errors=tuple(sorted(errors, key=attrgetter("code"))),
            functions=tuple(sorted([*self._functions, *functions], key=by_name)),
            contexts=tuple(sorted([*self._contexts, *contexts], key=by_name)),
            views=tuple(sorted(self._views.values(), key=by_name)),
        )

    def _check_versions(self) -> None:
        place = Place("document")
        openapi = str(self.document.root.get("openapi"))
        if not openapi.startswith(("3.0.", "3.1.")):
            self.document.note(place, f"has the OpenAPI version {openapi}.", "Export it as OpenAPI 3.1 or 3.0.")
        refuse_others(self._root_words, _ROOT_WORDS, self.document, place)
        version = self._root_words.get("version", DOCUMENT_VERSION)
        if version != DOCUMENT_VERSION:
            message = f"x-mizan has the version {version!r}; this mizan translates version {DOCUMENT_VERSION}."
            self.document.note(place, message, "Update the older of the two.")

    def _find_base_path(self) -> str:
        """What every path begins with: as a Mizan server says, or from the URL of another's first server."""
        place = Place("document")
        own = self.document.text(self._root_words, "basePath", place / EXTENSION)
        if own is not None:
            return own
        servers = self.document.objects(self.document.root, "servers", place)
        url = self.document.text(servers[0], "url", place / "servers") if servers else None
        return urlsplit(url or "/").path.rstrip("/") + "/"

    def _add_path(self, path: str, item: Node) -> None:
        for method in _METHODS:
            if method in item:
                place = Place(f"paths.{path}.{method}")
                self._add_operation(self.document.mapping(item, method, place), item, path, method, place)

    def _add_operation(self, operation: Node, item: Node, path: str, method: str, place: Place) -> None:
        if EXTENSION not in operation:
            self._foreign.add(operation, item, path.removeprefix("/"), method, place)
            return
        relative = path.removeprefix(self._base_path)
        kind = self.document.mapping(operation, EXTENSION, place).get("kind")
        match kind:
            case "function":
                self._functions.append(function(operation, relative, method, self._shapes, place))
            case "context":
                self._contexts.append(context(operation, relative, self._shapes, place))
            case "view":
                declared = view(operation, self._shapes, place)
                self._views.setdefault(declared.name, declared)
            case "service":
                pass
            case _:
                self.document.note(place, f"x-mizan has the kind {kind!r}.", "Update the mizan that translates.")

    def _errors(self) -> list[ErrorDeclaration]:
        place = Place("x-mizan") / "errors"
        return [
            self._error(entry, place) for entry in self.document.objects(self._root_words, "errors", Place("x-mizan"))
        ]

    def _error(self, entry: Node, place: Place) -> ErrorDeclaration:
        document = self.document
        refuse_others(entry, _ERROR_WORDS, document, place)
        code = document.needed_text(entry, "code", place)
        below = place / code
        return ErrorDeclaration(
            code,
            document.needed_text(entry, "name", below),
            document.integer(entry, "status", 400, below),
            self._shapes.shape(entry["details"], below / "details") if "details" in entry else None,
            document.text(entry, "description", below) or None,
        )
