CYPHER 5
RETURN [COLLECT {
  MATCH (n2:TradeFigure) WHERE (n2.comparator IS NOT NULL AND NOT n2.comparator IN $p1)
  WITH n2 ORDER BY n2.comparator, n2.id LIMIT $p0
  RETURN [[n2.id, [n2.standing, n2.measure, [n2.comparator, n2.unit, n2.value, n2.lower, n2.upper, n2.scale, n2.per], n2.period], n2.comparator, n2.figureStatus, n2.value, n2.lower, n2.upper, n2.unit, [n2.comparator, n2.unit, n2.value, n2.lower, n2.upper, n2.scale, n2.per]]]
}] AS f0
