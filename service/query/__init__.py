"""From a plan to an answer: what is asked as Cypher, what comes back as the answer's shape."""
