"""Measure Parley against rivals that answer the same operations on the same invented graph.

1. `generate` (`article`, `invented_world`, `source_text`) invents a graph, `graph` loads it.
2. `samples` draws variables for the `operations`, `servers` starts the `rivals`.
3. `compare` checks that all rivals give the same `answers`; `run` measures them (`measure`).
4. `results` keeps the measurements; `report` writes them as tables and a picture.

`load`, `soak`, `growth`, `commits`, `as_of`, `planning` and `driver` measure other questions.
"""
