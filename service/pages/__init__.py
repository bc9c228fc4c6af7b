"""Pages for browsers: the page at ``/``, GraphiQL at ``/graphql``, the documentation at ``/docs``.

1. `documentation` reads the pages of ``docs/``, renders them, and finds their examples.
2. `home` asks the engine what is loaded and what a search finds.
3. `archive` reads GraphiQL from one compressed file, which ``make graphiql`` writes.
4. `rendering` makes responses: templates, headers, files that a browser may keep.
5. `routes` adds all of them to the application.

No page needs the network. Only GraphiQL needs scripts.
"""
