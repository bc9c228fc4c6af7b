"""Make the GraphQL schema of the vocabulary, at start.

1. ``names`` computes the names of types, inputs and fields.
2. ``inputs`` and ``group_inputs`` make filters and orderings; ``aggregates``, ``groups`` and
   ``temporal`` their types; ``scalars`` the scalars.
3. ``schema`` adds nodes, links, connections and root fields, and makes the schema of them all by
   the ``registry``, which is the adapter to Strawberry.
"""
