"""Parley's vocabulary, built from the declarations of this folder."""

from schema import enumerations, nodes, relationships
from schema.build import build_vocabulary, find_declarations
from schema.lint import lint

DECLARATIONS = find_declarations(enumerations, nodes, relationships)
DOMAIN = lint(build_vocabulary(DECLARATIONS))
