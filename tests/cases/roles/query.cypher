CYPHER 5
RETURN [COLLECT {
  MATCH (n1:Affiliation) WHERE NOT (coalesce(n1.role = $p0, false))
  WITH n1, head(COLLECT {
    MATCH (n1)-[r5:AFFILIATION_OF]->(n4)
    RETURN n4.nameFolded
  }) AS k3
  WITH n1, k3 ORDER BY k3, n1.roleFolded, n1.id LIMIT $p1
  RETURN [[[n1.standing, head(COLLECT {
    MATCH (n1)-[r7:AFFILIATION_OF]->(n6)
    RETURN [n6.name]
  }), n1.role, head(COLLECT {
    MATCH (n1)-[r9:AFFILIATED_WITH]->(n8)
    RETURN [n8.name]
  }), n1.affiliationStatus], n1.role, n1.affiliationStatus, n1.department, head(COLLECT {
    MATCH (n1)-[r11:AFFILIATION_OF]->(n10)
    RETURN [[l IN labels(n10) WHERE l IN ['Person', 'Organization', 'Country', 'Group']][0], n10.name]
  }), head(COLLECT {
    MATCH (n1)-[r13:AFFILIATED_WITH]->(n12)
    RETURN [[l IN labels(n12) WHERE l IN ['Person', 'Organization', 'Country', 'Group', 'Agreement']][0], n12.name]
  }), [COLLECT {
    MATCH (n1)-[r15:EVIDENCED_BY]->(n14)
    WITH n14, r15 ORDER BY n14.id LIMIT $p2
    RETURN [[n14.locator]]
  }]]]
}, COUNT {
  MATCH (n16:Affiliation) WHERE NOT (coalesce(n16.role = $p3, false))
}] AS f0
