"""What an operation costs before the database is asked, once: its definition found, its plan made.

A plan and its Cypher depend on the document, on the shape of the variables and, rarely, on more of
them (``guards``). Both are kept for the next request of the same document, within bounds.
"""

import sys
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableValues,
    get_variable_values,
)

from schema.vocabulary import Vocabulary
from service.bounded import Bounded
from service.errors import BadUserInput
from service.graphql.outcome import CODE, coded
from service.graphql.plan.arguments import Arguments
from service.graphql.plan.context import Mistake
from service.graphql.plan.document import Asked, Document
from service.graphql.plan.limits import Limits
from service.graphql.plan.paging import PageLimits, PlanGuards
from service.graphql.plan.planner import Planner
from service.graphql.plan.variables import shaped
from service.graphql.wording import complete
from service.query.operation import DecodeAnswer, Query, compile_queries, make_decoder
from service.query.parameters import Variables

Key = tuple[str, str | None]
"""A document's text and the name of the operation in it that is meant."""
ABOUT_SCHEMA = {"__schema", "__type"}
LONGEST_KEPT = 65_536
"""Characters of a longer document that is not kept: few of them would fill the caches, and nobody
asks by hand what is so long."""
PINNED = 8
"""Plans of one shape of variables that are kept."""
ENTRY_BYTES, TOKEN_BYTES = 2500, 400
"""What one kept entry holds at least, and of a document for each of its tokens (measured)."""
PLAN_TOKEN_BYTES, PLAN_TEXT_BYTES = 180, 30
"""What a plan holds for each token of its document and each character of its Cypher (measured)."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document; without a ``key`` nothing of it is kept."""

    schema: GraphQLSchema
    definition: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    key: Key | None = None
    tokens: int = 0

    @property
    def weight(self) -> int:
        """About the bytes that it holds: a document's text is in its tokens once more."""
        text = self.key[0] if self.key else ""
        return ENTRY_BYTES + 2 * sys.getsizeof(text) + TOKEN_BYTES * self.tokens


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan with its queries, ready for the values of a request."""

    queries: Sequence[Query]
    guards: PlanGuards
    about_schema: Sequence[Asked]
    """The root fields that ask of the schema itself, which the plan leaves out."""
    keys: Sequence[str]
    """The keys of all root fields, in the order of the answer."""
    decode: DecodeAnswer

    def bound(self, variables: Variables) -> list[Query] | None:
        """The queries with a request's values; None where these need another plan.

        Raises BadUserInput for values that cannot be answered.
        """
        if not self.guards.accept(variables):
            return None
        return [query.bound(variables) for query in self.queries]


@dataclass(frozen=True, slots=True)
class Ready:
    """What a request comes to: its plan, its queries, its variables."""

    prepared: Prepared
    queries: Sequence[Query]
    variables: Variables


class Refused(Exception):
    """An operation that cannot be answered, with an error for each of its mistakes."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(str(errors))
        self.errors = errors


def definitions(
    schema: GraphQLSchema, document: DocumentNode, name: str | None, text: str | None
) -> Operation:
    """The operation of a document that is meant; raises BadUserInput if that is not said."""
    operations = [n for n in document.definitions if isinstance(n, OperationDefinitionNode)]
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    if name is not None:
        operations = [n for n in operations if n.name and n.name.value == name]
    if len(operations) != 1:
        raise BadUserInput("Say by operationName which operation of the document is meant.")
    key = (text, name) if text is not None and len(text) <= LONGEST_KEPT else None
    return Operation(schema, operations[0], fragments, key, document.token_count)


@dataclass(frozen=True, slots=True)
class Preparer:
    """Prepares operations, and keeps what it prepared."""

    vocabulary: Vocabulary
    pages: PageLimits = field(default_factory=PageLimits)
    limits: Limits = field(default_factory=Limits)
    budget: int = 100
    operations: Bounded[Key, Operation] = field(default_factory=lambda: Bounded(16_000_000))
    plans: Bounded[tuple[Key, Hashable], list[Prepared]] = field(
        default_factory=lambda: Bounded(32_000_000)
    )

    def operation(
        self, schema: GraphQLSchema, document: DocumentNode, name: str | None, text: str | None
    ) -> Operation:
        """The operation that is meant, kept for ``kept``; raises BadUserInput if none is."""
        found = definitions(schema, document, name, text)
        if found.key is not None:
            self.operations.put(found.key, found, found.weight)
        return found

    def kept(self, text: str, name: str | None) -> Operation | None:
        """The operation of a text that was seen before and was valid."""
        return self.operations.get((text, name))

    def ready(self, operation: Operation, given: Mapping[str, object]) -> Ready:
        """An operation with a request's variables.

        Raises Refused with all that is wrong, and QueryTooComplex.
        """
        declared = operation.definition.variable_definitions or ()
        variables = get_variable_values(operation.schema, declared, dict(given))
        if isinstance(variables, list):
            schema = operation.schema
            raise Refused([coded(complete(schema, e), BadUserInput.code) for e in variables])
        shape, symbols = shaped(variables)
        key = (operation.key, shape) if operation.key is not None else None
        plans = self.plans.get(key) if key is not None else None
        for prepared in plans or ():
            try:
                queries = prepared.bound(variables.coerced)
            except BadUserInput:
                break  # planned anew, its mistakes are told by their paths
            if queries is not None:
                return Ready(prepared, queries, variables.coerced)
        prepared = self._prepared(operation, symbols)
        if key is not None:
            kept = [prepared, *(plans or ())][:PINNED]
            self.plans.put(key, kept, _weight(operation, shape, kept))
        queries = [query.bound(variables.coerced) for query in prepared.queries]
        return Ready(prepared, queries, variables.coerced)

    def _prepared(self, operation: Operation, variables: VariableValues) -> Prepared:
        asked = Document(operation.schema, operation.definition, operation.fragments, variables)
        arguments = Arguments(self.vocabulary, self.pages)
        planner = Planner(self.vocabulary, asked, arguments, self.limits)
        try:
            plan = planner.plan()
        except GraphQLError as error:
            refused = coded(complete(operation.schema, error), BadUserInput.code)
            raise Refused([refused]) from error
        if planner.mistakes:
            raise Refused([_error(one) for one in planner.mistakes])
        queries = compile_queries(plan, self.vocabulary, self.budget, self.limits.subqueries)
        root = asked.root()
        about_schema = [one for one in root if one.name in ABOUT_SCHEMA]
        keys = [one.key for one in root]
        query_type = operation.schema.query_type
        decode = make_decoder(plan, self.vocabulary, query_type.name if query_type else "")
        return Prepared(queries, arguments.guards, about_schema, keys, decode)


def _weight(operation: Operation, shape: Hashable, plans: Sequence[Prepared]) -> int:
    """Return about the bytes that plans of an operation hold, with their key.

    The document counts once more: they may outlive what is kept of the operation.
    """
    texts = sum(sys.getsizeof(query.text) for one in plans for query in one.queries)
    made = len(plans) * (ENTRY_BYTES + PLAN_TOKEN_BYTES * operation.tokens)
    return operation.weight + _tuple_bytes(shape) + made + PLAN_TEXT_BYTES * texts


def _tuple_bytes(shape: object) -> int:
    """Return the bytes of nested tuples and what they hold."""
    inner = sum(map(_tuple_bytes, shape)) if isinstance(shape, tuple) else 0
    return sys.getsizeof(shape) + inner


def _error(one: Mistake) -> GraphQLError:
    return GraphQLError(one.message, path=list(one.path), extensions={CODE: one.code})
