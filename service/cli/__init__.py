"""The command line, ``parley``.

1. `main` handles signals first (`interrupts`), then imports `app`.
2. `app` holds the commands' groups, and turns errors into one line and an exit status.
3. `up`, `ask`, `facts`, `load_large` and `db` hold the commands.
4. `console` prints everything: lines, tables, progress, JSON and CSV;
   `reports` says what a load did.
"""
