"""Reach the database, and read from it.

1. `database` connects, checks the server's version, runs reads, and gives its errors a code;
`concurrency` limits how many
   run at once, `liveness` ends reads of a server that no longer answers.
2. `vocabulary_watch` notices when another vocabulary has built the graph.
3. `cypher_gate` decides whether a person's Cypher only reads; `cypher_read` runs it.
"""
