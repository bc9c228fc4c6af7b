"""Facts files in, graph out: read, check, cite, load, unload."""

from importlib import import_module
from typing import TYPE_CHECKING

from graph_seed.checking.check import Checked, check
from graph_seed.citing.cite import CiteReport, cite
from graph_seed.graph.report import LoadReport
from graph_seed.problems import FactsError, LoadError, Problem, render

if TYPE_CHECKING:
    from graph_seed.graph.ensure_schema import ensure_schema
    from graph_seed.loading.load import load, load_files, unload

__all__ = [
    "Checked",
    "CiteReport",
    "FactsError",
    "LoadError",
    "LoadReport",
    "Problem",
    "check",
    "cite",
    "ensure_schema",
    "load",
    "load_files",
    "render",
    "unload",
]

_NEED_DATABASE = {
    "load": "graph_seed.loading.load",
    "load_files": "graph_seed.loading.load",
    "unload": "graph_seed.loading.load",
    "ensure_schema": "graph_seed.graph.ensure_schema",
}


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """What needs the driver, imported when it is first used: it is half of what a check is."""
        if name not in _NEED_DATABASE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_NEED_DATABASE[name]), name)
