"""Parley's service: GraphQL over Neo4j, its managed database and its command line."""
