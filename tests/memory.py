"""Measure the memory that a value retains."""

import gc
import sys
from collections.abc import Iterable
from types import FunctionType, ModuleType

SHARED = (type, ModuleType)
"""Types of objects that belong to no value in particular."""


def retained_bytes(value: object, shared: Iterable[object] = ()) -> int:
    """Return the bytes of all objects that a value refers to, except for types and ``shared``."""
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


def reachable_objects(*roots: object) -> list[object]:
    """Return all objects that some values refer to."""
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
