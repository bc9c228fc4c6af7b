"""Put the documentation into the package, where ``service.pages`` shows it once installed."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithDocumentation(build_py):
    """Builds the packages, and copies ``docs/`` beside the pages."""

    def run(self) -> None:
        """Build, then copy."""
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib, "service", "pages", "docs")
            shutil.copytree("docs", target, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithDocumentation})
