"""Send kept answers again, before FastAPI, the GraphQL request or its operation are looked at."""

from collections.abc import Callable, Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from service.errors import ParleyError
from service.graphql.outcome import OK
from service.http.answer_cache import AnswerCache, make_answer_etag, make_key
from service.http.conditional import matches_etag
from service.http.documents import registers_document
from service.http.error_body import error_body
from service.http.fast_path import (
    Head,
    Reply,
    is_path,
    read_body,
    read_head,
    replay,
    send_reply,
)
from service.http.graphql_request import Headers
from service.http.graphql_response import encode_json
from service.observe.record import note_kept

KEY = "parley.key"
"""The key in the scope of the key of a request's answer."""
NOT_MODIFIED = 304
CACHE_CONTROL = (b"cache-control", b"no-cache")
"""A cache may store the answer to a GET, and asks by its ETag whether it is still right."""


class AnswerCacheMiddleware:
    """Middleware that sends kept answers again, and status 304 to a client that has the answer.

    Any other request for ``path`` goes on with the key under which its answer is to be kept.
    """

    def __init__(
        self,
        app: ASGIApp,
        path: str,
        answers: AnswerCache,
        is_direct: Callable[[Scope], bool],
        inner: Sequence[object],
    ) -> None:
        """Answer requests for which ``is_direct`` is true, and for which nothing else decides.

        ``inner`` are the classes of all middleware that may come after this: any other one could
        have refused a request, so its presence turns this off.
        """
        self.app = app
        self._path = path
        self._answers = answers
        self._is_direct = is_direct
        self._inner = list(inner)
        self._is_last: bool | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that was answered before, or pass it on."""
        head = None
        if scope["type"] == "http" and is_path(scope, self._path) and self._may_answer(scope):
            head = read_head(scope)
        if head is None:
            await self.app(scope, receive, send)
            return
        body = b""
        if scope["method"] == "POST":
            messages, body = await read_body(receive)
            receive = replay(messages, receive)
        if not registers_document(body):
            key = make_key(body, scope["query_string"], head.media_type, *head.times)
            scope[KEY] = key
            try:
                reply = await self._find(scope, key, head)
            except ParleyError as error:
                reply = Reply(encode_json(error_body(str(error), error.code)), error.status)
            if reply is not None:
                await send_reply(send, reply, head.media_type)
                return
        await self.app(scope, receive, send)

    def _may_answer(self, scope: Scope) -> bool:
        """Return whether nothing that comes after this could refuse the request."""
        if self._is_last is None:
            classes = [one.cls for one in scope["app"].user_middleware]
            after = classes[classes.index(type(self)) + 1 :] if type(self) in classes else None
            self._is_last = after == self._inner
        return self._is_last and self._is_direct(scope)

    async def _find(self, scope: Scope, key: bytes, head: Head) -> Reply | None:
        """Return the response of a kept answer that is still right, or that nothing changed."""
        answers = self._answers
        if head.if_none_match is not None and scope["method"] != "POST":
            commit = await answers.read_commit()
            known = head.if_none_match.decode("latin-1")
            if commit is not None and matches_etag(known, make_answer_etag(key, commit)):
                note_kept(None)
                return Reply(b"", NOT_MODIFIED, make_validators(scope, key, commit))
        found = await answers.find(key)
        if found is None:
            return None
        note_kept(found.operation_name)
        body, coding = await found.encode(head.coding)
        headers = (*found.headers, *make_validators(scope, key, found.commit))
        if coding is not None:
            headers = (*headers, (b"content-encoding", coding))
        return Reply(body, OK, headers)


def make_validators(scope: Scope, key: bytes, commit: str | None) -> Headers:
    """Return the headers by which the client of a GET checks later whether its answer is right."""
    if commit is None or scope["method"] == "POST":
        return ()
    return ((b"etag", make_answer_etag(key, commit).encode()), CACHE_CONTROL)
