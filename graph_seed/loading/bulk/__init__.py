"""Load files of any size: checked as they stream, written in batches, resumed when loaded again.

1. `scan` reads all files once: `workers` check sections in several processes (`check_lines`),
   `id_index` keeps ids on disk, `spool` keeps what is to be written, `unchanged` skips sources that
   the graph has already.
2. `graph_conflicts` and `graph_cycles` find what does not fit the graph, before the first batch.
3. `load` takes the batches from the spool; `prefetch` prepares the next while the database works.
4. `batch` writes the new sources of a batch as one version; `merge_shared` merges entities that
   other sources describe too, and `entity_cache` keeps them for the batches that follow.
5. Sources that the graph has in another form are compared one by one, as small files are.
"""
