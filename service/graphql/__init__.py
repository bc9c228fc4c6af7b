"""GraphQL over the graph, in three stages.

1. ``types``: at start, the vocabulary becomes a GraphQL schema.
2. ``plan``: for each document and shape of its variables, an operation becomes a plan
   (``service.query``), which is kept.
3. ``run``: for each request, the plan's queries are run and its decoder makes the response.

``wording`` improves messages with what may be meant; ``outcome`` gives every error a code.
"""
