"""Write the reference page of the vocabulary."""

from collections.abc import Iterable

from schema.model import Link, NodeType, Property
from schema.names import screaming
from schema.scalars import SCALARS
from schema.vocabulary import Vocabulary

HEAD = """\
# The vocabulary

Made from `schema/` by `make generate`; do not edit. Every name is the same in GraphQL, in Cypher
and in a facts file, but for enumerations, which GraphQL writes in capitals (`UNDER_WAY` for
`under-way`).

In Cypher a node has the labels given, most special first, and every node is a `Node` with an `id`.
Beside a date `d` stand `dEarliest` and `dLatest`, beside a decimal `dNumber`, beside a text
`dFolded` (lower case, without accents), and beside an entity's name `nameAllFolded` (so are all its
names, each between line feeds). What is over has `Past` before its labels and `WAS_` before its
types, and keeps its properties.
"""


def reference(vocabulary: Vocabulary) -> str:
    """Return the page in Markdown."""
    parts = [HEAD, "## Nodes\n"]
    parts += [
        "\n".join(_node(vocabulary, node))
        for node in vocabulary.nodes.values()
        if node is not vocabulary.root
    ]
    parts.append("## Relationships\n\n" + "\n".join(_relationships(vocabulary)))
    parts.append("## Enumerations\n\n" + "\n".join(_enumerations(vocabulary)))
    parts.append("## Scalars\n\n" + "\n".join(_scalars()))
    return "\n".join(parts)


def _kind(prop: Property) -> str:
    name = prop.enumeration.__name__ if prop.enumeration else prop.scalar.name
    return (f"[{name}]" if prop.many else name) + ("!" if prop.required else "")


def _node(vocabulary: Vocabulary, node: NodeType) -> Iterable[str]:
    yield f"### {node.label}\n\n{node.doc}\n"
    facts = [f"labels `{':'.join(node.labels)}`"]
    if node.kind:
        facts.append(f"ids begin with `{node.kind}:`")
    facts.append(f"GraphQL `{node.field}(id:)` and `{node.plural}`")
    yield ", ".join(facts) + ".\n"
    if node.own:
        yield "| property | type | |\n|---|---|---|"
        yield from (f"| `{prop.name}` | {_kind(prop)} | {prop.doc} |" for prop in node.own)
        yield ""
    links = vocabulary.own_links[node.label].values()
    if links:
        yield "| link | leads to | |\n|---|---|---|"
        yield from (f"| `{link.name}` | {_targets(link)} | {link.doc} |" for link in links)
        yield ""


def _targets(link: Link) -> str:
    many = "" if link.one else ", a connection"
    return " or ".join(dict.fromkeys(t.label for t in link.targets)) + many


def _relationships(vocabulary: Vocabulary) -> Iterable[str]:
    yield "| type | from → to (how many) | read as | back |\n|---|---|---|---|"
    for one in vocabulary.relationships.values():
        for ends in one.ends:
            names = "hidden | hidden" if one.hidden else f"`{ends.forward}` | `{ends.back}`"
            yield (
                f"| `{one.type}` | {ends.start.label} → {ends.end.label} ({ends.cardinality}) "
                f"| {names} |"
            )
    yield ""


def _enumerations(vocabulary: Vocabulary) -> Iterable[str]:
    for one in vocabulary.enumerations:
        yield f"**{one.__name__}.** {one.__doc__}\n"
        yield from (f"- `{word.value}` ({screaming(word.value)}): {word.doc}" for word in one)
        yield ""


def _scalars() -> Iterable[str]:
    for one in SCALARS:
        where = f" [Specification]({one.specified_by})." if one.specified_by else ""
        yield f"- **{one.name}**: {one.doc}{where}"
    yield ""
