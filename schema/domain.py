"""Parley's own vocabulary: what the declarations in this room say, as one value."""

from schema import enumerations, nodes, relationships
from schema.lint import lint
from schema.resolve import declarations, vocabulary

DECLARATIONS = declarations(enumerations, nodes, relationships)
DOMAIN = lint(vocabulary(DECLARATIONS))
