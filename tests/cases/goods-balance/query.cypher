CYPHER 5
RETURN [COLLECT {
  MATCH (x3:Node) WHERE x3.id = $p0 MATCH (n1:TradeFigure)-[e4:REPORTER]->(x3)
  WITH DISTINCT n1 WHERE n1.flow = $p1
  WITH n1, head(COLLECT {
    MATCH (n1)-[r7:PARTNER]->(n6)
    RETURN n6.nameFolded
  }) AS k5
  WITH n1, k5 ORDER BY n1.periodEarliest, k5, n1.id LIMIT $p2
  RETURN [[[n1.measure, [n1.comparator, n1.unit, n1.value, n1.lower, n1.upper, n1.scale, n1.per], n1.period], [n1.comparator, n1.unit, n1.value, n1.lower, n1.upper, n1.scale, n1.per], n1.value, n1.unit, n1.scale, n1.comparator, n1.period, head(COLLECT {
    MATCH (n1)-[r9:PARTNER]->(n8)
    RETURN CASE WHEN n8:Person|Organization|Country|Group THEN [[l IN labels(n8) WHERE l IN ['Person', 'Organization', 'Country', 'Group']][0], n8.name, n8.iso2] END
  }), [COLLECT {
    MATCH (n1)-[r11:EVIDENCED_BY]->(n10)
    WITH n10, r11 ORDER BY n10.id LIMIT $p3
    RETURN [[n10.locator]]
  }]]]
}, COUNT {
  MATCH (x14:Node) WHERE x14.id = $p4 MATCH (n12:TradeFigure)-[e15:REPORTER]->(x14)
  WITH DISTINCT n12 WHERE n12.flow = $p5
  RETURN DISTINCT n12
}] AS f0
