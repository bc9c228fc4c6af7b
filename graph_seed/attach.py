"""Attaching a source's text: verified against every passage, kept outside history."""

import neo4j

from graph_seed.problems import LoadError
from graph_seed.records import Facts
from graph_seed.rows import passage_of
from graph_seed.text import text_sha256, verify
from graph_seed.writes import Writes
from schema import rules
from schema.vocabulary import Vocabulary


def verified(facts: Facts, text: str) -> None:
    """Refuse a text that is not the one that was cited; say how many passages hold in it."""
    if facts.source.values.get(rules.SHA256) == text_sha256(text):
        return
    cited = {c for record in facts.records for c in record.evidence}
    passages = [(c.start, c.end, c.sha256) for c in sorted(cited, key=lambda c: (c.start, c.end))]
    found = verify(text, passages)
    raise LoadError(
        "TEXT_DIFFERS",
        f"this text is not the one that {facts.source.id} was cited from: of {len(passages)} "
        f"passages {len(found.holding)} hold, {len(found.moved)} stand elsewhere, "
        f"{len(found.lost)} are not found; `parley cite` follows those that moved",
    )


def attach(
    driver: neo4j.Driver, database: str, vocabulary: Vocabulary, facts: Facts, text: str
) -> int:
    """Attach a verified text and its passages' words; how many passages there are."""
    passage = vocabulary.by_kind[rules.PASSAGE]
    exact = {
        passage_of(passage, facts.source.id, cited).id: text[cited.start : cited.end]
        for record in facts.records
        for cited in record.evidence
    }
    with driver.session(database=database) as session, session.begin_transaction() as transaction:
        Writes(transaction, vocabulary).attach(facts.source.id, text, exact)
        transaction.commit()
    return len(exact)
