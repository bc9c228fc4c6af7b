CYPHER 5
RETURN [COLLECT {
  MATCH (n1:Issue) WHERE n1.id IS NOT NULL
  WITH n1 ORDER BY n1.id LIMIT $p0
  RETURN [[], []]
}] AS f0,
       head(COLLECT {
  MATCH (n3:Issue {id: $p1
})
RETURN []
}) AS f1,
       head(COLLECT {
MATCH (n4:Source {id: $p2
})
RETURN []
}) AS f2,
       [COLLECT {
MATCH (n5:Statement) WHERE n5.id IS NOT NULL
WITH n5 ORDER BY n5.id LIMIT $p3
RETURN [[[COLLECT {
MATCH (n5)-[r8:ABOUT]->(n7)
WITH n7, r8 ORDER BY n7.id LIMIT $p4
RETURN [[[l IN labels(n7) WHERE l IN ['Person', 'Organization', 'Country', 'Group', 'Agreement', 'Issue', 'Event', 'TradeFigure']][0]]]
}], [COLLECT {
MATCH (n5)-[r10:SAID_BY]->(n9)
WITH n9, r10 ORDER BY n9.id LIMIT $p5
RETURN [[[l IN labels(n9) WHERE l IN ['Person', 'Organization', 'Country', 'Group']][0]]]
}]]]
}] AS f3
