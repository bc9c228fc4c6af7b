"""Variants of the invented graph: with a hub, and with entities that every source describes."""

from collections.abc import Iterable, Iterator

from benchmarks.source_text import Plain

_ENTITIES = {"person", "organization", "country", "group", "issue", "agreement"}


def add_hub(given: Iterable[Plain]) -> Iterator[Plain]:
    """Yield the records, with every statement about the first issue too."""
    hub = ""
    for one in given:
        hub = hub or (f"issue:{one['issue']}" if "issue" in one else "")
        about = one.get("about")
        if isinstance(uses := one.get("uses"), list):
            yield {"uses": sorted({*uses, hub})}
        elif "statement" in one and isinstance(about, list):
            yield {**one, "about": list(dict.fromkeys([hub, *about]))}
        else:
            yield one


def describe_everywhere(given: Iterable[Plain]) -> Iterator[Plain]:
    """Yield the records, with every source describing the entities that it uses of others."""
    known: dict[str, Plain] = {}
    used: list[str] = []
    for one in given:
        kind, key = next(iter(one.items()))
        if isinstance(uses := one.get("uses"), list):
            used = [each for each in uses if each in known]
            if rest := [each for each in uses if each not in known]:
                yield {"uses": rest}
            continue
        for each in used:
            yield {**known[each], "at": one["at"]}
        used = []
        yield one
        if kind in _ENTITIES:
            known[f"{kind}:{key}"] = {k: v for k, v in one.items() if k in {kind, "name"}}
