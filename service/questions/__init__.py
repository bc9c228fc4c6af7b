"""Questions with an address: documents that ``/q/{name}`` answers as JSON, CSV and Atom.

1. ``document`` reads a document and its header: parameters, rows, columns.
2. ``columns`` finds the rows and columns of a document.
3. ``folder`` reads the shipped documents and an operator's own, and reports all problems at once.
4. ``parameters`` makes variables of a query string.
5. ``answer`` asks a question, page by page, in one version.
6. ``table`` and ``feed`` write the answer as CSV and Atom.
7. ``routes`` adds the addresses and the pages.
"""
