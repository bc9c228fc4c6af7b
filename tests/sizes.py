"""What a value holds in memory, measured."""

import gc
import sys
from collections.abc import Iterable
from types import FunctionType, ModuleType

SHARED = (type, ModuleType)
"""What belongs to no value in particular."""


def held_bytes(value: object, shared: Iterable[object] = ()) -> int:
    """Return the bytes of all that a value leads to, but for types, modules and ``shared``."""
    seen = {id(one) for one in shared}
    total = 0
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, SHARED):
            continue
        seen.add(id(one))
        total += sys.getsizeof(one)
        if isinstance(one, FunctionType):
            # A function's globals and code are its module's.
            waiting.extend([one.__closure__, one.__defaults__, one.__kwdefaults__])
            continue
        waiting.extend(gc.get_referents(one))
    return total


def reachable(*roots: object) -> list[object]:
    """Return everything that some values lead to."""
    found: dict[int, object] = {}
    waiting = list(roots)
    while waiting:
        one = waiting.pop()
        if id(one) in found or isinstance(one, SHARED):
            continue
        found[id(one)] = one
        if isinstance(one, FunctionType):
            waiting.extend([one.__closure__, one.__defaults__, one.__kwdefaults__])
            continue
        waiting.extend(gc.get_referents(one))
    return list(found.values())
