"""
DRF's dispatch as steps, for views that await: what may block runs in a thread, the functions on the event loop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from mizan.steps import THREAD, Steps, adrive

if TYPE_CHECKING:
    from mizan.rest.views import MizanView

    _Base = MizanView
else:
    _Base = object


class AsyncDispatch(_Base):
    """
    Mixed into a view whose `answering` gives the steps of the handler for *awaited_methods*.
    """

    view_is_async = True  # Django's classproperty looks at the handlers
    awaited_methods: ClassVar[tuple[str, ...]]

    if TYPE_CHECKING:

        def answering(self, request: Request) -> Steps[Any]:
            """The steps to a response, from the handler on."""

    async def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # async
        return await adrive(self._dispatching(request, *args, **kwargs))

    def _dispatching(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Steps[HttpResponseBase]:
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        method = (request.method or "").lower()
        response: Any
        try:
            self.initial(self.request, *args, **kwargs)
            if method in self.awaited_methods:
                response = yield from self.answering(self.request)
            else:
                known = method in self.http_method_names
                handler = getattr(self, method) if known else self.http_method_not_allowed
                response = handler(self.request, *args, **kwargs)
        except Exception as exc:
            yield THREAD
            response = self.handle_exception(exc)
        if isinstance(response, Response):  # a page, which reads templates
            yield THREAD
        self.response = self.finalize_response(self.request, response, *args, **kwargs)
        finished: HttpResponseBase = self.response
        return finished
