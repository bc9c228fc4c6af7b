CYPHER 5
RETURN [COLLECT {
  MATCH (n1:TradeFigure) WHERE (n1.flow = $p0 AND EXISTS {
    MATCH (n1)-[e7:REPORTER]->(x6) WHERE x6.id = $p1
  })
  WITH n1, head(COLLECT {
    MATCH (n1)-[r5:PARTNER]->(n4)
    RETURN n4.nameFolded
  }) AS k3
  WITH n1, k3 ORDER BY n1.periodEarliest, k3, n1.id LIMIT $p2
  RETURN [[[n1.measure, [n1.comparator, n1.unit, n1.value, n1.lower, n1.upper, n1.scale, n1.per], n1.period], [n1.comparator, n1.unit, n1.value, n1.lower, n1.upper, n1.scale, n1.per], n1.value, n1.unit, n1.scale, n1.comparator, n1.period, head(COLLECT {
    MATCH (n1)-[r9:PARTNER]->(n8)
    RETURN CASE WHEN n8:Person|Organization|Country|Group THEN [[l IN labels(n8) WHERE l IN ['Person', 'Organization', 'Country', 'Group']][0], n8.name, n8.iso2] END
  }), [COLLECT {
    MATCH (n1)-[r11:EVIDENCED_BY]->(n10)
    WITH n10, r11 ORDER BY n10.id LIMIT $p3
    RETURN [[n10.locator]]
  }]]]
}, COUNT {
  MATCH (n12:TradeFigure) WHERE (n12.flow = $p4 AND EXISTS {
    MATCH (n12)-[e15:REPORTER]->(x14) WHERE x14.id = $p5
  })
}] AS f0
