"""A clock that tests can set and move. It replaces the one place of the house that reads the time."""

import datetime

import pytest

from clinic import clock


class MovableClock:
    """Stands still until it is moved; every reading is one microsecond after the last, as real ones are."""

    def __init__(self, at: datetime.datetime) -> None:
        self.at = at

    def read(self) -> datetime.datetime:
        self.at += datetime.timedelta(microseconds=1)
        return self.at

    def set(self, text: str) -> None:
        """Set to an ISO instant with an offset."""
        self.at = datetime.datetime.fromisoformat(text).astimezone(datetime.UTC)

    def forward(self, **delta: int) -> None:
        self.at += datetime.timedelta(**delta)


def install(monkeypatch: pytest.MonkeyPatch, text: str = "2027-01-15T02:00:00+00:00") -> MovableClock:
    """Put a movable clock in the place of the real one."""
    movable = MovableClock(datetime.datetime.fromisoformat(text))
    monkeypatch.setattr(clock, "_read", movable.read)
    return movable
