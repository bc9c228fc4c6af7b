UNWIND $words AS word
WITH word, COLLECT {
  CALL db.index.fulltext.queryNodes('parley_names', word, {limit: $named}) YIELD node AS e
  RETURN e.id
} AS ids
WITH collect('(' + reduce(q = word, id IN ids | q + ' OR "@' + id + '"^0') + ')') AS parts
WITH reduce(q = head(parts), one IN tail(parts) | q + ' AND ' + one) AS lucene
CALL db.index.fulltext.queryNodes('parley_full_text', lucene, {limit: 1000})
YIELD node AS n, score
WHERE n:Statement
WITH n, score ORDER BY score DESC, n.id LIMIT 10
WITH collect({score: score, node: n {.id, .text}}) AS hits
RETURN {search: {hits: hits}}
