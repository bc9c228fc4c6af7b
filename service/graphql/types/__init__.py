"""Make the GraphQL schema of the vocabulary, at start.

1. ``names`` computes the names of types, inputs and fields. 2. ``inputs`` makes filters, orderings
and the arguments of ``@asOf``; ``groups`` the types and inputs
   of groups and aggregates; ``scalars`` the scalars.
3. ``schema`` adds nodes, links, connections and root fields, and makes the schema of them all by
   the ``registry``, which is the adapter to Strawberry and marks what ``deprecations`` lists.
"""
