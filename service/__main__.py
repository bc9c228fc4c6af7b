"""``python -m service`` is ``parley``."""

from service.cli.main import main

main()
