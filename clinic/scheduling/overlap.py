"""Do two times overlap? Half-open: an appointment that ends at ten does not touch one that starts at ten.

>>> import datetime
>>> nine, ten, eleven = (datetime.datetime(2026, 3, 2, h, tzinfo=datetime.UTC) for h in (9, 10, 11))
>>> overlaps((nine, ten), (ten, eleven)), overlaps((nine, eleven), (ten, eleven))
(False, True)
"""

import datetime
from collections.abc import Iterable

Span = tuple[datetime.datetime, datetime.datetime]
LONGEST = datetime.timedelta(hours=24)


def overlaps(one: Span, other: Span) -> bool:
    """Whether two spans [start, end) share an instant."""
    return one[0] < other[1] and other[0] < one[1]


def first_overlap(wanted: Span, taken: Iterable[Span]) -> Span | None:
    """The earliest taken span that overlaps the wanted one, or None when the time is free."""
    return min((span for span in taken if overlaps(wanted, span)), default=None)
