"""Run a local Neo4j: download it once, supervise it, and let every command join it.

1. `jars` downloads Neo4j's files and verifies them by the lock.
2. `owner` locks the data folder (`home`), starts the process (`server`) and restarts it if it ends;
   `watchdog` kills a database that no longer answers; `startup_cache` makes later starts fast.
3. `connection` tells other processes how to reach it, `control` starts and stops it for them;
   `daemon` is the owner that `parley db start` leaves running.

`storage` explains errors of the file system; `lock_jars` is a developer's command.
"""
