"""The benchmark: an invented graph, operations, rivals that answer them, measurements, a report."""
