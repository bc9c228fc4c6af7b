"""Parley's own vocabulary: what the declarations in this room say, as one value."""

from schema import enumerations, nodes, relationships
from schema.build import declarations, vocabulary
from schema.lint import lint

DECLARATIONS = declarations(enumerations, nodes, relationships)
DOMAIN = lint(vocabulary(DECLARATIONS))
