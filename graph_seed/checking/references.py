"""Resolve references: ids, or keys of one record of the same file; find those that form a cycle."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from graph_seed.checking.expand import Draft, guess_key, kind_advice
from graph_seed.checking.parse_values import ValueReader, key_advice
from graph_seed.checking.record_schema import record_schema, target_types
from graph_seed.problems import BoundedHints, Report, nearest
from graph_seed.records import Place, Reference
from graph_seed.syntax.tree import SyntaxNode, comma_advice
from graph_seed.values import one_form
from graph_seed.values.problem import quote_text
from schema.model import Link
from schema.names import ID
from schema.scalars import PropertyValue
from schema.vocabulary import Vocabulary


class References:
    """Resolves the references of one source's records; ``used`` holds the ``uses:`` it met."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        report: Report,
        own: Mapping[str, Draft],
        uses: Iterable[str],
        everywhere: set[str],
    ) -> None:
        self._vocabulary = vocabulary
        self._report = report
        self._reader = ValueReader(report)
        self._own = own
        self._uses = set(uses)
        self._everywhere = everywhere
        self._by_key: dict[str, list[str]] = {}
        for draft in own.values():
            self._by_key.setdefault(draft.key, []).append(draft.id)
        self._hints = BoundedHints()
        self._keys_of_link: dict[Link, list[str]] = {}
        self.used: set[str] = set()

    def of(self, draft: Draft, link: Link, written: SyntaxNode) -> list[tuple[Reference, Place]]:
        """Return the references of a link, without repetitions, in order, with their places."""
        found: dict[str, tuple[Reference, Place]] = {}
        for one in written.items:
            named = one.fields.get(ID, one) if one.fields else one
            target = self._resolve(named, link, draft)
            if target is None:
                continue
            if target == draft.id:
                self._report(named.place, "ITSELF", f"{link.name} leads back to {target} itself")
            elif target in found:
                self._report(named.place, "NAMED_TWICE", f"{target} is named twice in {link.name}")
            else:
                found[target] = Reference(target, self._edge(link, one)), named.place
        return list(found.values())

    def _edge(self, link: Link, written: SyntaxNode) -> Mapping[str, PropertyValue]:
        values: dict[str, PropertyValue] = {}
        for name, value in written.fields.items():
            if name == ID:
                continue
            prop = link.properties.get(name)
            place = written.keys.get(name, written.place)
            if prop is not None and prop.derived:
                self._report(place, "NOT_WRITTEN", f"{name} is computed; leave it out")
                continue
            if prop is None:
                known = [one.name for one in link.properties.values() if not one.derived]
                advice = comma_advice(value) or nearest(name, known)
                message = f"{link.name} has no {quote_text(name)}{advice}"
                self._report(place, "UNKNOWN_PROPERTY", message)
                continue
            parsed = self._reader.value(prop, value)
            if parsed is not None:
                values[name] = parsed
        for prop in link.properties.values():
            if prop.required and prop.name not in values and prop.name not in written.fields:
                message = f"{link.name} needs {prop.name}: {prop.doc}"
                if not written.fields:
                    message += f" Write {{{ID}: {written.text}, {prop.name}: …}}"
                self._report(written.place, "MISSING", message)
        return values

    def _resolve(self, written: SyntaxNode, link: Link, draft: Draft) -> str | None:
        """Return the id that a reference means: an id, or the key of one record of this file."""
        text = one_form(written.text or "")
        if not text:
            self._report(written.place, "NOT_AN_ID", f"{link.name} takes an id or a key")
            return None
        if " " in text and key_advice(text.replace(":", "").replace("/", "")):
            message = f"{quote_text(text)} is not a key; {link.name} leads to {self._kinds(link)}"
            key = guess_key(text)
            known = f"; did you mean {key!r}?" if key in self._by_key else ""
            advice = known or self._hint_text_under_states(link, draft)
            self._report(written.place, "NOT_AN_ID", message + advice)
            return None
        if ":" in text:
            return self._id(text, written.place, link)
        return self._key(text, written, link, draft)

    def _hint_text_under_states(self, link: Link, draft: Draft) -> str:
        """Return the names that take text, as a hint for text under ``states:`` (figures)."""
        node = draft.type
        verb = node.verb
        words = node.properties[verb.enumeration].enumeration if verb else None
        if verb is None or words is None or verb.into not in node.properties:
            return ""
        spelled = {str(word.value) for word in words}
        if not any(to == link.name and name in spelled for name, to in node.short.items()):
            return ""
        short = next((name for name, to in node.short.items() if to == verb.into), verb.into)
        example = next(iter(record_schema(self._vocabulary, node).verbs))
        return f"; put words under {short}: or under a speech act, such as {example}:"

    def _key(self, text: str, written: SyntaxNode, link: Link, draft: Draft) -> str | None:
        allowed = target_types(self._vocabulary, link)
        fitting = [one for one in self._by_key.get(text, ()) if self._own[one].type in allowed]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            message = f"{quote_text(text)} can be {' or '.join(fitting)}; write which"
            self._report(written.place, "AMBIGUOUS", message)
            return None
        same_key = self._used_by_key.get(text, ())
        used = [one for one in same_key if self._vocabulary.type_of_id(one) in allowed]
        if others := self._by_key.get(text):
            message = f"{link.name} leads to {self._kinds(link)}; not to {quote_text(others[0])}"
            self._report(written.place, "WRONG_KIND", message)
            return None
        message = f"no record here that {link.name} can lead to has the key {quote_text(text)}"
        advice = f"; an id begins with its kind: {' or '.join(sorted(used))}" if used else ""
        advice = (
            advice
            or self._hints.nearest(text, self._keys(link))
            or self._hint_text_under_states(link, draft)
            or f"; {_WHOLE_ID}"
        )
        self._report(written.place, "UNKNOWN_ID", message + advice)
        return None

    def _keys(self, link: Link) -> list[str]:
        """Return the keys of the records of this file that a link can lead to."""
        if link not in self._keys_of_link:
            allowed = target_types(self._vocabulary, link)
            self._keys_of_link[link] = [
                key
                for key, ids in self._by_key.items()
                if any(self._own[one].type in allowed for one in ids)
            ]
        return self._keys_of_link[link]

    @cached_property
    def _used_by_key(self) -> dict[str, list[str]]:
        """Return the ids that other files define, by their key."""
        found: dict[str, list[str]] = {}
        for one in self._uses:
            found.setdefault(one.partition(":")[2], []).append(one)
        return found

    @cached_property
    def _ids_by_kind(self) -> dict[str, list[str]]:
        """Return all ids that can be named here, by kind."""
        found: dict[str, list[str]] = {}
        for one in (*self._own, *self._uses):
            found.setdefault(one.partition(":")[0], []).append(one)
        return found

    @cached_property
    def _names_by_kind(self) -> dict[str, list[str]]:
        """Return the references to records of this file: their ids, or kinds and keys."""
        found = {kind: list(ids) for kind, ids in self._ids_by_kind.items()}
        for one in self._own.values():
            found[str(one.type.kind)].append(f"{one.type.kind}:{one.key}")
        return found

    def _kinds(self, link: Link) -> str:
        return ", ".join(str(one.kind) for one in target_types(self._vocabulary, link))

    def _id(self, text: str, place: Place, link: Link) -> str | None:
        allowed = target_types(self._vocabulary, link)
        node = self._vocabulary.type_of_id(text)
        if node is None:
            kind = text.partition(":")[0]
            advice = kind_advice(allowed, kind)
            message = (
                f"{quote_text(text)} does not begin with a kind that {link.name} leads to{advice}"
            )
            self._report(place, "UNKNOWN_KIND", message)
            return None
        if node not in allowed:
            message = f"{link.name} leads to {self._kinds(link)}; not to {quote_text(text)}"
            self._report(place, "WRONG_KIND", message)
            return None
        if text in self._uses:
            self.used.add(text)
            return text
        if text in self._own:
            return text
        # A fact's id holds its source; its kind and key name it well enough here.
        kind, _, key = text.partition(":")
        own = [one for one in self._by_key.get(key, ()) if self._own[one].type is node]
        if len(own) == 1:
            return own[0]
        if text in self._everywhere:
            advice = "; it is defined in another file; list it under uses:"
        else:
            names = self._ids_by_kind if "/" in text else self._names_by_kind
            guess = self._hints.nearest(text, names.get(kind, []))
            advice = f"{f'{guess} Or' if guess else ';'} define it, or list it under uses:"
        self._report(place, "UNKNOWN_ID", f"{quote_text(text)} is not defined here{advice}")
        return None


_WHOLE_ID = "what another file defines is named by its whole id, as country:us"


CIRCLE = "CIRCLE"


@dataclass(frozen=True, slots=True)
class Step:
    """One link from a record to another, by its name, where it is written, and in which source."""

    link: str
    start: str
    end: str
    place: Place
    source: str = ""


@dataclass(frozen=True, slots=True)
class AcyclicLink:
    """A link that must not lead in a cycle."""

    name: str
    type: str
    """Its relationship type."""
    label: str
    """The label of the nodes that it leaves."""
    kinds: frozenset[str]
    """The kinds of nodes that the relationship type both leaves and reaches."""
    one: bool
    """True for a link to at most one node."""

    def joins(self, start: str, end: str) -> bool:
        """Return whether a link between these ids can be part of a cycle."""
        return start.partition(":")[0] in self.kinds and end.partition(":")[0] in self.kinds


@cache
def acyclic_links(vocabulary: Vocabulary) -> Mapping[str, AcyclicLink]:
    """Return the links that must not lead in a cycle and could, by name.

    A passage is part of its source, which is part of nothing: that link is left out.
    """
    found: dict[str, AcyclicLink] = {}
    for relationship in vocabulary.relationships.values():
        if not relationship.acyclic:
            continue
        left = vocabulary.concrete_of(*(ends.start for ends in relationship.ends))
        reached = vocabulary.concrete_of(*(ends.end for ends in relationship.ends))
        kinds = frozenset(str(node.kind) for node in left if node in reached)
        for ends in relationship.ends:
            starts = [one for one in vocabulary.concrete_of(ends.start) if one.kind in kinds]
            if starts and any(one.kind in kinds for one in vocabulary.concrete_of(ends.end)):
                name, label = ends.forward, ends.start.label
                one = vocabulary.links(starts[0])[name].one
                found[name] = AcyclicLink(name, relationship.type, label, kinds, one)
    return found


def report_cycles(steps: Iterable[Step], report: Report) -> None:
    """Say each circle once, at the step that closes it."""
    for way in find_step_cycles(steps):
        report(way[-1].place, CIRCLE, f"{way[0].link} leads in a circle: {cycle_in_words(way)}")


def find_step_cycles(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """Yield circles of steps of one link each, the step that closes a circle last."""
    by_link: dict[str, dict[str, list[Step]]] = {}
    for step in steps:
        by_link.setdefault(step.link, {}).setdefault(step.start, []).append(step)
    for onward in by_link.values():
        yield from _back_edge_cycles(onward)


_SHOWN = 20
"""Ids of a circle that a message shows."""


def cycle_in_words(way: list[Step]) -> str:
    """Return the ids of a circle, of a long one its beginning and its end."""
    ids = [way[0].start, *(step.end for step in way)]
    if len(ids) > _SHOWN:
        left_out = f"({len(ids) - _SHOWN} more)"
        ids = [*ids[: _SHOWN // 2], left_out, *ids[-_SHOWN // 2 :]]
    return " → ".join(ids)


def _back_edge_cycles(onward: dict[str, list[Step]]) -> Iterator[list[Step]]:
    """Return one cycle for each back edge of a depth-first search; each record is visited once."""
    done: set[str] = set()
    for first, steps in onward.items():
        way: list[Step] = []
        within = {first: 0}
        walk = [iter(steps)] if first not in done else []
        while walk:
            step = next(walk[-1], None)
            if step is None:
                walk.pop()
                left = way.pop().end if way else first
                within.pop(left, None)
                done.add(left)
            elif step.end in within:
                yield [*way[within[step.end] :], step]
            elif step.end not in done:
                way.append(step)
                within[step.end] = len(way)
                walk.append(iter(onward.get(step.end, ())))
