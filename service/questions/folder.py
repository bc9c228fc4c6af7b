"""Read the shipped questions and those of an operator; report all problems at once."""

from pathlib import Path

from graphql import GraphQLSchema

from service.errors import BadUserInput
from service.graphql.plan.limits import Limits
from service.questions.document import Question, read_question

SHIPPED = Path(__file__).parent / "shipped"
SETTING = "PARLEY_QUESTIONS"


def read_questions(
    schema: GraphQLSchema, limits: Limits, folder: Path | None = None
) -> dict[str, Question]:
    """Return the questions by name; one of the folder replaces a shipped one of its name.

    Raises BadUserInput with every problem of every file.
    """
    if folder is not None and not folder.is_dir():
        raise BadUserInput(f"{SETTING}: there is no folder {folder}")
    found: dict[str, Question] = {}
    problems: list[str] = []
    for place in (SHIPPED, folder):
        for path in sorted(place.glob("*.graphql")) if place else ():
            try:
                text = path.read_text(encoding="utf-8")
                found[path.stem] = read_question(schema, path.stem, text, limits)
            except (OSError, ValueError) as error:
                reason = "cannot be read" if isinstance(error, OSError) else str(error)
                problems.append(f"{path.name}: {reason}")
    if problems:
        raise BadUserInput(f"{SETTING}: {' | '.join(problems)}")
    return dict(sorted(found.items()))
