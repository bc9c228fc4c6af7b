"""The managed local Neo4j: downloaded once, supervised, joined by every command that needs it."""
