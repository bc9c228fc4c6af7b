"""Reach the database, and read from it.

1. `database` connects, checks the server's version, and runs reads; `concurrency` limits how many
   run at once, `liveness` ends reads of a server that no longer answers.
2. `driver_errors` turns what the driver raises into errors with a code.
3. `vocabulary_watch` notices when another vocabulary has built the graph.
4. `cypher_gate` decides whether a person's Cypher only reads; `cypher_read` runs it.
"""
