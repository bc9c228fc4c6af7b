CYPHER 5
RETURN [COLLECT {
  MATCH (n1:Person) WHERE n1.nameAllFolded CONTAINS $p1 AND n1.id IS NOT NULL
  WITH n1 ORDER BY n1.id LIMIT $p0
  RETURN [[[n1.name], n1.name, [COLLECT {
    MATCH (n1)<-[r4:AFFILIATION_OF]-(n3)
    WITH n3, r4 ORDER BY n3.roleFolded, n3.id LIMIT $p2
    RETURN [[n3.role, head(COLLECT {
      MATCH (n3)-[r6:AFFILIATED_WITH]->(n5)
      RETURN CASE WHEN n5:Person|Country THEN [[l IN labels(n5) WHERE l IN ['Person', 'Country']][0]] WHEN n5:Organization THEN ['Organization', n5.name, n5.classification] WHEN n5:Group THEN ['Group', n5.name] WHEN n5:Agreement THEN ['Agreement', n5.name] END
    })]]
  }], [COLLECT {
    MATCH (n1)<-[r8:SAID_BY]-(n7)
    WITH n7, r8 ORDER BY n7.textFolded, n7.id LIMIT $p3
    RETURN [[n7.textFolded, n7.id], r8.recordedIn, [n7.text, [COLLECT {
      MATCH (n7)-[r10:STATES]->(n9)
      WITH n9, r10 ORDER BY n9.id LIMIT $p4
      RETURN [[[n9.comparator, n9.unit, n9.value, n9.lower, n9.upper, n9.scale, n9.per]]]
    }]]]
  }]]]
}] AS f0
