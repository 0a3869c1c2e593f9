"""
``assets/<name>``: the style sheet and scripts of the API pages, served out of the packages themselves, so that the pages
need neither staticfiles nor the internet. Only the names below exist; no part of an address becomes a path.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt
from pydantic_core import to_json

from mizan.protocol.envelope import failure
from mizan.protocol.errors import STATUS_BY_CODE, NotFound

_JAVASCRIPT = "text/javascript; charset=utf-8"
_STYLE = "text/css; charset=utf-8"
_SWAGGER = "static/drf_spectacular_sidecar/swagger-ui-dist"

_METHODS = ("GET", "HEAD")
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "public, no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """A packaged file: its *package*, the *path* in it and the content type it is served as."""

    package: str
    path: str
    content_type: str


ASSETS: Mapping[str, Asset] = {
    "docs.js": Asset("mizan", "assets/docs.js", _JAVASCRIPT),
    "mizan.css": Asset("mizan", "assets/mizan.css", _STYLE),
    "mizan.svg": Asset("mizan", "assets/mizan.svg", "image/svg+xml"),
    "pages.js": Asset("mizan", "assets/pages.js", _JAVASCRIPT),
    "swagger-ui-bundle.js": Asset("drf_spectacular_sidecar", f"{_SWAGGER}/swagger-ui-bundle.js", _JAVASCRIPT),
    "swagger-ui.css": Asset("drf_spectacular_sidecar", f"{_SWAGGER}/swagger-ui.css", _STYLE),
}


@cache
def _content(name: str) -> tuple[bytes, str]:
    """The bytes of an asset and a digest of them, its version."""
    asset = ASSETS[name]
    body = files(asset.package).joinpath(*asset.path.split("/")).read_bytes()
    return body, hashlib.blake2b(body, digest_size=8).hexdigest()


def asset_urls(prefix: str) -> dict[str, str]:
    """The address of every asset, by its name without dots and dashes; it changes with the content."""
    return {_template_name(name): f"{prefix}assets/{name}?v={_content(name)[1]}" for name in ASSETS}


def _template_name(name: str) -> str:
    return name.replace(".", "_").replace("-", "_")


@csrf_exempt  # only GET and HEAD are served
def asset(request: HttpRequest, name: str, **captured: object) -> HttpResponseBase:
    """One packaged file. Under the address with its version, browsers may keep it for ever."""
    if name not in ASSETS:
        return _refused("NOT_FOUND", NotFound.message)
    if request.method not in _METHODS:
        response = _refused("METHOD_NOT_ALLOWED", f'Method "{request.method}" not allowed.')
        response.headers["Allow"] = ", ".join(_METHODS)
        return response
    content, version = _content(name)
    etag = f'"{version}"'
    response = HttpResponse(content, content_type=ASSETS[name].content_type)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = _FOREVER if request.GET.get("v") == version else _ASK_AGAIN
    response.headers["X-Content-Type-Options"] = "nosniff"
    return get_conditional_response(request, etag=etag, response=response) or response


def _refused(code: str, message: str) -> HttpResponse:
    return HttpResponse(to_json(failure(code, message)), status=STATUS_BY_CODE[code], content_type="application/json")
