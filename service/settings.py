"""All settings, with their defaults and descriptions, read from ``PARLEY_…`` in the environment.

``docs/operator/settings.md`` is made of this class.
"""

import re
from functools import cached_property
from pathlib import Path

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings: environment variables named ``PARLEY_`` and the field in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="PARLEY_", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    host: str = Field("127.0.0.1", description="Address the service listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the service listens on; 0 picks one.")

    allowed_hosts: tuple[str, ...] = Field(
        ("127.0.0.1", "localhost", "[::1]"),
        description='Host names that requests may name, as a JSON list; `["*"]` for any.',
    )
    cors_origins: str = Field(
        r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?",
        description="Origins whose pages may ask, as one regular expression.",
    )
    body_limit: int = Field(1_000_000, ge=1, description="Bytes that a request's body may have.")
    page_default: int = Field(20, ge=1, description="Length of a page if none is asked for.")
    page_most: int = Field(100, ge=1, description="Length that a page may have at most.")
    depth_limit: int = Field(20, ge=1, description="Depth that an operation may have at most.")
    root_field_limit: int = Field(50, ge=1, description="Root fields of one operation at most.")
    field_limit: int = Field(5000, ge=1, description="Fields of one operation at most.")
    filter_depth_limit: int = Field(
        10, ge=1, description="How deep links of a filter may nest; `some` in a row count once."
    )
    condition_limit: int = Field(
        500, ge=1, description="Comparisons and links of all filters of one operation at most."
    )
    subquery_limit: int = Field(
        300, ge=1, description="Subqueries that one root field may become at most."
    )
    subquery_budget: int = Field(
        100, ge=1, description="Subqueries of one Cypher query; above it there are several."
    )
    fast_path: bool = Field(
        True, description="Whether operations that were asked before skip parsing and validating."
    )
    document_cache: int = Field(
        16_000_000, ge=0, description="Bytes of operations that are kept for the fast path, about."
    )
    plan_cache: int = Field(
        32_000_000, ge=0, description="Bytes of plans and their Cypher that are kept, about."
    )
    deadline: float = Field(30.0, gt=0, description="Seconds that one operation may take.")

    neo4j_uri: str | None = Field(
        None,
        description="A Neo4j of your own (`bolt://`, `neo4j://`, `neo4j+s://`); unset: managed.",
    )
    neo4j_user: str = Field("neo4j", description="User at your own Neo4j.")
    neo4j_password: SecretStr = Field(SecretStr(""), description="Password at your own Neo4j.")
    neo4j_database: str = Field("neo4j", description="Database at your own Neo4j.")

    connection_timeout: float = Field(
        5.0, gt=0, description="Seconds to wait for a connection to the database, and for a turn."
    )
    pool_size: int = Field(100, ge=1, description="Connections to the database at most.")
    reads_at_once: int | None = Field(
        None,
        ge=1,
        description="Reads of one process at once, others wait their turn; "
        "unset: four for each processor for a database on this machine, else all connections.",
    )

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("parley"),
        description="Folder of the managed database: data, password, logs.",
    )
    cache_dir: Path = Field(
        default_factory=lambda: user_cache_path("parley"),
        description="Folder of what was downloaded and can be downloaded again.",
    )
    maven_repository: str | None = Field(
        None, description="Where Neo4j's files are downloaded from; unset: Maven Central."
    )
    neo4j_lock: Path | None = Field(
        None, description="Which Neo4j is managed: a lock of its files; unset: the bundled one."
    )
    neo4j_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="Bolt port of the managed database; unset: a free one, the same at each start.",
    )
    neo4j_watchdog: float = Field(
        60.0,
        ge=0,
        description="Seconds that the managed database may leave a trivial query unanswered before "
        "it is ended and started again; 0: for ever.",
    )
    neo4j_heap: str = Field("768m", description="Heap of the managed database (`-Xmx`).")
    neo4j_transaction_memory: str = Field(
        "512m", description="Memory that one transaction of the managed database may take."
    )
    neo4j_page_cache: str = Field("256m", description="Page cache of the managed database.")

    @field_validator("neo4j_uri")
    @classmethod
    def _check_uri(cls, given: str | None) -> str | None:
        """Return the URI, or None if it is empty; raises ValueError for an unknown scheme."""
        if given and not re.match(r"(bolt|neo4j)(\+s|\+ssc)?://[^/]", given):
            raise ValueError("is not an address of a Neo4j; an example: neo4j://localhost:7687")
        return given or None

    @cached_property
    def managed(self) -> bool:
        """Return whether Parley runs the database itself, because no URI is set."""
        return self.neo4j_uri is None
