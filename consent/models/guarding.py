"""How the database itself protects a table; `consent.guards` turns this into triggers on both engines."""

from clinic.models.guarding import Guard

__all__ = ["Guard"]
