CYPHER 5
RETURN [COLLECT {
  MATCH (n2:Affiliation) WHERE NOT (coalesce(n2.role = $p0, false))
  WITH n2, head(COLLECT {
    MATCH (n2)-[r6:AFFILIATION_OF]->(n5)
    RETURN n5.nameFolded
  }) AS k4
  WITH n2, k4 ORDER BY k4, n2.roleFolded, n2.id LIMIT $p1
  RETURN [[[n2.standing, head(COLLECT {
    MATCH (n2)-[r8:AFFILIATION_OF]->(n7)
    RETURN [n7.name]
  }), n2.role, head(COLLECT {
    MATCH (n2)-[r10:AFFILIATED_WITH]->(n9)
    RETURN [n9.name]
  }), n2.affiliationStatus], n2.role, n2.affiliationStatus, n2.department, head(COLLECT {
    MATCH (n2)-[r12:AFFILIATION_OF]->(n11)
    RETURN [[l IN labels(n11) WHERE l IN ['Person', 'Organization', 'Country', 'Group']][0], n11.name]
  }), head(COLLECT {
    MATCH (n2)-[r14:AFFILIATED_WITH]->(n13)
    RETURN [[l IN labels(n13) WHERE l IN ['Person', 'Organization', 'Country', 'Group', 'Agreement']][0], n13.name]
  }), [COLLECT {
    MATCH (n2)-[r16:EVIDENCED_BY]->(n15)
    WITH n15, r16 ORDER BY n15.id LIMIT $p2
    RETURN [[n15.locator]]
  }]]]
}, COUNT {
  MATCH (n17:Affiliation) WHERE NOT (coalesce(n17.role = $p3, false))
}] AS f0
