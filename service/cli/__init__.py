"""The command line, ``parley``.

1. `main` installs signal handlers (`interrupts`), then imports `app`.
2. `app` runs a command, and turns its errors into one line and an exit status.
3. `up`, `ask`, `facts` and `db` define the commands.
4. `console` prints lines, tables, progress, JSON and CSV; `reports` prints what a load did.
"""
