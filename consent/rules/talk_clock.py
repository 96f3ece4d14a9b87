"""What the server's clock noted while a talk was being written down. Only the server makes these marks.

A mark is a name and an instant. What runs for a while (the time alone, another choice lying open) has numbered pairs of
marks; an answer that was judged has one mark for each time the question was asked.

>>> noon = datetime.datetime(2027, 1, 15, 12, 0, tzinfo=datetime.UTC)
>>> marks = stopped(started({}, ALONE, noon), ALONE, noon + datetime.timedelta(minutes=11, seconds=30))
>>> seconds(marks, ALONE), minutes(marks, ALONE), is_running(marks, ALONE)
(690, 11, False)
"""

import datetime
from collections.abc import Mapping

SHEET = "sheet"
ALONE = "alone"
CHOICE = "choice:"  # followed by the key of the alternative
SAID = "said:"  # followed by the number of the question

Marks = Mapping[str, str]  # name of the mark -> ISO 8601, UTC


def choice(key: str) -> str:
    """What runs while this alternative lies open."""
    return f"{CHOICE}{key}"


def said(number: int) -> str:
    """What is marked each time the answer to this question was judged."""
    return f"{SAID}{number}"


def noted(marks: Marks, name: str, at: datetime.datetime) -> dict[str, str]:
    """The marks with one more; the first of its name stays."""
    return {name: at.isoformat(), **marks}


def instant(marks: Marks, name: str) -> datetime.datetime | None:
    """When this was marked; None where it never was."""
    return datetime.datetime.fromisoformat(marks[name]) if name in marks else None


def times(marks: Marks, name: str) -> int:
    """How often this was begun or, of an answer, judged."""
    number = 0
    while _begin(name, number + 1) in marks:
        number += 1
    return number


def is_running(marks: Marks, name: str) -> bool:
    """True where this was begun and has not ended."""
    latest = times(marks, name)
    return latest > 0 and _end(name, latest) not in marks


def running_choice(marks: Marks) -> str | None:
    """The key of the alternative that lies open now."""
    return next((key for key in choices_opened(marks) if is_running(marks, choice(key))), None)


def choices_opened(marks: Marks) -> tuple[str, ...]:
    """The keys of all alternatives that were ever opened, in the order of the first opening."""
    first = {name.removeprefix(CHOICE).removesuffix(".1.begin"): at for name, at in marks.items() if _is_first(name)}
    return tuple(sorted(first, key=lambda key: first[key]))


def started(marks: Marks, name: str, at: datetime.datetime) -> dict[str, str]:
    """The marks with this running; as they were where it runs already."""
    if is_running(marks, name):
        return dict(marks)
    return {**marks, _begin(name, times(marks, name) + 1): at.isoformat()}


def stopped(marks: Marks, name: str, at: datetime.datetime) -> dict[str, str]:
    """The marks with this ended; as they were where it does not run."""
    if not is_running(marks, name):
        return dict(marks)
    return {**marks, _end(name, times(marks, name)): at.isoformat()}


def opened(marks: Marks, key: str, at: datetime.datetime) -> dict[str, str]:
    """The marks with this alternative open, and no other: one talks about one thing at a time."""
    return started(closed(marks, at), choice(key), at)


def closed(marks: Marks, at: datetime.datetime) -> dict[str, str]:
    """The marks with no alternative open."""
    key = running_choice(marks)
    return dict(marks) if key is None else stopped(marks, choice(key), at)


def judged(marks: Marks, number: int, at: datetime.datetime) -> dict[str, str]:
    """The marks with one more judgement of the answer to this question."""
    name = said(number)
    return {**marks, _begin(name, times(marks, name) + 1): at.isoformat()}


def seconds(marks: Marks, name: str) -> int | None:
    """Whole seconds of all that has ended; None where it never began."""
    count = times(marks, name)
    spans = [_span(marks, name, number) for number in range(1, count + 1)]
    return int(sum(spans, datetime.timedelta()).total_seconds()) if count else None


def minutes(marks: Marks, name: str) -> int | None:
    """Whole minutes of all that has ended; None where it never began."""
    found = seconds(marks, name)
    return None if found is None else found // 60


def _span(marks: Marks, name: str, number: int) -> datetime.timedelta:
    begun, ended = instant(marks, _begin(name, number)), instant(marks, _end(name, number))
    if begun is None or ended is None:
        return datetime.timedelta()
    return max(ended - begun, datetime.timedelta())


def _is_first(name: str) -> bool:
    return name.startswith(CHOICE) and name.endswith(".1.begin")


def _begin(name: str, number: int) -> str:
    return f"{name}.{number}.begin"


def _end(name: str, number: int) -> str:
    return f"{name}.{number}.end"
