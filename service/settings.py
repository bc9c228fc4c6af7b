"""All settings, with their defaults and descriptions, read from ``PARLEY_…`` in the environment.

``docs/operator/settings.md`` is made of this class.
"""

import re
from functools import cached_property
from pathlib import Path

from limits import parse as parse_rate_limit
from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

CLIENT_HEADERS = (
    "authorization", "content-type", "if-none-match", "x-request-id", "x-requested-with",
    # GraphQL clients: Apollo, Relay, urql and others
    "apollo-require-preflight", "apollographql-client-name", "apollographql-client-version",
    "graphql-client-name", "graphql-client-version", "graphql-require-preflight",
    "x-apollo-operation-id", "x-apollo-operation-name", "x-graphql-client-name",
    "x-graphql-client-version",
    # tracing: W3C, Sentry, Zipkin, Datadog
    "baggage", "traceparent", "tracestate", "sentry-trace", "b3", "x-b3-flags",
    "x-b3-parentspanid", "x-b3-sampled", "x-b3-spanid", "x-b3-traceid", "x-datadog-origin",
    "x-datadog-parent-id", "x-datadog-sampling-priority", "x-datadog-tags", "x-datadog-trace-id",
    # Parley
    "parley-system-time", "parley-valid-time", "parley-version",
)  # fmt: skip
"""Headers that clients of GraphQL and of tracing send from a page."""

MANAGED_ANSWER_BYTES = 40_000_000


class Settings(BaseSettings):
    """The settings: environment variables named ``PARLEY_`` and the field in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="PARLEY_", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    host: str = Field("127.0.0.1", description="Address that the service listens on.")
    open: bool = Field(
        False,
        description="Whether the service may listen on an address that other machines reach: it "
        "answers whoever asks.",
    )
    port: int = Field(
        8000, ge=0, le=65535, description="Port that the service listens on; 0 picks a free one."
    )

    allowed_hosts: tuple[str, ...] = Field(
        ("127.0.0.1", "localhost", "[::1]"),
        description='Host names that requests may have, as a JSON list; `["*"]` allows any.',
    )
    cors_origins: str = Field(
        r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?",
        description="Origins whose pages may send requests, as one regular expression (CORS).",
    )
    rate_limit: str = Field(
        "1200/minute",
        description="The most requests of one client to one process, as `100/minute` or "
        "`5/second`; `off` for no limit. Clients on this machine have none.",
    )
    cors_headers: tuple[str, ...] = Field(
        CLIENT_HEADERS,
        description="Headers that pages of other origins may send, as a JSON list; those of common "
        'GraphQL clients and of tracing are the default, `["*"]` allows any.',
    )
    header_limit: int = Field(
        32_768, ge=1024, description="The most bytes of a request's line and headers."
    )
    receive_deadline: float = Field(
        10.0,
        gt=0,
        description="Seconds until a request's headers have arrived, and again until its body has; "
        "also the most without the client reading on.",
    )
    connection_limit: int = Field(
        1000,
        ge=1,
        description="The most connections of one process; one more closes the oldest one that "
        "waits for a request.",
    )
    body_limit: int = Field(1_000_000, ge=1, description="The most bytes of a request's body.")
    page_default: int = Field(
        20, ge=1, description="Nodes of a page if a request does not say how many."
    )
    page_most: int = Field(100, ge=1, description="The most nodes of a page.")
    document_limit: int = Field(150_000, ge=1, description="The most characters of a document.")
    token_limit: int = Field(10_000, ge=1, description="The most tokens of a document.")
    operation_limit: int = Field(100, ge=1, description="The most operations of a document.")
    alias_limit: int = Field(1000, ge=0, description="The most aliases of a document.")
    argument_limit: int = Field(2000, ge=0, description="The most arguments of a document.")
    directive_limit: int = Field(500, ge=0, description="The most directives of a document.")
    list_limit: int = Field(
        1000, ge=1, description="The most items of one list, in a document or in variables."
    )
    text_limit: int = Field(
        10_000, ge=1, description="The most characters of one text, in a document or in variables."
    )
    character_limit: int = Field(
        50_000,
        ge=1,
        description="The most characters of all texts of a document, and of all in the variables.",
    )
    value_limit: int = Field(10_000, ge=1, description="The most values in the variables.")
    repeat_limit: int = Field(
        5000,
        ge=0,
        description="The most pairs of fields with the same response key, which are merged.",
    )
    cost_limit: int = Field(
        50_000, ge=1, description="The most nodes that the answer of an operation could have."
    )
    answer_limit: int = Field(20_000_000, ge=1000, description="The most bytes of an answer.")
    depth_limit: int = Field(20, ge=1, description="The greatest depth of an operation.")
    root_field_limit: int = Field(50, ge=1, description="The most root fields of an operation.")
    field_limit: int = Field(5000, ge=1, description="The most fields of an operation.")
    filter_depth_limit: int = Field(
        10,
        ge=1,
        description="The greatest depth of nested links in a filter; `some` in a row count once.",
    )
    condition_limit: int = Field(
        500, ge=1, description="The most comparisons and links in all filters of an operation."
    )
    subquery_limit: int = Field(300, ge=1, description="The most subqueries of one root field.")
    subquery_budget: int = Field(
        100,
        ge=1,
        description="Subqueries of one Cypher query; an operation with more is split into several.",
    )
    documents: Path | None = Field(
        None,
        description="Folder of trusted documents, which clients name by `documentId`: files "
        "`*.graphql`, and manifests `*.json` of Relay or Apollo.",
    )
    questions: Path | None = Field(
        None,
        description="Folder of your own questions with an address, files `name.graphql`: `/q/name` "
        "answers each.",
    )
    question_rows: int = Field(
        10_000, ge=1, description="The most rows of a table (`/q/name.csv`)."
    )
    trusted_documents_only: bool = Field(
        False, description="Whether all other documents are refused (`DOCUMENT_NOT_TRUSTED`)."
    )
    fast_path: bool = Field(
        True, description="Whether cached operations skip parsing and validation."
    )
    document_cache: int = Field(
        16_000_000, ge=0, description="Approximate bytes of cached operations."
    )
    plan_cache: int = Field(
        32_000_000, ge=0, description="Approximate bytes of cached plans and their Cypher."
    )
    answer_cache: int | None = Field(
        None,
        ge=0,
        description="Bytes of answers that one process keeps, and sends again while the graph does "
        "not change; 0 keeps none. Unset: 40 million for the managed database, and none for your "
        "own Neo4j: set it there if nothing but Parley writes to the graph.",
    )
    deadline: float = Field(30.0, gt=0, description="The most seconds of an operation.")

    neo4j_uri: str | None = Field(
        None,
        description="URI of your own Neo4j (`bolt://`, `neo4j://`, `neo4j+s://`); unset: managed.",
    )
    neo4j_user: str = Field("neo4j", description="User of your own Neo4j.")
    neo4j_password: SecretStr = Field(SecretStr(""), description="Password of your own Neo4j.")
    neo4j_database: str = Field("neo4j", description="Database of your own Neo4j.")

    connection_timeout: float = Field(
        5.0,
        gt=0,
        description="Seconds to wait for a connection to the database, and for a free read.",
    )
    pool_size: int = Field(100, ge=1, description="The most connections to the database.")
    reads_at_once: int | None = Field(
        None,
        ge=1,
        description="The most concurrent reads of one process; others wait their turn. "
        "Unset: four for each processor if the database is on this machine, else all connections.",
    )

    request_log: bool = Field(
        True,
        description="Whether each request is logged; else only slow ones and those that failed.",
    )
    slow_seconds: float = Field(
        1.0,
        ge=0,
        description="Seconds after which a request is slow, and is logged with the shape of its "
        "operation.",
    )

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("parley"),
        description="Folder of the managed database, with its data, password and logs.",
    )
    cache_dir: Path = Field(
        default_factory=lambda: user_cache_path("parley"),
        description="Folder of downloads, which you can delete at any time.",
    )
    maven_repository: str | None = Field(
        None,
        description="Repository from which Neo4j's files are downloaded; unset: Maven Central.",
    )
    neo4j_lock: Path | None = Field(
        None, description="Lock file of the Neo4j that Parley runs; unset: the bundled one."
    )
    neo4j_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="Bolt port of the managed database; unset: a free one, which it keeps.",
    )
    neo4j_watchdog: float = Field(
        60.0,
        ge=0,
        description="Seconds without an answer to a trivial query after which the managed database "
        "is restarted; 0: never.",
    )
    neo4j_heap: str = Field("768m", description="Heap of the managed database (`-Xmx`).")
    neo4j_transaction_memory: str = Field(
        "512m", description="The most memory of one transaction of the managed database."
    )
    neo4j_startup_cache: bool = Field(
        True,
        description="Whether Neo4j's loaded classes are kept in the cache folder (110 MB, made in "
        "the background after the first start): the managed database then starts in half the time.",
    )
    neo4j_page_cache: str = Field("256m", description="Page cache of the managed database.")

    @field_validator("rate_limit")
    @classmethod
    def _check_rate_limit(cls, given: str) -> str:
        """Return the limit; raises ValueError if it cannot be read."""
        if given != "off":
            try:
                parse_rate_limit(given)
            except ValueError as error:
                raise ValueError("is not a limit; an example: 100/minute") from error
        return given

    @field_validator("neo4j_uri")
    @classmethod
    def _check_uri(cls, given: str | None) -> str | None:
        """Return the URI, or None if it is empty; raises ValueError for an unknown scheme."""
        if given and not re.match(r"(bolt|neo4j)(\+s|\+ssc)?://[^/]", given):
            raise ValueError("is not an address of a Neo4j; an example: neo4j://localhost:7687")
        return given or None

    @property
    def answer_bytes(self) -> int:
        """Return the bytes of answers that one process keeps."""
        if self.answer_cache is not None:
            return self.answer_cache
        return MANAGED_ANSWER_BYTES if self.is_managed else 0

    @cached_property
    def is_managed(self) -> bool:
        """Return whether Parley runs the database itself, because no URI is set."""
        return self.neo4j_uri is None
