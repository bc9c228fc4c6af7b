"""Facts files in, graph out: read, check, cite, load, unload."""

from graph_seed.check import Checked, check
from graph_seed.cite import CiteReport, cite
from graph_seed.load import load, load_files, unload
from graph_seed.prepare import prepare
from graph_seed.problems import FactsError, LoadError, Problem, render
from graph_seed.report import LoadReport

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
