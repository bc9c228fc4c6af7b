"""Check facts files: syntax trees become records, and every problem is reported at once.

1. `record_schema` says which names a record of a type may have.
2. `expand` resolves short forms and `like:`, and computes ids; the result is a draft of a record.
3. `parse_values` and `references` parse values and links of a draft, `check_source` its passages.
4. `expand.apply_defaults` adds what follows from other values.
5. `validate` holds every rule on a finished record, wherever the record came from.
6. `check_source` does this for one source, `check` for all files together, links that lead back to
   their start included.

`json_schema` states as much of this as JSON Schema can, for editors.
"""
