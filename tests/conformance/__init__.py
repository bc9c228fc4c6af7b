"""Run the audits of the npm package ``graphql-http``, and try GraphQL clients on the service.

``make conformance`` runs it: ``audit.mjs`` has the audits, ``clients`` the clients.
"""
