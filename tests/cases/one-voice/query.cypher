CYPHER 5
RETURN [COLLECT {
  MATCH (n2:Person) WHERE n2.nameAllFolded CONTAINS $p1 AND n2.id IS NOT NULL
  WITH n2 ORDER BY n2.id LIMIT $p0
  RETURN [[[n2.name], n2.name, [COLLECT {
    MATCH (n2)<-[r5:AFFILIATION_OF]-(n4)
    WITH n4, r5 ORDER BY n4.roleFolded, n4.id LIMIT $p2
    RETURN [[n4.role, head(COLLECT {
      MATCH (n4)-[r7:AFFILIATED_WITH]->(n6)
      RETURN CASE WHEN n6:Person|Country THEN [[l IN labels(n6) WHERE l IN ['Person', 'Country']][0]] WHEN n6:Organization THEN ['Organization', n6.name, n6.classification] WHEN n6:Group THEN ['Group', n6.name] WHEN n6:Agreement THEN ['Agreement', n6.name] END
    })]]
  }], [COLLECT {
    MATCH (n2)<-[r9:SAID_BY]-(n8)
    WITH n8, r9 ORDER BY n8.textFolded, n8.id LIMIT $p3
    RETURN [[n8.textFolded, n8.id], r9.recordedIn, [n8.text, [COLLECT {
      MATCH (n8)-[r11:STATES]->(n10)
      WITH n10, r11 ORDER BY n10.id LIMIT $p4
      RETURN [[[n10.comparator, n10.unit, n10.value, n10.lower, n10.upper, n10.scale, n10.per]]]
    }]]]
  }]]]
}] AS f0
