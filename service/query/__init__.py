"""Plans: what an operation reads, compiled to one Cypher query and to a decoder of its rows.

1. ``service.graphql`` makes a plan: a tree of fields (``operation``, ``nodes``, ``connections``,
   ``groups``, ``aggregates``, ``search``, ``history``, ``values``). Values of the request are
   ``parameters``.
2. ``operation.compile_queries`` asks each field for its column, a ``fragments.Cypher``. An
   ``emitter`` names variables, a ``reader`` writes how the graph is read at a time (``historical``
   for former versions), ``access_paths`` and ``top_n`` choose how lists are found and ordered,
   ``predicates`` and ``ordering`` write filters, orderings and cursors.
3. ``operation.make_decoder`` asks each field for its decoder (``decoding``), which reads the
   field's column: so a field, its column and its decoder stand in one class.
"""
