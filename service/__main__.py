"""``python -m service`` is ``parley``."""

from service.cli import main

main()
