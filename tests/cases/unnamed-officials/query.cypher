CYPHER 5
RETURN [COLLECT {
  MATCH (n1:Statement) WHERE n1.attribution = $p1 AND n1.id IS NOT NULL
  WITH n1 ORDER BY n1.id LIMIT $p0
  RETURN [[[n1.standing, COLLECT {
    MATCH (n1)-[r4:SAID_BY]->(n3)
    WITH DISTINCT n3 ORDER BY n3.id LIMIT $p2
    RETURN [n3.name]
  }, n1.text], n1.mode, n1.speechAct, [COLLECT {
    MATCH (n1)-[r6:SAID_BY]->(n5)
    WITH n5, r6 ORDER BY n5.id LIMIT $p3
    RETURN [[[l IN labels(n5) WHERE l IN ['Person', 'Organization', 'Country', 'Group']][0], n5.id, n5.name, n5.anonymous, n5.size]]
  }], [COLLECT {
    MATCH (n1)-[r8:EVIDENCED_BY]->(n7)
    WITH n7, r8 ORDER BY n7.id LIMIT $p4
    RETURN [[n7.locator]]
  }]]]
}] AS f0
