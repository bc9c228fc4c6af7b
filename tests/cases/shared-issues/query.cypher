CYPHER 5
RETURN head(COLLECT {
  MATCH (x4:Node) WHERE x4.id = $p0 MATCH (x3)-[e5:HELD_BY]->(x4)
  WITH DISTINCT x3 MATCH (n1:Issue)<-[e6:TOWARD]-(x3) WHERE x3.stance = $p1
  WITH DISTINCT n1 WHERE EXISTS {
    MATCH (n1)<-[e9:ABOUT]-(x8:Statement) MATCH (x8)-[e11:SAID_BY]->(x10) WHERE x10.nameAllFolded CONTAINS $p2
  }
  WITH collect(n1) AS l7
  RETURN [COLLECT {
    UNWIND l7 AS n12
    WITH *
    WITH n12 ORDER BY n12.nameFolded, n12.id LIMIT $p3
    RETURN [[n12.id, n12.name, n12.aliases]]
  }, size(l7)]
}) AS f0
