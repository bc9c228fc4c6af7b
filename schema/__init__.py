"""The vocabulary: the only place where a label, a relationship type or a property is named."""
