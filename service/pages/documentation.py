"""Read the pages of ``docs/``, render them as HTML, and find the examples in them.

An installed Parley has the pages beside this module, a clone at their own place.
"""

import re
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from posixpath import join, normpath

import orjson
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup, escape

from service.pages.rendering import graphiql_link

INSTALLED = Path(__file__).parent / "docs"
IN_CLONE = Path(__file__).parents[2] / "docs"
INDEX = "README.md"
TEN_QUESTIONS = "frontend/ten-questions.md"
ABOUT_BUNDLED_FACTS = "frontend/"
"""The folder of the pages whose examples are all about the bundled facts."""
SERVED = {"../schema/generated/schema.graphql": "schema.graphql"}
"""Files beside ``docs/`` that the service serves, with their paths below ``/``."""
SCROLLED = 'class="wide" tabindex="0" role="group" aria-label="Table"'
"""The attributes of what scrolls a wide table, by keys too."""
ADDRESS = re.compile(r"[a-z]+:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Example:
    """An operation that a page shows, under its nearest heading."""

    heading: str
    anchor: str
    query: str
    variables: Mapping[str, object] | None

    @property
    def question(self) -> str:
        """Return the heading without its number."""
        return re.sub(r"^\d+\. ", "", self.heading)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the second level."""

    text: str
    anchor: str


@dataclass(frozen=True)
class Page:
    """A page of the documentation; ``path`` is that of its file below ``docs/``."""

    path: str
    text: str
    paths: frozenset[str]
    """The paths of all files below ``docs/``, to which links may lead."""

    @property
    def root(self) -> str:
        """Return the relative address of ``/`` from the page's own."""
        return "../" * (1 + self.path.count("/"))

    @cached_property
    def title(self) -> str:
        """Return its first heading."""
        return next((one.text for _, one in _headings(self._tokens)), self.path)

    @cached_property
    def sections(self) -> list[Heading]:
        """Return its headings of the second level."""
        return [one for token, one in _headings(self._tokens) if token.tag == "h2"]

    @cached_property
    def html(self) -> Markup:
        """Return its HTML. Links lead to the addresses of pages; text from outside is escaped."""
        found, environment = _markdown(), dict[str, object](page=self)
        return Markup(found.renderer.render(self._tokens, found.options, environment))  # noqa: S704

    @cached_property
    def examples(self) -> list[Example]:
        """Return the operations on it, in their order."""
        return list(_examples(self._tokens))

    @cached_property
    def _tokens(self) -> list[Token]:
        tokens = _markdown().parse(self.text)
        for token, heading in _headings(tokens):
            token.attrSet("id", heading.anchor)
        for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
            if opening.type == "th_open" and not inline.content:
                # An empty header is an empty cell: it heads nothing.
                opening.tag = closing.tag = "td"
        for token in tokens:
            for child in token.children or ():
                self._redirect(child)
        return tokens

    def _redirect(self, token: Token) -> None:
        """Point a link or an image to an address of the service; drop one that leads nowhere."""
        name = {"link_open": "href", "image": "src"}.get(token.type)
        target = str(token.attrGet(name)) if name else ""
        if not name or target.startswith("#") or ADDRESS.match(target):
            return
        file, mark, anchor = target.partition("#")
        path = normpath(join(self.path, "..", file))
        if path in SERVED:
            token.attrSet(name, self.root + SERVED[path])
        elif path in self.paths:
            token.attrSet(name, f"{self.root}docs/{address_of(path)}{mark}{anchor}")
        else:
            del token.attrs[name]


def address_of(path: str) -> str:
    """Return the address of a file below ``/docs/``; pages have no suffix."""
    return path.removesuffix(INDEX).removesuffix(".md")


@dataclass(frozen=True)
class Documentation:
    """All pages and pictures of a folder."""

    folder: Path

    @cached_property
    def files(self) -> frozenset[str]:
        """Return the paths of its files."""
        found = (path for path in self.folder.rglob("*.*") if path.is_file())
        return frozenset(path.relative_to(self.folder).as_posix() for path in found)

    @cached_property
    def pages(self) -> dict[str, Page]:
        """Return its pages by their addresses below ``/docs/``."""
        return {
            address_of(path): Page(path, self.read(path), self.files)
            for path in sorted(self.files)
            if path.endswith(".md")
        }

    def read(self, path: str) -> str:
        """Return the text of one of its files."""
        return (self.folder / path).read_text(encoding="utf-8")

    @property
    def questions(self) -> list[Example]:
        """Return the ten questions."""
        return self.pages[address_of(TEN_QUESTIONS)].examples

    @cached_property
    def examples(self) -> bytes:
        """Return the examples about the bundled facts as JSON, the ten questions first."""
        first = address_of(TEN_QUESTIONS)
        shown = [one for one in self.pages.items() if one[0].startswith(ABOUT_BUNDLED_FACTS)]
        groups = [
            {
                "title": page.title,
                "address": f"docs/{address}",
                "examples": [
                    {"title": one.heading, "query": one.query, "variables": one.variables}
                    for one in page.examples
                ],
            }
            for address, page in sorted(shown, key=lambda item: item[0] != first)
            if page.examples
        ]
        return orjson.dumps(groups)


@cache
def documentation() -> Documentation:
    """Return the documentation of this Parley."""
    return Documentation(INSTALLED if INSTALLED.is_dir() else IN_CLONE)


@cache
def _markdown() -> MarkdownIt:
    found = MarkdownIt("commonmark", {"html": False}).enable("table")
    found.add_render_rule("fence", _render_fence)
    found.add_render_rule(
        "table_open",
        lambda *_: '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>\n',
    )
    found.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return found


def _render_fence(
    _: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,  # noqa: ARG001 - markdown-it names the parameters
    environment: MutableMapping[str, object],
) -> str:
    """Render a block of code; an operation has a link that opens it in GraphiQL."""
    token = tokens[index]
    shown = f'<pre tabindex="0"><code>{escape(token.content)}</code></pre>\n'
    page = environment["page"]
    if token.info.strip() != "graphql" or not isinstance(page, Page):
        return shown
    link = graphiql_link(page.root, token.content, _variables_behind(tokens, index))
    return f'{shown}<p class="open"><a href="{escape(link)}">Open in GraphiQL</a></p>\n'


def _variables_behind(tokens: Sequence[Token], index: int) -> Mapping[str, object] | None:
    """Return the variables of an operation, which stand in the block behind it."""
    behind = tokens[index + 1] if index + 1 < len(tokens) else None
    if behind is None or behind.info.strip() != "json variables":
        return None
    found: dict[str, object] = orjson.loads(behind.content)
    return found


def _examples(tokens: Sequence[Token]) -> Iterator[Example]:
    headings = {id(token): heading for token, heading in _headings(tokens)}
    nearest = Heading("", "")
    for index, token in enumerate(tokens):
        nearest = headings.get(id(token), nearest)
        if token.type == "fence" and token.info.strip() == "graphql":
            variables = _variables_behind(tokens, index)
            yield Example(nearest.text, nearest.anchor, token.content, variables)


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[Token, Heading]]:
    """Yield each opening token of a heading with its text and the anchor that GitHub gives it."""
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            text = "".join(
                one.content for one in inline.children or () if one.type in {"text", "code_inline"}
            )
            written = re.sub(r"[^\w\- ]", "", inline.content.lower())
            yield token, Heading(text, written.replace(" ", "-"))
