"""How logs are written: where a fault happened and of which kind, never what stood in the rows or the forms.

A database that refuses a row quotes it, and a parser quotes what it could not read: names, dates, words somebody said.
So a trace is written with its places and its kinds, and without its sentences.
"""

import copy
import logging
import traceback
from typing import Any


class WordlessFormatter(logging.Formatter):
    """Like the usual one, without the sentences of exceptions."""

    def format(self, record: logging.LogRecord) -> str:
        own = copy.copy(record)
        own.exc_text = None  # another handler may have put its text there
        return super().format(own)

    def formatException(self, ei: Any) -> str:  # the name is the standard library's
        parts: list[str] = []
        fault: BaseException | None = ei[1]
        while fault is not None:
            trace = "".join(traceback.format_tb(fault.__traceback__))
            parts.insert(0, f"{trace}{type(fault).__module__}.{type(fault).__qualname__}")
            fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
        return "\nwhich led to:\n".join(parts)
