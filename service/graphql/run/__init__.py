"""From a request to a response.

1. ``service.http.router`` answers cached operations directly, others by Strawberry.
2. ``execution`` is Strawberry's extension that runs the engine in place of resolvers.
3. ``engine`` binds the values of the request, reads, and decodes.
"""
