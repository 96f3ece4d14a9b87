"""One act is one transaction, tried again from its beginning when another act came in between."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from clinic.exceptions import TryAgainError

P = ParamSpec("P")
R = TypeVar("R")
MOST_TRIES = 8


def one_act(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function as one durable transaction; after a `TryAgainError` all of it is taken back and run again."""

    @wraps(function)
    def act(*args: P.args, **kwargs: P.kwargs) -> R:
        for _try in range(MOST_TRIES - 1):
            try:
                with transaction.atomic(durable=True):
                    return function(*args, **kwargs)
            except TryAgainError:
                continue
        with transaction.atomic(durable=True):
            return function(*args, **kwargs)

    return act
