"""Write every generated file: ``python -m service.generate`` (``make generate``).

`tests/test_docs.py` fails if a committed file is not current.
"""

from pathlib import Path

from graph_seed.checking.countries import generated as generated_countries
from graph_seed.checking.json_schema import generated as generated_facts_schema
from schema.domain import DOMAIN
from service.graphql.types.schema import make_schema
from service.model_picture import draw_model, link_name, relationship_type
from service.reference import reference
from service.settings_page import settings_page

ROOT = Path(__file__).resolve().parent.parent


def generate_files() -> dict[Path, str]:
    """Return the content of each generated file, by its path below the repository's root."""
    return {
        Path("schema/generated/schema.graphql"): make_schema(DOMAIN).as_str() + "\n",
        Path("schema/generated/facts.schema.json"): generated_facts_schema(DOMAIN),
        Path("docs/reference.md"): reference(DOMAIN),
        Path("docs/operator/settings.md"): settings_page(),
        Path("docs/pictures/model.svg"): draw_model(DOMAIN, "The model of the graph", link_name),
        Path("docs/pictures/store.svg"): draw_model(
            DOMAIN, "The model of the graph, as Neo4j stores it", relationship_type
        ),
        **{Path("graph_seed/facts") / name: text for name, text in generated_countries().items()},
    }


def main() -> None:
    """Write all of them."""
    for path, text in generate_files().items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
