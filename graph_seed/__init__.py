"""Facts files in, graph out: read, check, cite, load, unload."""
