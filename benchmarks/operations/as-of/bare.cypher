MATCH (l:Load) WHERE l.at <= datetime($known)
WITH l.version AS v ORDER BY l.at DESC LIMIT 1
MATCH (i:Node|PastNode {id: $issue})
WHERE i:Issue|PastIssue AND i.recordedIn <= v AND (i.expiredIn IS NULL OR i.expiredIn > v)
WITH v, i, coalesce(head(COLLECT { MATCH (now)-[:WAS]->(i) RETURN now }), i) AS now
CALL (v, now) {
  MATCH (now)<-[r:ABOUT|WAS_ABOUT]-(s:Statement|PastStatement)
  WHERE r.recordedIn <= v AND (r.expiredIn IS NULL OR r.expiredIn > v)
  WITH v, s ORDER BY s.id
  WITH v, collect(s) AS found
  RETURN size(found) AS total, COLLECT {
    UNWIND found[..10] AS s
    OPTIONAL MATCH (s)-[:WAS]->(w)
    WHERE s.recordedIn > v AND w.recordedIn <= v AND w.expiredIn > v
    WITH coalesce(w, s) AS s
    RETURN s {.id, .text}
  } AS nodes
}
RETURN {issue: {name: i.name, statements: {totalCount: total, nodes: nodes}}}
