"""From an operation to a plan: what is selected, in the vocabulary's terms.

What is wrong with an operation is collected, with the path at which it stands, so that all of it is
said at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graph_seed.values import amount_words
from schema import captions
from schema.names import EVIDENCE, ID, RECORDED_IN, START
from schema.scalars import EDTF
from schema.terms import Link, NodeType, Property
from schema.vocabulary import Vocabulary
from service.errors import BadUserInput
from service.graphql import names
from service.graphql.arguments import Arguments, word
from service.graphql.document import Asked, Document
from service.graphql.inputs import EVERY_NODE
from service.query.captions import SHOWN
from service.query.filters import OrderKey, Parameter
from service.query.plan import (
    Branch,
    ById,
    ByIds,
    Caption,
    Choice,
    ComputedValue,
    Connection,
    ConnectionField,
    Counts,
    Cursor,
    DateValue,
    EdgeDate,
    EdgeField,
    EdgeNode,
    Edges,
    EdgeValue,
    EdgeVersion,
    Field,
    HitField,
    Hits,
    Names,
    Nodes,
    One,
    PageInfo,
    Plan,
    Reads,
    RootField,
    Search,
    SearchField,
    Selection,
    TotalCount,
    TypeName,
    Value,
)
from service.query.snippets import lucene, query_words

TYPENAME = "__typename"
COMPUTE = {"words": amount_words}
"""What computes each computed field that the vocabulary declares, by its name."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in an operation that cannot be answered, and where."""

    message: str
    path: Path


@dataclass(slots=True)
class Planner:
    """Plans one operation; ``mistakes`` holds what is wrong with it."""

    vocabulary: Vocabulary
    document: Document
    arguments: Arguments
    mistakes: list[Mistake] = field(default_factory=list)

    def plan(self) -> Plan:
        """The plan of the whole operation; only meant to be run if there is no mistake."""
        fields: list[RootField] = []
        for asked in self.document.root():
            if asked.name == TYPENAME:
                fields.append(TypeName(asked.key))
            elif not asked.name.startswith("__"):
                fields.append(self._root(asked))
        return Plan(fields)

    # --- root fields ---

    def _root(self, asked: Asked) -> RootField:
        path = (asked.key,)
        given = self.document.arguments(asked)
        everything = self.vocabulary.root
        if asked.name == "node":
            return ById(asked.key, Parameter(given[ID]), self._reads(asked, (everything,), path))
        if asked.name == "nodes":
            ids = given["ids"]
            if len(ids) > self.arguments.limits.most:
                self._mistake(
                    f"ids has {len(ids)} values; give at most {self.arguments.limits.most}.", path
                )
            return ByIds(asked.key, Parameter(ids), self._reads(asked, (everything,), path))
        if asked.name == "search":
            return self._search(asked, given, path)
        for node in self.vocabulary.nodes.values():
            if asked.name == node.field and node is not everything:
                return ById(asked.key, Parameter(given[ID]), self._reads(asked, (node,), path))
            if asked.name == node.plural and node is not everything:
                return self._connection(asked, given, path, node=node)
        raise KeyError(asked.name)

    def _mistake(self, message: str, path: Path) -> None:
        self.mistakes.append(Mistake(message, path))

    # --- nodes ---

    def _reads(self, asked: Asked, types: tuple[NodeType, ...], path: Path) -> Reads:
        concrete = self.vocabulary.concrete_of(*types)
        if len(concrete) == 1 and types[0] is concrete[0]:
            return Selection(concrete[0], self._fields(asked, concrete[0], path))
        # Types share a branch only where the same words of the document ask the same of them: that
        # two values happen to be equal must not change the text of the query.
        branches: dict[tuple[object, ...], list[Branch]] = {}
        for node in concrete:
            fields = self._fields(asked, node, path)
            found = self.document.fields(asked, node.label)
            words = tuple((one.key, *map(id, one.nodes)) for one in found)
            branches.setdefault(words, []).append(Branch((node,), fields))
        return Choice(tuple(one for group in branches.values() for one in joined(group)))

    def _fields(self, asked: Asked, node: NodeType, path: Path) -> tuple[Field, ...]:
        fields = self.document.fields(asked, node.label)
        return tuple(self._field(one, node, (*path, one.key)) for one in fields)

    def _field(self, asked: Asked, node: NodeType, path: Path) -> Field:
        key, name = asked.key, asked.name
        if name == TYPENAME:
            return TypeName(key)
        if name == "caption":
            return self.caption(key, node)
        prop = property_of(node, name)
        if prop is not None:
            if prop.scalar is EDTF:
                return DateValue(key, prop, self._plain_fields(asked, "EdtfDate"))
            return Value(key, prop)
        link = self.vocabulary.links(node).get(name)
        if link is None:
            return self._computed(key, node, name)
        if link.one:
            return One(key, link, self._reads(asked, link.targets, path), required=link.required)
        return self._connection(asked, self.document.arguments(asked), path, link=link)

    def _plain_fields(self, asked: Asked, type_name: str) -> tuple[tuple[str, Any], ...]:
        return tuple((one.key, one.name) for one in self.document.fields(asked, type_name))

    def _computed(self, key: str, node: NodeType, name: str) -> ComputedValue:
        computed = next(one for one in node.computed if one.name == name)
        needs = tuple(node.properties[need] for need in computed.needs)
        return ComputedValue(key, needs, COMPUTE[name])

    # --- captions ---

    def caption(self, key: str, node: NodeType) -> Caption:
        """The caption of a node, with all that its template needs to read."""
        template = captions.parse(node.caption or "")
        tree: dict[str, Any] = {name: {} for name in captions.conditions(node.caption or "")}
        for place in captions.places(node.caption or ""):
            at = tree
            for name in place.path:
                at = at.setdefault(name, {})
        return Caption(key, template, self._caption_fields(tree, node))

    def _caption_fields(self, tree: Mapping[str, Any], node: NodeType) -> tuple[Field, ...]:
        fields: list[Field] = []
        for name, below in tree.items():
            prop = property_of(node, name)
            link = self.vocabulary.links(node).get(name)
            if prop is not None and prop.scalar is EDTF and below:
                fields.append(DateValue(name, prop, tuple((one, one) for one in below)))
            elif prop is not None:
                fields.append(Value(name, prop, raw=True))
            elif name == "caption":
                fields.append(self.caption(name, node))
            elif link is not None:
                branches = joined(
                    Branch((target,), self._caption_fields(below, target))
                    for target in self.vocabulary.concrete_of(*link.targets)
                )
                reads: Reads = Choice(tuple(branches))
                if link.targets == branches[0].types:
                    reads = Selection(link.targets[0], branches[0].fields)
                fields.append(
                    One(name, link, reads) if link.one else Names(name, link, reads, SHOWN + 1)
                )
            else:
                fields.append(self._computed(name, node, name))
        return tuple(fields)

    # --- lists ---

    def _connection(
        self,
        asked: Asked,
        given: Mapping[str, Any],
        path: Path,
        *,
        link: Link | None = None,
        node: NodeType | None = None,
    ) -> Connection:
        type_name = self.document.value_type(asked)
        targets = link.targets if link else (node,) if node else ()
        order: tuple[OrderKey, ...] = ()
        page = self.arguments.page({}, (), None)
        condition = self.arguments.where(None, link, node)
        try:
            condition = self.arguments.where(given.get("where"), link, node)
            order = self.arguments.order(given.get("orderBy"), names.common_ancestor(targets))
            page = self.arguments.page(given, order, link.page if link else None)
        except (BadUserInput, ValueError) as error:
            self._mistake(str(error), path)
        fields = tuple(
            self._connection_field(one, targets, link, (*path, one.key))
            for one in self.document.fields(asked, type_name)
        )
        return Connection(asked.key, type_name, fields, condition, order, page, link, node)

    def _connection_field(
        self, asked: Asked, targets: tuple[NodeType, ...], link: Link | None, path: Path
    ) -> ConnectionField:
        match asked.name:
            case "nodes":
                return Nodes(asked.key, self._reads(asked, targets, path))
            case "totalCount":
                return TotalCount(asked.key)
            case "pageInfo":
                return PageInfo(asked.key, self._plain_fields(asked, "PageInfo"))
            case "edges":
                type_name = self.document.value_type(asked)
                edges = tuple(
                    self._edge_field(one, targets, link, (*path, one.key))
                    for one in self.document.fields(asked, type_name)
                )
                return Edges(asked.key, type_name, edges)
            case _:
                return TypeName(asked.key)

    def _edge_field(
        self, asked: Asked, targets: tuple[NodeType, ...], link: Link | None, path: Path
    ) -> EdgeField:
        match asked.name:
            case "node":
                return EdgeNode(asked.key, self._reads(asked, targets, path))
            case "cursor":
                return Cursor(asked.key)
            case "__typename":
                return TypeName(asked.key)
            case _ if link is not None and asked.name in link.properties:
                prop = link.properties[asked.name]
                if prop.scalar is EDTF:
                    return EdgeDate(asked.key, prop, self._plain_fields(asked, "EdtfDate"))
                return EdgeValue(asked.key, prop)
            case _:
                return EdgeVersion(asked.key)

    # --- search ---

    def _search(self, asked: Asked, given: Mapping[str, Any], path: Path) -> Search:
        words = query_words(given["text"])
        chosen = {word(one) for one in given.get("types") or ()}
        types = tuple(
            node
            for node in self.vocabulary.concrete
            if (not chosen or node.label in chosen)
            and any(prop.searched for prop in node.properties.values())
        )
        first = given.get("first")
        limits = self.arguments.limits
        if first is None:
            first = limits.default
        if not 0 <= first <= limits.most:
            self._mistake(f"first is {first}; give a number from 0 to {limits.most}.", path)
        fields: list[SearchField] = []
        for one in self.document.fields(asked, "SearchResult"):
            if one.name == "hits":
                hits = self.document.fields(one, "SearchHit")
                fields.append(
                    Hits(one.key, tuple(self._hit(h, types, (*path, one.key, h.key)) for h in hits))
                )
            elif one.name == "counts":
                pairs = self._plain_fields(one, "SearchCount")
                fields.append(Counts(one.key, tuple(HitField(*pair) for pair in pairs)))
            else:
                fields.append(TypeName(one.key))
        return Search(
            asked.key, words, Parameter(lucene(words)), types, Parameter(first), tuple(fields)
        )

    def _hit(
        self, asked: Asked, types: tuple[NodeType, ...], path: Path
    ) -> HitField | EdgeNode | One:
        if asked.name == "node":
            return EdgeNode(asked.key, self._reads(asked, types, path))
        if asked.name == "passage":
            links = [self.vocabulary.links(t).get(EVIDENCE) for t in self.vocabulary.concrete]
            link = next(one for one in links if one is not None)
            order = (OrderKey((), link.targets[0].properties[START], descending=False),)
            return One(asked.key, link, self._reads(asked, link.targets, path), first_by=order)
        return HitField(asked.key, asked.name)


def joined(branches: Iterable[Branch]) -> list[Branch]:
    """The branches with those that read the same made one."""
    made: list[Branch] = []
    for branch in branches:
        for index, other in enumerate(made):
            if other.fields == branch.fields:
                made[index] = Branch((*other.types, *branch.types), other.fields)
                break
        else:
            made.append(branch)
    return made


def property_of(node: NodeType, name: str) -> Property | None:
    """A property of a type by its name, those that every node has included."""
    if name in {ID, RECORDED_IN}:
        return next(prop for prop in EVERY_NODE if prop.name == name)
    return node.properties.get(name)
