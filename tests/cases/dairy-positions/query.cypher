CYPHER 5
RETURN [COLLECT {
  MATCH (n2:Position) WHERE EXISTS {
    MATCH (n2)-[e8:TOWARD]->(x7) WHERE (x7:Issue AND x7.nameAllFolded CONTAINS $p0)
  }
  WITH n2, head(COLLECT {
    MATCH (n2)-[r6:HELD_BY]->(n5)
    RETURN n5.nameFolded
  }) AS k4
  WITH n2, k4 ORDER BY k4, n2.stance, n2.id LIMIT $p1
  RETURN [[[n2.voice, n2.standing, head(COLLECT {
    MATCH (n2)-[r10:HELD_BY]->(n9)
    RETURN [n9.name]
  }), n2.stance, head(COLLECT {
    MATCH (n2)-[r12:TOWARD]->(n11)
    RETURN CASE WHEN n11:Person|Organization|Country|Group|Agreement|Issue THEN [[l IN labels(n11) WHERE l IN ['Person', 'Organization', 'Country', 'Group', 'Agreement', 'Issue']][0], [n11.name]] WHEN n11:Event THEN ['Event', [n11.name, n11.date]] END
  }), COLLECT {
    MATCH (n2)-[:REPORTED_IN]->(m15)-[:SAID_BY]->(n13)
    WITH DISTINCT n13 ORDER BY n13.id LIMIT $p2
    RETURN [n13.name]
  }, n2.content], n2.stance, n2.voice, head(COLLECT {
    MATCH (n2)-[r17:HELD_BY]->(n16)
    RETURN [n16.name]
  }), [COLLECT {
    MATCH (n2)-[:REPORTED_IN]->(m20)-[:SAID_BY]->(n18)
    WITH DISTINCT n18 ORDER BY n18.id LIMIT $p3
    RETURN [[n18.name]]
  }], head(COLLECT {
    MATCH (n2)-[r22:REPORTED_IN]->(n21)
    RETURN [n21.id]
  }), n2.heldOn, n2.notAfter, [COLLECT {
    MATCH (n2)-[r24:EVIDENCED_BY]->(n23)
    WITH n23, r24 ORDER BY n23.id LIMIT $p4
    RETURN [[n23.locator]]
  }]]]
}] AS f0
