"""Whether typed words could be printed, asked where they are typed. The upper floor knows; only the roof names it."""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from clinic.exceptions import InvalidInputError


@cache
def _check() -> Callable[..., str | None]:
    check: Callable[..., str | None] = import_string(settings.PRINTED_TEXT_CHECK)
    return check


def why_not_printable(text: str, *, several_lines: bool) -> str | None:
    """A sentence about the first sign that no paper could show; None where all can be shown.

    **Takes** whether line breaks and tabs are meant: a name that held one could not be printed.
    """
    return _check()(text, several_lines=several_lines)


def check_printable(text: str, *, field: str, several_lines: bool = False) -> None:
    """Raises InvalidInputError naming the field whose words no paper could show."""
    sentence = why_not_printable(text, several_lines=several_lines)
    if sentence is not None:
        raise InvalidInputError(sentence, field=field)
