CYPHER 5
RETURN [COLLECT {
  MATCH (n2:Issue) WHERE n2.id IS NOT NULL
  WITH n2 ORDER BY n2.id LIMIT $p0
  RETURN [[], []]
}] AS f0,
       head(COLLECT {
  MATCH (n4:Issue {id: $p1
})
RETURN []
}) AS f1,
       head(COLLECT {
MATCH (n5:Source {id: $p2
})
RETURN []
}) AS f2,
       [COLLECT {
MATCH (n7:Statement) WHERE n7.id IS NOT NULL
WITH n7 ORDER BY n7.id LIMIT $p3
RETURN [[[COLLECT {
MATCH (n7)-[r10:ABOUT]->(n9)
WITH n9, r10 ORDER BY n9.id LIMIT $p4
RETURN [[[l IN labels(n9) WHERE l IN ['Person', 'Organization', 'Country', 'Group', 'Agreement', 'Issue', 'Event', 'TradeFigure']][0]]]
}], [COLLECT {
MATCH (n7)-[r12:SAID_BY]->(n11)
WITH n11, r12 ORDER BY n11.id LIMIT $p5
RETURN [[[l IN labels(n11) WHERE l IN ['Person', 'Organization', 'Country', 'Group']][0]]]
}]]]
}] AS f3
