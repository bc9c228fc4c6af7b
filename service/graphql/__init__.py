"""GraphQL: types made of the vocabulary, and the execution that answers by one query."""
