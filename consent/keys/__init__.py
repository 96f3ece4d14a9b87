"""Keys that lie outside the database: those that close the secrets of entries, so that erasing one erases for good.

Files only, no tables. Nothing here writes a key into a log, a message or an exception.
"""
