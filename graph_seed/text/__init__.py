"""Work with a source's text: its hash, sentences, spans, words and citations.

Offsets count Unicode code points, ends exclusive. Whatever does not fit a text raises
``TextProblem``.
"""

from graph_seed.text.find import Find, find_span
from graph_seed.text.relocate import Held, verify
from graph_seed.text.sentences import sentence_starts
from graph_seed.text.source import Span, TextProblem, hashed_text, locator, span, text_sha256

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
