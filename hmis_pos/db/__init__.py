"""The only home of SQLAlchemy: ``central`` (the hospital's books) and ``local`` (a terminal's own store)."""
