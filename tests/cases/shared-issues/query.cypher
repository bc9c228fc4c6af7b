CYPHER 5
RETURN [COLLECT {
  MATCH (x4:Node) WHERE x4.id = $p0 MATCH (x3:Position)-[e5:HELD_BY]->(x4)
  WITH DISTINCT x3 MATCH (n1:Issue)<-[e6:TOWARD]-(x3) WHERE x3.stance = $p1
  WITH DISTINCT n1 WHERE EXISTS {
    MATCH (n1)<-[e8:ABOUT]-(x7:Statement) MATCH (x7)-[e10:SAID_BY]->(x9) WHERE x9.nameFolded CONTAINS $p2
  }
  WITH n1 ORDER BY n1.nameFolded, n1.id LIMIT $p3
  RETURN [[n1.id, n1.name, n1.aliases]]
}, COUNT {
  MATCH (x14:Node) WHERE x14.id = $p4 MATCH (x13:Position)-[e15:HELD_BY]->(x14)
  WITH DISTINCT x13 MATCH (n11:Issue)<-[e16:TOWARD]-(x13) WHERE x13.stance = $p5
  WITH DISTINCT n11 WHERE EXISTS {
    MATCH (n11)<-[e18:ABOUT]-(x17:Statement) MATCH (x17)-[e20:SAID_BY]->(x19) WHERE x19.nameFolded CONTAINS $p6
  }
  RETURN DISTINCT n11
}] AS f0
