MATCH (:Issue {id: $issue})<-[:ABOUT]-(s:Statement)
WITH s.speechAct AS value, count(s) AS count ORDER BY count DESC, value
WITH collect({key: {value: value}, count: count}) AS groups
RETURN {statements: {groupBy: groups}}
