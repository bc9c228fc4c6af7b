"""Cache operations and their compiled plans for the next request of the same document.

A plan depends on the document, on the shape of the variables and, rarely, on their values (its
guards). The caches are bounded by the bytes that they retain.
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
from service.errors import BadUserInput
from service.graphql.outcome import CODE, OperationRejected, with_code
from service.graphql.plan.arguments import Arguments
from service.graphql.plan.context import PlanError
from service.graphql.plan.document import CollectedField, Document, extract_shape
from service.graphql.plan.introspection import INTROSPECTION, IntrospectionLimit
from service.graphql.plan.limits import Limits
from service.graphql.plan.paging import PageLimits, PlanGuards
from service.graphql.plan.planner import Planner
from service.graphql.plan.temporal import add_as_of
from service.graphql.wording import improve_message
from service.observe.shape import describe_shape
from service.query.cost import Cost, make_cost
from service.query.operation import DecodeAnswer, Query, compile_queries, make_decoder
from service.query.parameters import Parameter, Variables
from service.weighted_lru import WeightedLRU

Key = tuple[str, str | None, tuple[str, ...] | None]
"""A document's text, the name of an operation in it, and the times that are added to it."""
MAX_CACHED_LENGTH = 65_536
"""The most characters of a cached document: a few longer ones would fill the caches."""
MAX_PLANS = 8
"""The most cached plans of one shape of variables, which have different guards."""
ENTRY_BYTES, TOKEN_BYTES = 2500, 400
"""The bytes of a cached entry, and of each token of its document (measured)."""
PLAN_TOKEN_BYTES, PLAN_TEXT_BYTES = 180, 30
"""The bytes of a plan for each token of its document and each byte of its Cypher (measured)."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document; without a ``key`` it is not cached."""

    schema: GraphQLSchema
    definition: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    key: Key | None = None
    tokens: int = 0

    @property
    def name(self) -> str | None:
        """Return its name, if it has one."""
        return self.definition.name.value if self.definition.name else None

    def describe_shape(self) -> str:
        """Return its fields with the names of their arguments, without values."""
        return describe_shape(self.definition, self.fragments.values())

    @property
    def weight(self) -> int:
        """Return about the bytes that it retains; its tokens hold the text once more."""
        text = self.key[0] if self.key else ""
        return ENTRY_BYTES + 2 * sys.getsizeof(text) + TOKEN_BYTES * self.tokens


@dataclass(frozen=True, slots=True)
class CompiledOperation:
    """An operation compiled to queries and to the decoder of their rows."""

    queries: Sequence[Query]
    guards: PlanGuards
    introspection: Sequence[CollectedField]
    """The root fields of the introspection schema, which the plan leaves out."""
    keys: Sequence[str]
    """The response keys of all root fields, in their order."""
    decode: DecodeAnswer
    cost: Cost
    times: Mapping[str, Parameter[object]]
    """The times that it is answered as of, by the names of their arguments."""

    def bind(self, variables: Variables) -> list[Query] | None:
        """Return the queries with a request's values, or None if these need another plan.

        Raises BadUserInput for values that cannot be answered.
        """
        if not self.guards.accept(variables):
            return None
        return [query.bind(variables) for query in self.queries]


@dataclass(frozen=True, slots=True)
class CoercedOperation:
    """An operation with the coerced variables of one request.

    ``symbols`` are the variables with references in place of scalars, ``shape`` is what is left of
    them then; a plan is made of the symbols and serves every request of the same shape.
    """

    operation: Operation
    variables: Variables
    shape: Hashable
    symbols: VariableValues

    @property
    def key(self) -> tuple[Key, Hashable] | None:
        """Return the key of its plans; None if they are not cached."""
        return (self.operation.key, self.shape) if self.operation.key is not None else None


@dataclass(frozen=True, slots=True)
class BoundOperation:
    """A compiled operation with the values of one request."""

    compiled: CompiledOperation
    queries: Sequence[Query]
    variables: Variables

    def resolve_times(self) -> dict[str, object]:
        """Return the times that it is answered as of, by the names of their arguments."""
        return {name: one.resolve(self.variables) for name, one in self.compiled.times.items()}


def find_operation(
    schema: GraphQLSchema,
    document: DocumentNode,
    name: str | None,
    text: str | None,
    added_times: tuple[str, ...] | None = None,
) -> Operation:
    """Return the operation that a request names; raises BadUserInput unless it is the only one.

    With ``added_times``, it has ``@asOf`` with these arguments.
    """
    operations = [n for n in document.definitions if isinstance(n, OperationDefinitionNode)]
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    if name is not None:
        operations = [n for n in operations if n.name and n.name.value == name]
    if len(operations) != 1:
        raise BadUserInput("Set operationName to the name of one operation of the document.")
    key = (text, name, added_times) if text and len(text) <= MAX_CACHED_LENGTH else None
    definition = operations[0]
    if added_times is not None:
        definition = add_as_of(schema, definition, added_times)
    return Operation(schema, definition, fragments, key, document.token_count)


@dataclass(frozen=True, slots=True)
class PlanCache:
    """A compiler of operations with bounded caches of operations and plans."""

    vocabulary: Vocabulary
    pages: PageLimits = field(default_factory=PageLimits)
    limits: Limits = field(default_factory=Limits)
    budget: int = 100
    operations: WeightedLRU[Key, Operation] = field(default_factory=lambda: WeightedLRU(16_000_000))
    plans: WeightedLRU[tuple[Key, Hashable], list[CompiledOperation]] = field(
        default_factory=lambda: WeightedLRU(32_000_000)
    )
    _introspection_limits: dict[GraphQLSchema, IntrospectionLimit] = field(default_factory=dict)

    def prepare(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        name: str | None,
        text: str | None,
        added_times: tuple[str, ...] | None = None,
    ) -> Operation:
        """Return the operation that a request names, and cache it for ``find``.

        Raises BadUserInput if the document has no such operation.
        """
        found = find_operation(schema, document, name, text, added_times)
        if found.key is not None:
            self.operations.put(found.key, found, found.weight)
        return found

    def find(
        self, text: str, name: str | None, added_times: tuple[str, ...] | None = None
    ) -> Operation | None:
        """Return the cached operation of a document's text, or None."""
        return self.operations.get((text, name, added_times))

    def bind(self, operation: Operation, given: Mapping[str, object]) -> BoundOperation:
        """Return an operation bound to a request's variables, compiled if there is no cached plan.

        Raises OperationRejected with all errors, and QueryTooComplex.
        """
        request = self.coerce(operation, given)
        bound = self.bind_cached(request)
        return bound if bound is not None else self.bind_compiled(request)

    def coerce(self, operation: Operation, given: Mapping[str, object]) -> CoercedOperation:
        """Return an operation with coerced variables; raises OperationRejected with all errors."""
        declared = operation.definition.variable_definitions or ()
        variables = get_variable_values(operation.schema, declared, dict(given))
        if isinstance(variables, list):
            schema = operation.schema
            errors = [
                with_code(improve_message(schema, one), BadUserInput.code) for one in variables
            ]
            raise OperationRejected(errors)
        return CoercedOperation(operation, variables.coerced, *extract_shape(variables))

    def bind_cached(self, request: CoercedOperation) -> BoundOperation | None:
        """Return an operation bound by a cached plan; None if there is none for its values."""
        for compiled in self._kept(request):
            try:
                queries = compiled.bind(request.variables)
            except BadUserInput:
                break  # a new plan reports the errors with their paths
            if queries is not None:
                return BoundOperation(compiled, queries, request.variables)
        return None

    def bind_compiled(self, request: CoercedOperation) -> BoundOperation:
        """Compile an operation, cache its plan, and return it bound.

        Raises OperationRejected with all errors, and QueryTooComplex.
        """
        compiled = self._compile(request.operation, request.symbols)
        if request.key is not None:
            kept = [compiled, *self._kept(request)][:MAX_PLANS]
            self.plans.put(request.key, kept, _weight(request.operation, request.shape, kept))
        queries = [query.bind(request.variables) for query in compiled.queries]
        return BoundOperation(compiled, queries, request.variables)

    def _kept(self, request: CoercedOperation) -> Sequence[CompiledOperation]:
        return (self.plans.get(request.key) if request.key is not None else None) or ()

    def _compile(self, operation: Operation, variables: VariableValues) -> CompiledOperation:
        document = Document(operation.schema, operation.definition, operation.fragments, variables)
        arguments = Arguments(self.vocabulary, self.pages)
        planner = Planner(self.vocabulary, document, arguments, self.limits)
        try:
            plan = planner.plan()
        except GraphQLError as error:
            rejected = with_code(improve_message(operation.schema, error), BadUserInput.code)
            raise OperationRejected([rejected]) from error
        if planner.errors:
            raise OperationRejected([_graphql_error(one) for one in planner.errors])
        root = document.root()
        introspection = [one for one in root if one.name in INTROSPECTION]
        if introspection:
            self.introspection_limit(operation.schema).check(document, introspection)
        queries = compile_queries(plan, self.vocabulary, self.budget, self.limits.subqueries)
        keys = [one.key for one in root]
        query_type = operation.schema.query_type
        decode = make_decoder(plan, self.vocabulary, query_type.name if query_type else "")
        cost = make_cost(plan, self.pages.most)
        times = plan.as_of.given if plan.as_of is not None else {}
        return CompiledOperation(
            queries, arguments.guards, introspection, keys, decode, cost, times
        )

    def introspection_limit(self, schema: GraphQLSchema) -> IntrospectionLimit:
        """Return the limit of introspection of a schema, computed once."""
        if schema not in self._introspection_limits:
            self._introspection_limits[schema] = IntrospectionLimit(schema)
        return self._introspection_limits[schema]


def _weight(operation: Operation, shape: Hashable, plans: Sequence[CompiledOperation]) -> int:
    """Return about the bytes that the plans of an operation retain, with their key.

    The document counts again, because plans may outlive the operation in the other cache.
    """
    queries = [query for one in plans for query in one.queries]
    texts = sum(sys.getsizeof(query.text) for query in queries)
    constants = sum(
        _retained_bytes(one.constant)
        for query in queries
        for one in query.parameters.values()
        if isinstance(one, Parameter)
    )
    made = len(plans) * (ENTRY_BYTES + PLAN_TOKEN_BYTES * operation.tokens)
    retained = _retained_bytes(shape) + constants
    return operation.weight + retained + made + PLAN_TEXT_BYTES * texts


def _retained_bytes(value: object) -> int:
    """Return the bytes of nested tuples and lists and their elements."""
    inner = sum(map(_retained_bytes, value)) if isinstance(value, tuple | list) else 0
    return sys.getsizeof(value) + inner


def _graphql_error(one: PlanError) -> GraphQLError:
    return GraphQLError(one.message, path=list(one.path), extensions={CODE: one.code})
