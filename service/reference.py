"""The reference of the vocabulary, as a page for GraphQL, Cypher and facts files."""

from collections.abc import Iterable

from schema.model import Link, NodeType, Property
from schema.names import screaming
from schema.scalars import SCALARS
from schema.vocabulary import Vocabulary

HEAD = """\
# Reference

Made from `schema/` by `make generate`; do not edit.

[Nodes](#nodes) · [Relationships](#relationships) · [Enumerations](#enumerations) ·
[Scalars](#scalars)

Types, properties and links have the same names in GraphQL and in facts files. Cypher has types as
labels, the same properties, and a type of relationship for each link. Words of an enumeration are
lower-case in Cypher and in facts files (`under-way`), and capitals in GraphQL (`UNDER_WAY`).

A node has the properties and links of all its types: a person is a `Person`, an `Actor`, an
`Entity` and a `Node`. Every node has an `id`. A `!` marks a property that is always present,
brackets mark a list.

In Cypher, other properties stand beside some of these, such as `saidOnEarliest`: see
[the model in the store](researcher/model.md#properties). Names that begin with `Past` or `WAS_` are
[names of the past](researcher/beware.md#names-of-the-past).

![Labels as boxes, types of relationships as arrows.](pictures/store.svg)
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
    begins = f" Ids begin with `{node.kind}:`." if node.kind else ""
    yield (
        f"Labels: `{':'.join(node.labels)}`.{begins} "
        f"GraphQL: `{node.field}(id:)` and `{node.plural}`.\n"
    )
    if node.own:
        yield "| property | type | |\n|---|---|---|"
        yield from (f"| `{prop.name}` | {_kind(prop)} | {prop.doc} |" for prop in node.own)
        yield ""
    links = vocabulary.own_links[node.label].values()
    if links:
        yield "| link | leads to | in Cypher | |\n|---|---|---|---|"
        yield from (_link(link) for link in links)
        yield ""


def _link(link: Link) -> str:
    return f"| `{link.name}` | {_targets(link)} | {_pattern(link)} | {link.doc} |"


def _pattern(link: Link) -> str:
    """Return how Cypher follows a link."""
    if link.relationship is None:
        return "through " + ", ".join(f"`{step.name}`" for step in link.steps)
    between = f"-[:{link.relationship.type}]-"
    arrow = between if link.symmetric else f"{between}>" if link.outgoing else f"<{between}"
    return f"`{arrow}`"


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
