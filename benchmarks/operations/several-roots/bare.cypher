MATCH (i:Issue {id: $issue}), (a:Actor&Node {id: $actor}), (o:Organization {id: $organization})
RETURN {
  issue: i {.id, .name},
  actor: a {.id, .name},
  statements: COLLECT {
    MATCH (i)<-[:ABOUT]-(s:Statement) WITH s ORDER BY s.id LIMIT 5 RETURN s {.id, .text}
  },
  affiliations: COLLECT {
    MATCH (o)<-[:AFFILIATED_WITH]-(h)
    WITH h ORDER BY h.id LIMIT 5
    MATCH (h)-[:AFFILIATION_OF]->(p)
    RETURN h {.id, .role, holder: p {.id, .name}}
  }
}
