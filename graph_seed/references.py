"""What a record points at: whole ids, or the key of one record of the same file."""

from collections.abc import Mapping

from graph_seed.expand import Draft
from graph_seed.problems import nearest
from graph_seed.reading import Reader, Say
from graph_seed.records import Reference, Value
from graph_seed.written import Written
from schema.names import ID
from schema.vocabulary import Link, NodeType, Vocabulary


class References:
    """Resolves the references of one source's records; ``used`` holds the ``uses:`` it met."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        say: Say,
        own: Mapping[str, Draft],
        uses: Mapping[str, Written],
        everywhere: Mapping[str, NodeType],
    ) -> None:
        self._vocabulary = vocabulary
        self._say = say
        self._reader = Reader(say)
        self._own = own
        self._uses = uses
        self._everywhere = everywhere
        self._by_key: dict[str, list[str]] = {}
        for draft in own.values():
            self._by_key.setdefault(draft.key, []).append(draft.id)
        self.used: set[str] = set()

    def of(self, draft: Draft, link: Link, written: Written) -> list[Reference]:
        """What a link of a record names, each once, in the order written."""
        found: dict[str, Reference] = {}
        for one in written.items:
            named = one.fields.get(ID, one) if one.fields else one
            target = self._resolve(named, link)
            if target is None:
                continue
            if target == draft.id:
                self._say(named.place, "ITSELF", f"{link.name} leads back to {target} itself")
                continue
            if target in found:
                self._say(named.place, "NAMED_TWICE", f"{target} is named twice in {link.name}")
                continue
            found[target] = Reference(target, self._edge(link, one))
        return list(found.values())

    def _edge(self, link: Link, written: Written) -> Mapping[str, Value]:
        values: dict[str, Value] = {}
        for name, value in written.fields.items():
            if name == ID:
                continue
            prop = link.properties.get(name)
            place = written.keys.get(name, written.place)
            if prop is None:
                message = f"{link.name} has no {name!r}{nearest(name, link.properties)}"
                self._say(place, "UNKNOWN_PROPERTY", message)
                continue
            parsed = self._reader.value(prop, value)
            if parsed is not None:
                values[name] = parsed
        for prop in link.properties.values():
            if prop.required and prop.name not in values:
                self._say(written.place, "MISSING", f"{link.name} needs {prop.name}: {prop.doc}")
        return values

    def _resolve(self, written: Written, link: Link) -> str | None:
        """The id that a reference means: a whole id, or the key of one record of this file."""
        text = written.text
        if not text:
            self._say(written.place, "NOT_AN_ID", f"{link.name} takes an id or a key")
            return None
        allowed = self._vocabulary.concrete_of(*link.targets)
        if ":" not in text:
            fitting = [one for one in self._by_key.get(text, ()) if self._own[one].type in allowed]
            if len(fitting) == 1:
                return fitting[0]
            if fitting:
                message = f"{text!r} may be {' or '.join(fitting)}; write which"
                self._say(written.place, "AMBIGUOUS", message)
                return None
            keys = [
                key
                for key, ids in self._by_key.items()
                if any(self._own[i].type in allowed for i in ids)
            ]
            message = f"no record here that {link.name} can lead to has the key {text!r}"
            self._say(written.place, "UNKNOWN_ID", message + nearest(text, keys))
            return None
        node = self._vocabulary.type_of_id(text)
        if node is None:
            self._say(written.place, "UNKNOWN_KIND", f"{text!r} begins with no kind that there is")
            return None
        if node not in allowed:
            kinds = ", ".join(str(one.kind) for one in allowed)
            self._say(written.place, "WRONG_KIND", f"{link.name} leads to {kinds}; not to {text!r}")
            return None
        if text in self._uses:
            self.used.add(text)
        elif text not in self._own:
            other = "it is defined in another file; list it under uses:"
            known = [*self._own, *self._uses]
            advice = f"define it, or list it under uses:{nearest(text, known)}"
            if text in self._everywhere:
                advice = other
            self._say(written.place, "UNKNOWN_ID", f"{text!r} is not defined here; {advice}")
            return None
        return text
