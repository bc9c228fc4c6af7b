MATCH (a:Actor&Node {id: $actor})
RETURN {actor: {
  name: a.name,
  statements: COLLECT {
    MATCH (a)<-[:SAID_BY]-(s)
    WITH s ORDER BY s.saidOnEarliest IS NULL, s.saidOnEarliest DESC, s.id LIMIT 20
    RETURN s {.id, .text, .saidOn, about: COLLECT {
      MATCH (s)-[:ABOUT]->(i:Issue) WITH i ORDER BY i.id LIMIT 20 RETURN i {.id, .name}
    }}
  }
}}
