"""What stands before the application: a limit on bodies, and errors as JSON with a code."""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import ParleyError, PayloadTooLarge


def error_response(error: ParleyError) -> JSONResponse:
    """An error as GraphQL shapes it."""
    body = {"errors": [{"message": str(error), "extensions": {"code": error.code}}]}
    return JSONResponse(body, status_code=error.status)


async def answer_error(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001
    """An exception handler for ParleyError."""
    known = error if isinstance(error, ParleyError) else ParleyError("Something broke here.")
    return error_response(known)


class BodyLimit:
    """Refuses a body of more than ``limit`` bytes, by its stated length or as it arrives."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting what arrives."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        stated = Headers(scope=scope).get("content-length", "")
        if stated.isdigit() and int(stated) > self.limit:
            await self._refuse(scope, receive, send)
            return
        received = 0
        started = False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.limit:
                raise PayloadTooLarge(self._words())
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, counted, noted)
        except PayloadTooLarge:
            if started:
                raise
            await self._refuse(scope, receive, send)

    def _words(self) -> str:
        return f"This body is longer than {self.limit} bytes. Send less."

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        await error_response(PayloadTooLarge(self._words()))(scope, receive, send)
