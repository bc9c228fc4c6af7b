CYPHER 5
RETURN head(COLLECT {
  MATCH (x3:Node) WHERE x3.id = $p0 MATCH (n1)-[e4:REPORTER]->(x3)
  WITH n1 WHERE n1.flow = $p1
  WITH collect(n1) AS l5
  RETURN [COLLECT {
    UNWIND l5 AS n6
    WITH *
    WITH n6, head(COLLECT {
      MATCH (n6)-[r10:PARTNER]->(n9)
      RETURN n9.nameFolded
    }) AS k8
    WITH n6, k8 ORDER BY n6.periodEarliest, k8, n6.id LIMIT $p2
    RETURN [[[n6.standing, n6.measure, [n6.comparator, n6.unit, n6.value, n6.lower, n6.upper, n6.scale, n6.per], n6.period], [n6.comparator, n6.unit, n6.value, n6.lower, n6.upper, n6.scale, n6.per], n6.value, n6.unit, n6.scale, n6.comparator, n6.period, head(COLLECT {
      MATCH (n6)-[r12:PARTNER]->(n11)
      RETURN [n11.name, n11.iso2]
    }), [COLLECT {
      MATCH (n6)-[r14:EVIDENCED_BY]->(n13)
      WITH n13, r14 ORDER BY n13.id LIMIT $p3
      RETURN [[n13.locator]]
    }]]]
  }, size(l5)]
}) AS f0
