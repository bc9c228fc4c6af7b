"""The invented graph with what is rare made common: a hub, and entities described by all."""

from collections.abc import Iterable, Iterator

from benchmarks.source_text import Plain

_ENTITIES = {"person", "organization", "country", "group", "issue", "agreement"}


def with_a_hub(given: Iterable[Plain]) -> Iterator[Plain]:
    """The records, every statement about the first issue too."""
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


def described_by_all(given: Iterable[Plain]) -> Iterator[Plain]:
    """The records, every source describing what it would use of others."""
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
