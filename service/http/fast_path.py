"""Answer cached operations without parsing and validating their documents again.

The operation is found by the document's text, its plan by the shape of the variables. Then one read
and the decoder make the response. Any other request goes on to the endpoint, which makes the same
bytes.
"""

from starlette.types import Message, Receive, Scope

from service.http.media_types import choose_response_type, is_json


def find_response_type(scope: Scope) -> bytes | None:
    """Return the media type of the response to a plain POST of JSON; None for any other request."""
    if scope["method"] != "POST":
        return None
    content_type: bytes | None = None
    accept: bytes | None = None
    for name, value in scope["headers"]:
        if name == b"content-type":
            if content_type is not None:
                return None
            content_type = value
        elif name == b"accept":
            if accept is not None:
                return None
            accept = value
    if content_type is None or not is_json(content_type):
        return None
    return choose_response_type(accept)


async def read_body(receive: Receive) -> tuple[list[Message], bytes]:
    """Return the messages of a request, and the body of all of them."""
    messages: list[Message] = []
    while True:
        message = await receive()
        messages.append(message)
        if not message.get("more_body"):
            return messages, b"".join(one.get("body", b"") for one in messages)


def replay(messages: list[Message], receive: Receive) -> Receive:
    """Return a receive channel that first repeats messages which were received already."""
    repeated = iter(messages)

    async def receive_again() -> Message:
        message = next(repeated, None)
        return await receive() if message is None else message

    return receive_again
