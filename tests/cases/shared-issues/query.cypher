CYPHER 5
RETURN [COLLECT {
  MATCH (n1:Issue) WHERE (EXISTS {
    MATCH (n1)<-[e4:TOWARD]-(x3) WHERE x3.stance = $p0 MATCH (x3)-[e6:HELD_BY]->(x5) WHERE x5.id = $p1
  } AND EXISTS {
    MATCH (n1)<-[e8:ABOUT]-(x7:Statement) MATCH (x7)-[e10:SAID_BY]->(x9) WHERE x9.nameFolded CONTAINS $p2
  })
  WITH n1 ORDER BY n1.nameFolded, n1.id LIMIT $p3
  RETURN [[n1.id, n1.name, n1.aliases]]
}, COUNT {
  MATCH (n11:Issue) WHERE (EXISTS {
    MATCH (n11)<-[e14:TOWARD]-(x13) WHERE x13.stance = $p4 MATCH (x13)-[e16:HELD_BY]->(x15) WHERE x15.id = $p5
  } AND EXISTS {
    MATCH (n11)<-[e18:ABOUT]-(x17:Statement) MATCH (x17)-[e20:SAID_BY]->(x19) WHERE x19.nameFolded CONTAINS $p6
  })
}] AS f0
