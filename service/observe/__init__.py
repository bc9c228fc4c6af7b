"""Observe requests: a record of each, a line in the log, metrics, spans."""
