MATCH (s:Statement)
WHERE s.saidOnEarliest <= date($day) AND (s.saidOnEarliest < date($day) OR s.id > $id)
WITH s ORDER BY s.saidOnEarliest DESC, s.id LIMIT 21
WITH collect(s {.id, .text, .saidOn}) AS found
RETURN {statements: {
  nodes: found[..20],
  pageInfo: {hasNextPage: size(found) > 20, endCursor: found[19].saidOn + ' ' + found[19].id}
}}
