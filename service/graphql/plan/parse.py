"""Parse and validate a document within limits (GraphQL, sections 2 and 5)."""

from graphql import DocumentNode, GraphQLSchema, GraphQLSyntaxError, parse, validate

from service.graphql.outcome import PARSE_FAILED, OperationRejected, with_code
from service.graphql.plan.limits import Limits, check_document, too_many
from service.graphql.wording import improve_message

VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
MOST_ERRORS = 20
"""The most errors of validation that are reported: some take milliseconds to word."""


def parse_document(schema: GraphQLSchema, text: str, limits: Limits) -> DocumentNode:
    """Return a valid document; raises OperationRejected with all errors, each with a code."""
    if len(text) > limits.document_length:
        found = too_many("characters", len(text), limits.document_length)
        raise OperationRejected([found])
    try:
        document = parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
    except GraphQLSyntaxError as error:
        if "Parsing aborted" in error.message:
            found = too_many("tokens or comments", f"more than {limits.tokens}", limits.tokens)
            raise OperationRejected([found]) from error
        raise OperationRejected([with_code(error, PARSE_FAILED)]) from error
    exceeded = check_document(document, limits)
    if exceeded:
        raise OperationRejected(exceeded[:MOST_ERRORS])
    invalid = validate(schema, document, max_errors=MOST_ERRORS)
    if invalid:
        raise OperationRejected(
            [with_code(improve_message(schema, one), VALIDATION_FAILED) for one in invalid]
        )
    return document
