"""Facts files in, graph out: read, check, cite, load, unload."""

from importlib import import_module
from typing import TYPE_CHECKING

from graph_seed.check import Checked, check
from graph_seed.cite import CiteReport, cite
from graph_seed.problems import FactsError, LoadError, Problem, render
from graph_seed.report import LoadReport

if TYPE_CHECKING:
    from graph_seed.loading import load, load_files, unload
    from graph_seed.preparing import prepare

__all__ = [
    "Checked",
    "CiteReport",
    "FactsError",
    "LoadError",
    "LoadReport",
    "Problem",
    "check",
    "cite",
    "load",
    "load_files",
    "prepare",
    "render",
    "unload",
]

_NEED_DATABASE = {
    "load": "graph_seed.loading",
    "load_files": "graph_seed.loading",
    "unload": "graph_seed.loading",
    "prepare": "graph_seed.preparing",
}


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """What needs the driver, imported when it is first used: it is half of what a check is."""
        if name not in _NEED_DATABASE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_NEED_DATABASE[name]), name)
