MATCH (i:Issue) WHERE i.id IN $issues
WITH i ORDER BY i.nameFolded, i.id LIMIT 25
WITH collect(i {.id, .name, statements: {
  totalCount: COUNT { (i)<-[:ABOUT]-(:Statement) }
}}) AS found
RETURN {issues: found}
