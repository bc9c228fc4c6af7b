"""From a request to a response.

1. ``router`` is the HTTP route: it answers operations that are kept directly, others by Strawberry.
2. ``execution`` is Strawberry's extension that runs the engine in place of resolvers.
3. ``engine`` binds the values of the request, reads, and decodes.
"""
