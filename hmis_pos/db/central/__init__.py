"""The central HMIS database: one code for PostgreSQL and for the embedded SQLite.

``database.CentralDatabase`` runs the phases of the use cases; ``stores/`` holds one file a port of ``cashier.ports``. What must never
happen is refused by the database itself: constraints and unique indexes in ``tables.py``, triggers in ``guards.py``. The HMIS owns
``tables_hmis.py``; ``hmis_map.py`` fits a hospital's own names. ``migrate.py`` brings a database to the present version, ``seed.py``
fills the demo hospital, ``invariants.py`` checks the promises P1 to P5 over everything stored.
"""
