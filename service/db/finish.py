"""End background work without leaving connections open."""

import asyncio

SECONDS = 2.0


async def finish(task: asyncio.Task[None], seconds: float = SECONDS) -> None:
    """Wait until a task ends by itself; cancel it after some seconds.

    The driver leaves a socket open if it is cancelled while it connects.
    """
    await asyncio.wait([task], timeout=seconds)
    if not task.done():
        task.cancel()
        await asyncio.wait([task])
