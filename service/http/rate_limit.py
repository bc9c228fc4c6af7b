"""Limit how many requests a client may send in a time.

A client is its address; of IPv6, the network of 64 bits that one subscriber has. Responses say what
is left, as the IETF's draft on RateLimit header fields for HTTP has it.
"""

import ipaddress
import math
import time

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_seed.values.short_cache import cache_short
from service.errors import RateLimited
from service.http.middleware import error_response

POLICY = "requests"
"""The name of the only policy."""
SUBSCRIBER_BITS = 64
MOST_HOSTS, LONGEST_HOST = 1000, 50
"""The most addresses that are remembered, and the most characters of one."""
UNLIMITED = frozenset({"/healthz", "/metrics", "/readyz"})
"""Paths that supervisors ask now and then."""


class RateLimiter:
    """Middleware that refuses the requests of a client beyond its limit; loopback has none."""

    def __init__(self, app: ASGIApp, limit: RateLimitItem) -> None:
        self.app = app
        self._limit = limit
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._policy = f'"{POLICY}";q={limit.amount};w={limit.get_expiry()}'.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        client = None if scope["type"] != "http" else identify_client(scope)
        if client is None or scope["path"] in UNLIMITED:
            await self.app(scope, receive, send)
            return
        is_allowed = await self._limiter.hit(self._limit, client)
        window = await self._limiter.get_window_stats(self._limit, client)
        seconds = max(1, math.ceil(window.reset_time - time.time()))
        left = f'"{POLICY}";r={max(0, window.remaining)};t={seconds}'.encode()
        headers = [(b"ratelimit-policy", self._policy), (b"ratelimit", left)]
        if not is_allowed:
            headers.append((b"retry-after", b"%d" % seconds))

        async def respond(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        if is_allowed:
            await self.app(scope, receive, respond)
        else:
            limit = f"{self._limit.amount} requests in {self._limit.get_expiry()} seconds"
            message = f"A client may send {limit}. Try again in {seconds} seconds."
            refused = error_response(message, RateLimited.code, RateLimited.status)
            await refused(scope, receive, respond)


def identify_client(scope: Scope) -> str | None:
    """Return the client of a request; None for one on this machine, which has no limit."""
    client: tuple[str, int] | None = scope.get("client")
    return None if client is None else _identify_host(client[0])


@cache_short(MOST_HOSTS, LONGEST_HOST)
def _identify_host(host: str) -> str | None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None  # a socket of this machine has no address
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        if mapped is None:
            network = ipaddress.ip_network((address, SUBSCRIBER_BITS), strict=False)
            return None if address.is_loopback else str(network.network_address)
        address = mapped
    return None if address.is_loopback else str(address)
