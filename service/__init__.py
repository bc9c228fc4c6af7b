"""Serve the graph: GraphQL over Neo4j, the managed database, and the command line."""
