CYPHER 5
RETURN [COLLECT {
  MATCH (n2:AgendaItem)
  WITH n2 ORDER BY n2.itemKind, n2.agendaStatus, n2.id LIMIT $p0
  RETURN [[[n2.standing, COLLECT {
    MATCH (n2)-[r5:ABOUT]->(n4)
    WITH DISTINCT n4 ORDER BY n4.id LIMIT $p1
    RETURN CASE WHEN n4:Person|Organization|Country|Group|Agreement|Issue THEN [[l IN labels(n4) WHERE l IN ['Person', 'Organization', 'Country', 'Group', 'Agreement', 'Issue']][0], [n4.name]] WHEN n4:Event THEN ['Event', [n4.name, n4.date]] WHEN n4:TradeFigure THEN ['TradeFigure', [n4.standing, n4.measure, [n4.comparator, n4.unit, n4.value, n4.lower, n4.upper, n4.scale, n4.per], n4.period]] END
  }, n2.statusText, n2.agendaStatus, head(COLLECT {
    MATCH (n2)-[r7:PART_OF]->(n6)
    RETURN [n6.name]
  })], n2.itemKind, n2.agendaStatus, n2.statusText, [COLLECT {
    MATCH (n2)-[r9:ABOUT]->(n8)
    WITH n8, r9 ORDER BY n8.id LIMIT $p2
    RETURN [CASE WHEN n8:Person|Organization|Country|Group|Agreement|Event|TradeFigure THEN [[l IN labels(n8) WHERE l IN ['Person', 'Organization', 'Country', 'Group', 'Agreement', 'Event', 'TradeFigure']][0]] WHEN n8:Issue THEN ['Issue', n8.name] END]
  }], head(COLLECT {
    MATCH (n2)-[r11:PART_OF]->(n10)
    RETURN [n10.name]
  }), [COLLECT {
    MATCH (n2)-[r13:EVIDENCED_BY]->(n12)
    WITH n12, r13 ORDER BY n12.id LIMIT $p3
    RETURN [[n12.locator]]
  }]]]
}] AS f0
