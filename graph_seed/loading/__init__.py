"""Load sources into the graph, and unload them.

1. `load` checks and validates records, and retries transient errors; `check_against` compares
   files with a graph without a load.
2. `transaction` compares and writes the sources in one transaction.
3. `source_load` does that for one source, or for some that hold only together.

`bulk` loads files of any size in batches.
"""
