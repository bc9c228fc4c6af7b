"""Load files of any size: checked as they stream, written in batches, resumed when loaded again.

1. `scan` reads all files once and skips sources that did not change: `check_lines` checks sections
   in several processes, `id_index` keeps ids on disk, `spool` keeps what is to be written.
2. `graph_conflicts` and `graph_cycles` find what does not fit the graph, before the first batch.
3. `load` takes the batches from the spool, and prepares the next while the database works.
4. `batch` writes the new sources of a batch as one version; `merge_shared` finds and
   merges entities that other sources describe too.
5. Sources that the graph has in another form are compared one by one, as small files are.
"""
