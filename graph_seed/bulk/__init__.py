"""Loading files of any size: checked as they stream, written in batches; stopped, it goes on."""

from graph_seed.bulk.files import is_large
from graph_seed.bulk.load import BulkReport, load_large

__all__ = ["BulkReport", "is_large", "load_large"]
