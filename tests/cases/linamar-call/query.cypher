CYPHER 5
RETURN [COLLECT {
  MATCH (n2:Event) WHERE n2.nameAllFolded CONTAINS $p1 AND n2.id IS NOT NULL
  WITH n2 ORDER BY n2.id LIMIT $p0
  RETURN [[n2.name, n2.eventType, n2.date, [COLLECT {
    MATCH (n2)<-[r5:SAID_AT]-(n4)
    WITH n4, r5 ORDER BY n4.id, n4.id LIMIT $p2
    RETURN [[[n4.standing, COLLECT {
      MATCH (n4)-[r7:SAID_BY]->(n6)
      WITH DISTINCT n6 ORDER BY n6.id LIMIT $p3
      RETURN [n6.name]
    }, n4.text], n4.mode, n4.quote, n4.saidOn, [COLLECT {
      MATCH (n4)-[r9:ABOUT]->(n8)
      WITH n8, r9 ORDER BY n8.id LIMIT $p4
      RETURN [CASE WHEN n8:Person|Organization|Country|Group|Agreement|Issue|Event THEN [[l IN labels(n8) WHERE l IN ['Person', 'Organization', 'Country', 'Group', 'Agreement', 'Issue', 'Event']][0], n8.name] WHEN n8:TradeFigure THEN ['TradeFigure'] END]
    }], [COLLECT {
      MATCH (n4)-[r11:STATES]->(n10)
      WITH n10, r11 ORDER BY n10.id LIMIT $p5
      RETURN [[[n10.standing, n10.measure, [n10.comparator, n10.unit, n10.value, n10.lower, n10.upper, n10.scale, n10.per], n10.period]]]
    }], [COLLECT {
      MATCH (n4)-[r13:EVIDENCED_BY]->(n12)
      WITH n12, r13 ORDER BY n12.id LIMIT $p6
      RETURN [[n12.locator]]
    }]]]
  }]]]
}] AS f0
