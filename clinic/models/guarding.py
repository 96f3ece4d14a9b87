"""How the database itself protects a table; the upper floor turns this into triggers on both engines."""

from enum import Enum


class Guard(Enum):
    """What the triggers of a table refuse."""

    APPEND_ONLY = "append-only"  # no update, delete, replace or truncate
    NO_DELETE = "no-delete"  # rows may move on, but never vanish
