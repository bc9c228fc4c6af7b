"""Write every generated file: ``python -m service.generate`` (``make generate``).

A test checks that the committed files are current.
"""

from pathlib import Path

from graph_seed.checking.countries import generated as generated_countries
from graph_seed.checking.json_schema import generated as generated_facts_schema
from schema.domain import DOMAIN
from service.graphql.types.schema import make_schema
from service.reference import reference

ROOT = Path(__file__).resolve().parent.parent


def generate_files() -> dict[Path, str]:
    """Return the content of each generated file, by its path below the repository's root."""
    return {
        Path("schema/generated/schema.graphql"): make_schema(DOMAIN).as_str() + "\n",
        Path("schema/generated/facts.schema.json"): generated_facts_schema(DOMAIN),
        Path("docs/reference.md"): reference(DOMAIN),
        **{Path("graph_seed/facts") / name: text for name, text in generated_countries().items()},
    }


def main() -> None:
    """Write the files."""
    for path, text in generate_files().items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
