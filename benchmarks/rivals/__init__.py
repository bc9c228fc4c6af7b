"""Rivals in Python: a bare endpoint, and a GraphQL service with a resolver for each link."""
