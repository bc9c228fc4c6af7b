"""The Cypher of the rival with a resolver for each link.

Each root query gives one column ``n``; each link finds ``n`` from ``id``, in order.
"""

_S = "s {.id, .text, .speechAct, .saidOn} AS n"

STATEMENT = f"MATCH (s:Statement {{id: $id}}) RETURN {_S}"
ACTOR = "MATCH (a:Actor&Node {id: $id}) RETURN a {.id, .name} AS n"
ISSUE = "MATCH (i:Issue {id: $id}) RETURN i {.id, .name} AS n"
EVENT = "MATCH (e:Event {id: $id}) RETURN e {.id, .name} AS n"
ISSUES = """\
MATCH (i:Issue) WHERE i.id IN $ids
RETURN i {.id, .name} AS n ORDER BY i.nameFolded, i.id"""
SEARCH = """\
UNWIND $words AS word
WITH word, COLLECT {
  CALL db.index.fulltext.queryNodes('parley_names', word, {limit: $named}) YIELD node AS e
  RETURN e.id
} AS ids
WITH collect('(' + reduce(q = word, id IN ids | q + ' OR "@' + id + '"^0') + ')') AS parts
WITH reduce(q = head(parts), one IN tail(parts) | q + ' AND ' + one) AS lucene
CALL db.index.fulltext.queryNodes('parley_full_text', lucene, {limit: 1000})
YIELD node AS s, score WHERE s:Statement
WITH s, score ORDER BY score DESC, s.id LIMIT $first
RETURN s {.id, .text, score: score} AS n"""
_OF_ISSUE = "MATCH (:Issue {id: $issue})<-[:ABOUT]-(s:Statement)"
_BETWEEN = f"{_OF_ISSUE} WHERE s.saidOnEarliest >= date($from) AND s.saidOnLatest <= date($to)"
OF_ISSUE = f"{_OF_ISSUE} RETURN {_S} ORDER BY s.id LIMIT $first"
OF_ISSUE_BETWEEN = f"{_BETWEEN} RETURN {_S} ORDER BY s.saidOnEarliest, s.id LIMIT $first"
COUNT_OF_ISSUE = f"{_BETWEEN} RETURN {{count: count(s)}} AS n"
BEFORE = f"""\
MATCH (s:Statement)
WHERE s.saidOnEarliest <= date($day) AND (s.saidOnEarliest < date($day) OR s.id > $id)
RETURN {_S} ORDER BY s.saidOnEarliest DESC, s.id LIMIT $first"""
WITHIN = f"""\
MATCH (:Organization {{id: $organization}})<-[:AFFILIATED_WITH]-()-[:AFFILIATION_OF]->(p)
WITH DISTINCT p MATCH (p)<-[:SAID_BY]-(s)
WITH DISTINCT s ORDER BY s.id LIMIT $first RETURN {_S}"""
WITH = """\
MATCH (:Organization {id: $organization})<-[:AFFILIATED_WITH]-(h)
RETURN h {.id, .role} AS n ORDER BY h.id LIMIT $first"""

ABOUT = "MATCH (:Statement {id: id})-[:ABOUT]->(i:Issue) WITH i {.id, .name} AS n ORDER BY i.id"
SPEAKERS = "MATCH (:Statement {id: id})-[:SAID_BY]->(a) WITH a {.id, .name} AS n ORDER BY a.id"
LATEST = f"""\
MATCH (:Actor&Node {{id: id}})<-[:SAID_BY]-(s)
WITH s ORDER BY s.saidOnEarliest IS NULL, s.saidOnEarliest DESC, s.id
WITH {_S}"""
AFFILIATIONS = """\
MATCH (:Actor&Node {id: id})<-[:AFFILIATION_OF]-(h)
WITH h {.id, .role} AS n ORDER BY h.id"""
HOLDER = "MATCH (:Affiliation {id: id})-[:AFFILIATION_OF]->(a) WITH a {.id, .name} AS n"
AFFILIATED_WITH = "MATCH (:Affiliation {id: id})-[:AFFILIATED_WITH]->(o) WITH o {.id, .name} AS n"
STATEMENTS = f"MATCH (:Issue {{id: id}})<-[:ABOUT]-(s:Statement) WITH s ORDER BY s.id WITH {_S}"
COUNTED = "MATCH (i:Issue {id: id}) WITH {count: COUNT { (i)<-[:ABOUT]-(:Statement) }} AS n"
PARTICIPANTS = """\
MATCH (:Event {id: id})-[r:HAS_PARTICIPANT]->(a)
WITH a {.id, .name, role: r.participantRole} AS n ORDER BY a.id"""
