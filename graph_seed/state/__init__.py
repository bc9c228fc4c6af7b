"""Compute what the graph shall contain; nothing here reads or writes a database.

1. `elements` turns records into nodes and relationships with their stored properties.
2. `entity_merge` merges what several sources say of an entity.
3. `desired_state` puts these together for some sources, and computes the standing of claims.

`index_limits` finds texts that no index can hold; `shared_entities` finds entities that several
sources define.
"""
