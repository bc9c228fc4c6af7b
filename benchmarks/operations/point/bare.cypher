MATCH (s:Statement {id: $id})
RETURN {statement: s {.id, .text, .speechAct, .saidOn}}
