"""Read and write the graph, version by version.

1. `ensure_schema` creates constraints and indexes, and migrates a graph of an older vocabulary
   (`migrate`).
2. `versions` takes the lock that orders all loads, and marks a commit's begin and end.
3. `repository` reads what the graph contains of some sources.
4. `diff` compares that with the desired state, and refuses what other sources still need.
5. `writer` writes the difference as one version, whoever loads, and keeps what it replaces as
   history.
6. `cycles` refuses links that lead in a cycle.
7. `attach` attaches a source's text; `hints` finds entities that may be the same; `report` lists
   what was done.
"""
