"""The vocabulary of the graph, declared once; everything else is computed from it.

1. ``nodes``, ``relationships`` and ``enumerations`` declare it with the classes of ``declare``, the
   ``scalars`` of values; ``rules`` adds defaults and checks of single types.
2. ``build`` makes a ``Vocabulary`` of the declarations (``properties`` reads annotations, ``model``
   holds the resolved types), and ``lint`` finds the mistakes that show only in the whole.
3. ``storage`` computes constraints, indexes and the fingerprint; ``names`` the names in the store;
   ``captions`` reads caption templates.

``domain.DOMAIN`` is Parley's own vocabulary.
"""
