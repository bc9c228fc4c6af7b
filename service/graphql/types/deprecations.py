"""The elements of the schema that are deprecated, by their schema coordinates.

``Type.field``, ``Type.field(argument:)``, ``Input.field`` and ``Enum.VALUE`` are coordinates
(GraphQL specification, section 3.14). Rules: ``docs/frontend/schema-changes.md``.
"""

from collections.abc import Mapping

DEPRECATIONS: Mapping[str, str] = {}
"""The reason of each: what to use instead, and the release that deprecates it."""
