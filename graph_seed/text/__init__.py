"""Work with a source's text: its hash, sentences, spans, words and citations.

Offsets count Unicode code points, ends exclusive. Whatever does not fit a text raises
``TextProblem``.
"""

from graph_seed.text.find import Find, find_span
from graph_seed.text.relocate import Held, verify
from graph_seed.text.sentences import sentence_starts
from graph_seed.text.source import TextProblem, hashed_text, text_sha256
from graph_seed.text.spans import Span, locator, span

__all__ = [
    "Find",
    "Held",
    "Span",
    "TextProblem",
    "find_span",
    "hashed_text",
    "locator",
    "sentence_starts",
    "span",
    "text_sha256",
    "verify",
]
