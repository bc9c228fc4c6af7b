CYPHER 5
RETURN [COLLECT {
  MATCH (n1:AgendaItem)
  WITH n1 ORDER BY n1.itemKind, n1.agendaStatus, n1.id LIMIT $p0
  RETURN [[[n1.standing, COLLECT {
    MATCH (n1)-[r4:ABOUT]->(n3)
    WITH DISTINCT n3 ORDER BY n3.id LIMIT $p1
    RETURN CASE WHEN n3:Person|Organization|Country|Group|Agreement|Issue THEN [[l IN labels(n3) WHERE l IN ['Person', 'Organization', 'Country', 'Group', 'Agreement', 'Issue']][0], [n3.name]] WHEN n3:Event THEN ['Event', [n3.name, n3.date]] WHEN n3:TradeFigure THEN ['TradeFigure', [n3.standing, n3.measure, [n3.comparator, n3.unit, n3.value, n3.lower, n3.upper, n3.scale, n3.per], n3.period]] END
  }, n1.statusText, n1.agendaStatus, head(COLLECT {
    MATCH (n1)-[r6:PART_OF]->(n5)
    RETURN [n5.name]
  })], n1.itemKind, n1.agendaStatus, n1.statusText, [COLLECT {
    MATCH (n1)-[r8:ABOUT]->(n7)
    WITH n7, r8 ORDER BY n7.id LIMIT $p2
    RETURN [CASE WHEN n7:Person|Organization|Country|Group|Agreement|Event|TradeFigure THEN [[l IN labels(n7) WHERE l IN ['Person', 'Organization', 'Country', 'Group', 'Agreement', 'Event', 'TradeFigure']][0]] WHEN n7:Issue THEN ['Issue', n7.name] END]
  }], head(COLLECT {
    MATCH (n1)-[r10:PART_OF]->(n9)
    RETURN [n9.name]
  }), [COLLECT {
    MATCH (n1)-[r12:EVIDENCED_BY]->(n11)
    WITH n11, r12 ORDER BY n11.id LIMIT $p3
    RETURN [[n11.locator]]
  }]]]
}] AS f0
