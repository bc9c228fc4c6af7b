CYPHER 5
RETURN [COLLECT {
  MATCH (n1:Event) WHERE n1.nameAllFolded CONTAINS $p1 AND n1.id IS NOT NULL
  WITH n1 ORDER BY n1.id LIMIT $p0
  RETURN [[n1.name, n1.eventType, n1.date, [COLLECT {
    MATCH (n1)<-[r4:SAID_AT]-(n3)
    WITH n3, r4 ORDER BY n3.id, n3.id LIMIT $p2
    RETURN [[[n3.standing, COLLECT {
      MATCH (n3)-[r6:SAID_BY]->(n5)
      WITH DISTINCT n5 ORDER BY n5.id LIMIT $p3
      RETURN [n5.name]
    }, n3.text], n3.mode, n3.quote, n3.saidOn, [COLLECT {
      MATCH (n3)-[r8:ABOUT]->(n7)
      WITH n7, r8 ORDER BY n7.id LIMIT $p4
      RETURN [CASE WHEN n7:Person|Organization|Country|Group|Agreement|Issue|Event THEN [[l IN labels(n7) WHERE l IN ['Person', 'Organization', 'Country', 'Group', 'Agreement', 'Issue', 'Event']][0], n7.name] WHEN n7:TradeFigure THEN ['TradeFigure'] END]
    }], [COLLECT {
      MATCH (n3)-[r10:STATES]->(n9)
      WITH n9, r10 ORDER BY n9.id LIMIT $p5
      RETURN [[[n9.standing, n9.measure, [n9.comparator, n9.unit, n9.value, n9.lower, n9.upper, n9.scale, n9.per], n9.period]]]
    }], [COLLECT {
      MATCH (n3)-[r12:EVIDENCED_BY]->(n11)
      WITH n11, r12 ORDER BY n11.id LIMIT $p6
      RETURN [[n11.locator]]
    }]]]
  }]]]
}] AS f0
