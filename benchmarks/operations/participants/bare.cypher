MATCH (e:Event {id: $event})
RETURN {event: {
  name: e.name,
  participants: COLLECT {
    MATCH (e)-[r:HAS_PARTICIPANT]->(a)
    WITH r, a ORDER BY a.id LIMIT 20
    RETURN {participantRole: r.participantRole, node: a {.id, .name}}
  }
}}
