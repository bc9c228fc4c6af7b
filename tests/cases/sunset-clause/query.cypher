CYPHER 5
RETURN [COLLECT {
  MATCH (n2:Issue) WHERE n2.nameAllFolded CONTAINS $p1 AND n2.id IS NOT NULL
  WITH n2 ORDER BY n2.id LIMIT $p0
  RETURN [[n2.name, [COLLECT {
    MATCH (n2)<-[r5:ABOUT]-(n4:Statement)
    WITH n4, r5 ORDER BY n4.saidOnEarliest, n4.id LIMIT $p2
    RETURN [[n4.id, n4.text, n4.mode, n4.speechAct, n4.quote, n4.capacity, n4.saidOn, [COLLECT {
      MATCH (n4)-[r7:SAID_BY]->(n6)
      WITH n6, r7 ORDER BY n6.id LIMIT $p3
      RETURN [[n6.name]]
    }], head(COLLECT {
      MATCH (n4)-[r9:SAID_AT]->(n8)
      RETURN [n8.name]
    }), [COLLECT {
      MATCH (n4)-[r11:EVIDENCED_BY]->(n10)
      WITH n10, r11 ORDER BY n10.id LIMIT $p4
      RETURN [[n10.locator, n10.start, n10.end, n10.startUtf16, n10.endUtf16, n10.sha256, head(COLLECT {
        MATCH (n10)-[r13:PART_OF]->(n12)
        RETURN [n12.id]
      })]]
    }]]]
  }, COUNT {
    MATCH (n2)<-[r15:ABOUT]-(n14:Statement)
  }]]]
}] AS f0
