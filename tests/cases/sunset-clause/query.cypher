CYPHER 5
RETURN [COLLECT {
  MATCH (n1:Issue) WHERE n1.nameAllFolded CONTAINS $p1 AND n1.id IS NOT NULL
  WITH n1 ORDER BY n1.id LIMIT $p0
  RETURN [[n1.name, [COLLECT {
    MATCH (n1)<-[r4:ABOUT]-(n3:Statement)
    WITH n3, r4 ORDER BY n3.saidOnEarliest, n3.id LIMIT $p2
    RETURN [[n3.id, n3.text, n3.mode, n3.speechAct, n3.quote, n3.capacity, n3.saidOn, [COLLECT {
      MATCH (n3)-[r6:SAID_BY]->(n5)
      WITH n5, r6 ORDER BY n5.id LIMIT $p3
      RETURN [[n5.name]]
    }], head(COLLECT {
      MATCH (n3)-[r8:SAID_AT]->(n7)
      RETURN [n7.name]
    }), [COLLECT {
      MATCH (n3)-[r10:EVIDENCED_BY]->(n9)
      WITH n9, r10 ORDER BY n9.id LIMIT $p4
      RETURN [[n9.locator, n9.start, n9.end, n9.startUtf16, n9.endUtf16, n9.sha256, head(COLLECT {
        MATCH (n9)-[r12:PART_OF]->(n11)
        RETURN [n11.id]
      })]]
    }]]]
  }, COUNT {
    MATCH (n1)<-[r14:ABOUT]-(n13:Statement)
  }]]]
}] AS f0
