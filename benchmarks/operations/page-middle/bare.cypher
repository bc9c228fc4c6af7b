UNWIND [COLLECT {
  MATCH (s:Statement) WHERE s.saidOnEarliest = date($day) AND s.id > $id
  WITH s ORDER BY s.saidOnEarliest, s.id LIMIT 21
  RETURN s {.id, .text, .saidOn}
}] AS same
UNWIND [same + COLLECT {
  UNWIND CASE WHEN size(same) < 21 THEN [0] ELSE [] END AS short
  UNWIND COLLECT {
    MATCH (s:Statement) WHERE s.saidOnEarliest < date($day)
    WITH s ORDER BY s.saidOnEarliest DESC, s.id LIMIT 21
    RETURN s {.id, .text, .saidOn}
  } AS s
  RETURN s
}] AS whole
WITH whole[..21] AS found
RETURN {statements: {
  nodes: found[..20],
  pageInfo: {hasNextPage: size(found) > 20, endCursor: found[19].saidOn + ' ' + found[19].id}
}}
