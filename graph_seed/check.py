"""Checking facts files: every problem at once, and records that are complete and valid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graph_seed.citations import Citations
from graph_seed.complete import complete
from graph_seed.expand import Draft, Expander
from graph_seed.problems import Problem, errors, nearest
from graph_seed.reading import Reader, digest_of
from graph_seed.records import Facts, Place, Record
from graph_seed.references import References
from graph_seed.values import name_from_key, slug
from graph_seed.written import Section, read
from schema import rules
from schema.domain import DOMAIN
from schema.names import EVIDENCE, ID
from schema.vocabulary import NodeType, Vocabulary


@dataclass(slots=True)
class Checked:
    """What a check found: the facts of each source, and everything that is wrong."""

    facts: list[Facts] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        """Whether all of it can be loaded."""
        return not errors(self.problems)


def check(
    paths: Iterable[Path | str], vocabulary: Vocabulary = DOMAIN, *, for_load: bool = False
) -> Checked:
    """Check facts files together: what one defines another may use.

    ``for_load`` makes words that are not cited yet an error, which they are to a load.
    """
    checked = Checked()
    sections: list[_Source] = []
    for path in paths:
        found, problems = read(Path(path))
        checked.problems += problems
        sections += [_Source(vocabulary, one, checked.problems, for_load) for one in found]
    ids = {draft.id: draft.type for one in sections for draft in one.drafts}
    for one in sections:
        facts = one.facts(ids)
        if facts is not None:
            checked.facts.append(facts)
    checked.problems.sort(key=lambda p: (p.place.file, p.place.line, p.place.column))
    return checked


class _Source:
    """The check of one source's section."""

    def __init__(
        self, vocabulary: Vocabulary, section: Section, problems: list[Problem], for_load: bool
    ) -> None:
        self._vocabulary = vocabulary
        self._section = section
        self._problems = problems
        self._for_load = for_load
        self._type = vocabulary.by_kind[rules.SOURCE]
        written = section.source.fields.get(ID)
        self._id = (written.text if written else None) or ""
        self._key = self._id.partition(":")[2]
        if not self._id.startswith("source:") or slug(self._key) != self._key:
            place = written.place if written else section.source.place
            self._say(place, "SOURCE_ID", "a source needs an id such as source:river-talks")
        self.drafts = Expander(vocabulary, self._key, problems).drafts(section.entries)
        self._uses = {one.text or "": one for one in section.uses}
        self._reader = Reader(self._say)

    def _say(self, place: Place, code: str, message: str, *, warn: bool = False) -> None:
        self._problems.append(Problem(place, code, message, "warning" if warn else "error"))

    # --- the source ---

    def facts(self, everywhere: Mapping[str, NodeType]) -> Facts | None:
        """The facts of the source; ``everywhere`` holds all ids that the files define."""
        source = self._source_record()
        own = {draft.id: draft for draft in self.drafts}
        references = References(self._vocabulary, self._say, own, self._uses, everywhere)
        citations = Citations(self._say, source)
        for name, written in self._uses.items():
            if self._vocabulary.type_of_id(name) is None:
                self._say(written.place, "UNKNOWN_KIND", f"{name!r} is no id, as country:us is")
        records = [self._record(draft, references, citations) for draft in self.drafts]
        complete(records, source)
        for record, draft in zip(records, self.drafts, strict=True):
            self._required(record, draft)
        for name, written in self._uses.items():
            if name not in references.used:
                self._say(written.place, "UNUSED", f"{name} is not used here", warn=True)
        return Facts(source, records, list(self._uses), self._section.text)

    def _source_record(self) -> Record:
        written = self._section.source
        record = Record(self._type, self._id, self._id, {}, {}, [], written.place)
        for name, value in written.fields.items():
            prop = self._type.properties.get(name)
            if name == ID:
                continue
            if prop is None or prop.attached:
                known = [p.name for p in self._type.properties.values() if not p.attached]
                place = written.keys.get(name, written.place)
                message = f"Source has no {name!r}{nearest(name, known)}"
                self._say(place, "UNKNOWN_PROPERTY", message)
                continue
            parsed = self._reader.value(prop, value)
            if parsed is not None:
                record.values[name] = parsed
        cited = {rules.SHA256, rules.LENGTH, rules.SENTENCES}
        for prop in self._type.properties.values():
            if prop.required and prop.name not in record.values and prop.name not in cited:
                self._say(written.place, "MISSING", f"source needs {prop.name}: {prop.doc}")
        if cited - set(record.values) and cited & set(record.values):
            self._say(written.place, "NOT_CITED", "run `parley cite` with the source's text")
        elif cited - set(record.values):
            message = "the source is not cited yet; run `parley cite` with its text"
            self._say(written.place, "NOT_CITED", message, warn=not self._for_load)
        record.digest = digest_of(written)
        return record

    # --- records ---

    def _record(self, draft: Draft, references: References, citations: Citations) -> Record:
        record = Record(
            draft.type, draft.id, self._id, {}, {}, [], draft.entry.written.place,
            digest=digest_of(draft.entry.written),
        )  # fmt: skip
        links = self._vocabulary.links(draft.type)
        for name, written in draft.fields.items():
            prop = draft.type.properties.get(name)
            if prop is not None:
                parsed = self._reader.value(prop, written)
                if parsed is not None:
                    record.values[name] = parsed
            else:
                found = references.of(draft, links[name], written)
                if found:
                    record.links[name] = found
        if rules.NAME in draft.type.properties:
            record.values.setdefault(rules.NAME, name_from_key(draft.key))
        record.evidence = citations.of(draft)
        citations.quote(draft, record)
        return record

    def _required(self, record: Record, draft: Draft) -> None:
        place = record.place
        kind = draft.entry.kind
        for prop in record.type.properties.values():
            if prop.required and prop.name not in record.values:
                self._say(place, "MISSING", f"{kind} {draft.key} needs {prop.name}: {prop.doc}")
        for name, link in self._vocabulary.links(record.type).items():
            if name == EVIDENCE:
                continue
            if link.required and name not in record.links and name not in draft.fields:
                self._say(place, "MISSING", f"{kind} {draft.key} needs {name}: {link.doc}")
            if link.one and len(record.links.get(name, ())) > 1:
                where = draft.fields[name].place
                self._say(where, "TOO_MANY", f"{name} has one value at most")
        if not record.evidence and not draft.finds and not draft.cites:
            message = f"{kind} {draft.key} cites nothing; say by find: which words say so"
            self._say(place, "NO_EVIDENCE", message)
        for find in draft.finds:
            message = "these words are not cited yet; run `parley cite` with the source's text"
            self._say(find.place, "NOT_CITED", message, warn=not self._for_load)
