"""From a request to a response.

1. ``service.http.router`` finds cached operations, and lets ``engine`` parse others.
2. ``engine`` binds the values of the request, reads, and decodes, in place of resolvers.
"""
