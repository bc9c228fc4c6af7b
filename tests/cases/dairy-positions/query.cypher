CYPHER 5
RETURN [COLLECT {
  MATCH (n1:Position) WHERE EXISTS {
    MATCH (n1)-[e7:TOWARD]->(x6) WHERE (x6:Issue AND x6.nameAllFolded CONTAINS $p0)
  }
  WITH n1, head(COLLECT {
    MATCH (n1)-[r5:HELD_BY]->(n4)
    RETURN n4.nameFolded
  }) AS k3
  WITH n1, k3 ORDER BY k3, n1.stance, n1.id LIMIT $p1
  RETURN [[[n1.voice, n1.standing, head(COLLECT {
    MATCH (n1)-[r9:HELD_BY]->(n8)
    RETURN [n8.name]
  }), n1.stance, head(COLLECT {
    MATCH (n1)-[r11:TOWARD]->(n10)
    RETURN CASE WHEN n10:Person|Organization|Country|Group|Agreement|Issue THEN [[l IN labels(n10) WHERE l IN ['Person', 'Organization', 'Country', 'Group', 'Agreement', 'Issue']][0], [n10.name]] WHEN n10:Event THEN ['Event', [n10.name, n10.date]] END
  }), COLLECT {
    MATCH (n1)-[:REPORTED_IN]->(m14)-[:SAID_BY]->(n12)
    WITH DISTINCT n12 ORDER BY n12.id LIMIT $p2
    RETURN [n12.name]
  }, n1.content], n1.stance, n1.voice, head(COLLECT {
    MATCH (n1)-[r16:HELD_BY]->(n15)
    RETURN [n15.name]
  }), [COLLECT {
    MATCH (n1)-[:REPORTED_IN]->(m19)-[:SAID_BY]->(n17)
    WITH DISTINCT n17 ORDER BY n17.id LIMIT $p3
    RETURN [[n17.name]]
  }], head(COLLECT {
    MATCH (n1)-[r21:REPORTED_IN]->(n20)
    RETURN [n20.id]
  }), n1.heldOn, n1.notAfter, [COLLECT {
    MATCH (n1)-[r23:EVIDENCED_BY]->(n22)
    WITH n22, r23 ORDER BY n22.id LIMIT $p4
    RETURN [[n22.locator]]
  }]]]
}] AS f0
