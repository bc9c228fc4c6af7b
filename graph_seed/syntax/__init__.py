"""Read facts files into syntax trees, and write edits back into their text.

1. `archives` and `sections` unpack large files and split JSON Lines by source; a truncated or
   damaged archive is an error.
2. `yaml`, `json_lines` and `python_values` parse one notation each into the nodes of `tree`: every
   scalar is still a text, with its place.
3. `read` picks the parser, and groups records into the sections of their sources.
4. `edits` changes the text of a file where a field stands, and replaces the file in one step.
"""
