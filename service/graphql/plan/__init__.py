"""Plan operations, once for each document and shape of its variables.

1. ``limits`` rejects documents that are too deep or too wide, before they are validated.
2. ``cache`` finds the operation of a document, and its plan for the same shape of variables
   or compiles one.
3. ``document`` collects fields and coerces variables and arguments, as the GraphQL specification
says. 4. ``planner`` walks the collected fields; ``arguments`` and ``paging`` read filters,
orderings and
   pages; ``groups``, ``search``, ``temporal`` and ``captions`` plan their fields.
"""
