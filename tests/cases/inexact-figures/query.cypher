CYPHER 5
RETURN [COLLECT {
  MATCH (n1:TradeFigure) WHERE (n1.comparator IS NOT NULL AND NOT n1.comparator IN $p1)
  WITH n1 ORDER BY n1.comparator, n1.id LIMIT $p0
  RETURN [[n1.id, [n1.standing, n1.measure, [n1.comparator, n1.unit, n1.value, n1.lower, n1.upper, n1.scale, n1.per], n1.period], n1.comparator, n1.figureStatus, n1.value, n1.lower, n1.upper, n1.unit, [n1.comparator, n1.unit, n1.value, n1.lower, n1.upper, n1.scale, n1.per]]]
}] AS f0
