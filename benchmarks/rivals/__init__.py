"""Rivals that answer the same operations: a bare endpoint, and a resolver for each field."""
