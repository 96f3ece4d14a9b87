"""One act is one transaction, tried again from its beginning when another act came in between."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from clinic.exceptions import TryAgainError

P = ParamSpec("P")
R = TypeVar("R")
MOST_TRIES = 8

_last_steps: ContextVar[list[Callable[[], None]] | None] = ContextVar("last_steps", default=None)


def one_act(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function as one durable transaction; after a `TryAgainError` all of it is taken back and run again."""

    @wraps(function)
    def act(*args: P.args, **kwargs: P.kwargs) -> R:
        steps: list[Callable[[], None]] | None = []
        for _try in range(MOST_TRIES - 1):
            try:
                return _once(steps, function, *args, **kwargs)
            except TryAgainError:
                steps = None
        return _once(steps, function, *args, **kwargs)

    return act


def as_last_step(step: Callable[[], None]) -> bool:
    """Have something done when all else of the running act is done, still in its transaction.

    **Gives** whether it will be: not outside an act, nor in one that is tried again, for it may be the reason.
    """
    steps = _last_steps.get()
    if steps is not None:
        steps.append(step)
    return steps is not None


def _once(steps: list[Callable[[], None]] | None, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    running = _last_steps.set(steps)
    try:
        with transaction.atomic(durable=True):
            answer = function(*args, **kwargs)
            for step in steps or ():
                step()
            return answer
    finally:
        _last_steps.reset(running)
