"""The database: raw notes, what is sealed, and an index that `verify` recomputes. SQLAlchemy Core, no ORM."""
