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
    "The service": ("host", "port", "allowed_hosts", "cors_origins", "cors_headers", "body_limit"),
    "Limits of an operation": (
        "page_default",
        "page_most",
        "depth_limit",
        "root_field_limit",
        "field_limit",
        "filter_depth_limit",
        "condition_limit",
        "subquery_limit",
        "subquery_budget",
        "deadline",
    ),
    "Caches": ("fast_path", "document_cache", "plan_cache"),
    "Your own Neo4j": ("neo4j_uri", "neo4j_user", "neo4j_password", "neo4j_database"),
    "Connections": ("connection_timeout", "pool_size", "reads_at_once"),
}
"""The settings under each heading; those that are missing here come last."""
REST = "The managed Neo4j"
FOLDERS = {"data_dir": "the user's data folder", "cache_dir": "the user's cache folder"}
"""What the defaults are that depend on the machine."""


def settings_page() -> str:
    """Return the page, in Markdown."""
    grouped = {name for names in GROUPS.values() for name in names}
    rest = tuple(name for name in Settings.model_fields if name not in grouped)
    return "\n".join([HEAD, *(_section(*one) for one in ({**GROUPS, REST: rest}).items())])


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
