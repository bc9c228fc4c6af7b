MATCH (:Issue {id: $issue})<-[:ABOUT]-(s:Statement)
WHERE s.saidOnEarliest >= date($from) AND s.saidOnLatest <= date($to)
WITH s ORDER BY s.saidOnEarliest, s.id
WITH collect(s) AS found
RETURN {statements: {
  totalCount: size(found), nodes: [s IN found[..20] | s {.id, .text, .saidOn}]
}}
