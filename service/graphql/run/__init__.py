"""From a request to a response.

1. ``service.http.router`` answers cached operations directly, others by Strawberry.
2. ``engine`` binds the values of the request, reads, and decodes, in place of resolvers.
"""
