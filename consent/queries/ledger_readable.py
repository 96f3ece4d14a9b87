"""Reads rows one by one where a damaged column hides a whole page of them."""

from collections.abc import Iterator
from typing import Any

from django.db import models


def readable(found: models.QuerySet[Any], every: models.QuerySet[Any]) -> Iterator[Any]:
    """The rows of a queryset that can be read, if need be one by one: a damaged column must hide only its row."""
    try:
        rows = list(found)
    except ValueError:
        rows = []
        for key in readable_keys(found):
            try:
                rows += every.filter(pk=key)
            except ValueError:
                continue
    yield from rows


def readable_keys(found: models.QuerySet[Any]) -> list[Any]:
    """The primary keys of a queryset; none when one of them cannot be read (its own row is a finding)."""
    try:
        return list(found.values_list("pk", flat=True))
    except ValueError:
        return []
