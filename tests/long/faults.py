"""Ends or disturbs a process at the nth step of storage: before a statement, before a commit, right after one."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection

Act = Callable[[], None]


def die() -> None:
    """As when the plug is pulled: no handler runs, nothing is closed."""
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    """As when the disk is full."""
    raise OperationalError("database or disk is full")


class Steps:
    """Counts steps of storage and acts at the nth one, once; never when n is 0."""

    def __init__(self, nth: int = 0, act: Act = fail) -> None:
        self.nth = nth
        self.act = act
        self.count = 0
        self.seen: list[str] = []

    def step(self, what: str) -> None:
        self.count += 1
        self.seen.append(what)
        if self.count == self.nth:
            self.act()

    def around(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("ROLLBACK", "RELEASE")):  # undoing is no step that may fail: it is what a failure does
            self.step(sql[:60])
        return execute(sql, params, many, context)

    def commit(self, real: Callable[[], None]) -> Callable[[], None]:
        def commit() -> None:
            self.step("before COMMIT")
            real()
            if self.act is die:  # a failure reported after a commit is a lost connection; it must not undo anything
                self.step("after COMMIT")

        return commit


@contextmanager
def counted(steps: Steps) -> Iterator[Steps]:
    """Every step of storage in the block is counted."""
    connection.ensure_connection()
    real = connection._commit
    connection._commit = steps.commit(real)
    try:
        with connection.execute_wrapper(steps.around):
            yield steps
    finally:
        connection._commit = real
