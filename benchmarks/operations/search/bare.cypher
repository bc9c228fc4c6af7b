CALL db.index.fulltext.queryNodes('parley_full_text', $lucene, {limit: 1000})
YIELD node AS n, score
WHERE n:Statement
WITH n, score ORDER BY score DESC, n.id LIMIT 10
WITH collect({score: score, node: n {.id, .text}}) AS hits
RETURN {search: {hits: hits}}
