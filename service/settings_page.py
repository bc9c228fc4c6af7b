"""The page of all settings, made from the settings themselves."""

from collections.abc import Iterator

import orjson
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from service.settings import Settings

HEAD = """\
# Settings

Made from `service/settings.py` by `make generate`; do not edit.

Set environment variables. All of them have defaults, and an empty variable counts as not set.
"""
GROUPS = {
    "The service": ("host", "open", "port", "allowed_hosts", "cors_origins", "cors_headers"),
    "Limits of clients": (
        "rate_limit",
        "connection_limit",
        "receive_deadline",
        "header_limit",
        "body_limit",
    ),
    "Limits of a document and its variables": (
        "document_limit",
        "token_limit",
        "operation_limit",
        "alias_limit",
        "argument_limit",
        "directive_limit",
        "repeat_limit",
        "list_limit",
        "text_limit",
        "character_limit",
        "value_limit",
    ),
    "Trusted documents": ("documents", "trusted_documents_only"),
    "Questions with an address": ("questions", "question_rows"),
    "Limits of an operation": (
        "page_default",
        "page_most",
        "cost_limit",
        "answer_limit",
        "depth_limit",
        "root_field_limit",
        "field_limit",
        "filter_depth_limit",
        "condition_limit",
        "subquery_limit",
        "subquery_budget",
        "deadline",
    ),
    "Caches": ("fast_path", "document_cache", "plan_cache", "answer_cache"),
    "The log": ("request_log", "slow_seconds"),
    "Your own Neo4j": ("neo4j_uri", "neo4j_user", "neo4j_password", "neo4j_database"),
    "Connections": ("connection_timeout", "pool_size", "reads_at_once"),
    "The managed Neo4j": (
        "data_dir",
        "cache_dir",
        "maven_repository",
        "neo4j_lock",
        "neo4j_port",
        "neo4j_watchdog",
        "neo4j_heap",
        "neo4j_transaction_memory",
        "neo4j_startup_cache",
        "neo4j_page_cache",
    ),
}
"""The settings under each heading."""
FOLDERS = {"data_dir": "the user's data folder", "cache_dir": "the user's cache folder"}
"""What the defaults are that depend on the machine."""


def settings_page() -> str:
    """Return the page, in Markdown."""
    return "\n".join([HEAD, *(_section(*one) for one in GROUPS.items())])


def _section(title: str, names: tuple[str, ...]) -> str:
    return "\n".join([f"## {title}\n", *_table(names), ""])


def _table(names: tuple[str, ...]) -> Iterator[str]:
    yield "| variable | default | |\n|---|---|---|"
    for name in names:
        field = Settings.model_fields[name]
        row = (f"`PARLEY_{name.upper()}`", _default(name, field), field.description or "")
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def _default(name: str, field: FieldInfo) -> str:
    if name in FOLDERS:
        return FOLDERS[name]
    default = field.default
    if isinstance(default, SecretStr) or default is None:
        return ""
    return f"`{orjson.dumps(default).decode() if isinstance(default, tuple | bool) else default}`"
