"""Compute what the graph shall contain; nothing here reads or writes a database.

1. `elements` turns records into nodes and relationships with their stored properties.
2. `entity_merge` finds entities that several sources define, and merges what they say of each.
3. `desired_state` puts these together for some sources, and computes the standing of claims.

`index_limits` finds texts that no index can hold.
"""
