MATCH (i:Issue {id: $issue})
RETURN {issue: {
  name: i.name,
  statements: COLLECT {
    MATCH (i)<-[:ABOUT]-(s:Statement)
    WITH s ORDER BY s.id LIMIT 50
    RETURN s {.id, .text, speakers: COLLECT {
      MATCH (s)-[:SAID_BY]->(a)
      WITH a ORDER BY a.id LIMIT 20
      RETURN a {.id, .name, affiliations: COLLECT {
        MATCH (a)<-[:AFFILIATION_OF]-(h)
        WITH h ORDER BY h.id LIMIT 20
        MATCH (h)-[:AFFILIATED_WITH]->(o)
        RETURN h {.id, .role, affiliatedWith: o {.id, .name}}
      }}
    }}
  }
}}
