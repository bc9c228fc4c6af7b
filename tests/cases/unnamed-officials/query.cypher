CYPHER 5
RETURN [COLLECT {
  MATCH (n2:Statement) WHERE n2.attribution = $p1 AND n2.id IS NOT NULL
  WITH n2 ORDER BY n2.id LIMIT $p0
  RETURN [[[n2.standing, COLLECT {
    MATCH (n2)-[r5:SAID_BY]->(n4)
    WITH DISTINCT n4 ORDER BY n4.id LIMIT $p2
    RETURN [n4.name]
  }, n2.text], n2.mode, n2.speechAct, [COLLECT {
    MATCH (n2)-[r7:SAID_BY]->(n6)
    WITH n6, r7 ORDER BY n6.id LIMIT $p3
    RETURN [[[l IN labels(n6) WHERE l IN ['Person', 'Organization', 'Country', 'Group']][0], n6.id, n6.name, n6.anonymous, n6.size]]
  }], [COLLECT {
    MATCH (n2)-[r9:EVIDENCED_BY]->(n8)
    WITH n8, r9 ORDER BY n8.id LIMIT $p4
    RETURN [[n8.locator]]
  }]]]
}] AS f0
