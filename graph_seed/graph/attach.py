"""Attach a source's text, verified against every passage; it is outside of history."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from graph_seed.citing.quotes import check_quote
from graph_seed.graph.writer import GraphWriter
from graph_seed.problems import FactsError, LoadError, Problem
from graph_seed.records import Facts
from graph_seed.state.elements import passage_id
from graph_seed.text import sentence_starts, span, text_sha256, verify
from schema import rules

SHOWN = 10
"""Moved passages that a refusal names."""


def verify_text(facts: Facts, text: str) -> None:
    """Refuse a text that is not the one that was cited; say how many passages hold in it.

    Raises LoadError for another text, FactsError for passages and quotes that are not as the text
    has them.
    """
    cited = {(c.start, c.end, c.sha256) for record in facts.records for c in record.evidence}
    passages = sorted(cited)
    found = verify(text, passages)
    same = facts.source.values.get(rules.SHA256) == text_sha256(text)
    if same and len(found.holding) == len(passages):
        if wrong := list(_wrong(facts, text)):
            raise FactsError(wrong)
        return
    moved = [
        f"{passages[at][0]}–{passages[at][1]} is at {start}–{end}"
        for at, (start, end) in found.moved.items()
    ]
    more = f", and {len(moved) - SHOWN} more" if len(moved) > SHOWN else ""
    where = f" ({', '.join(moved[:SHOWN])}{more})" if moved else ""
    raise LoadError(
        "TEXT_DIFFERS",
        f"this text is not the one that {facts.source.id} was cited from: of {len(passages)} "
        f"passages {len(found.holding)} hold, {len(found.moved)} stand elsewhere{where}, "
        f"{len(found.lost)} are not found; `parley cite` follows those that moved",
        [facts.source.id],
    )


def _wrong(facts: Facts, text: str) -> Iterator[Problem]:
    """Yield what records say of their passages that the text contradicts."""
    starts = sentence_starts(text)
    for record in facts.records:
        for cited in record.evidence:
            if asdict(cited) != asdict(span(text, cited.start, cited.end, starts)):
                message = (
                    f"{record.id}: the passage {cited.start}–{cited.end} does not match the text"
                )
                yield Problem(record.place, "CITATION", f"{message}; run `parley cite`")
        quote = record.values.get(rules.QUOTE)
        if isinstance(quote, str):
            spans = [(cited.start, cited.end) for cited in record.evidence]
            for code, message in check_quote(quote, text, spans):
                yield Problem(record.place, code, f"{record.id}: {message}")


def attach(
    writer: GraphWriter, facts: Facts, text: str | None, held: Mapping[str, object]
) -> tuple[int, bool]:
    """Attach a verified text and the words of each passage.

    ``held`` are the properties that the source had. Without a new text, the text that is attached
    already is used for new passages, or removed if the source now has another text. Return how many
    passages have their words, and whether anything was written.
    """
    old = held.get(rules.FULL_TEXT)
    if text is None and old is None:
        return 0, False
    if text is None and text_sha256(str(old)) == facts.source.values.get(rules.SHA256):
        text = str(old)
    exact = {
        passage_id(facts.source.id, cited): text[cited.start : cited.end] if text else None
        for record in facts.records
        for cited in record.evidence
    }
    return len(exact) if text else 0, writer.attach(facts.source.id, text, exact)
