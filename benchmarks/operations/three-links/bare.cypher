MATCH (:Organization {id: $organization})<-[:AFFILIATED_WITH]-()-[:AFFILIATION_OF]->(p)
WITH DISTINCT p
MATCH (p)<-[:SAID_BY]-(s)
WITH DISTINCT s ORDER BY s.id LIMIT 20
WITH collect(s {.id, .text}) AS found
RETURN {statements: found}
