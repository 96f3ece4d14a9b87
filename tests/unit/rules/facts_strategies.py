"""Any facts at all, drawn from the types of `consent.facts`: every fact that is added is drawn the day it is added."""

import dataclasses
import datetime
import typing
import uuid
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any

from hypothesis import strategies as st

from consent.facts import GateFacts

DAYS = {"min_value": datetime.date(1900, 1, 1), "max_value": datetime.date(2199, 12, 31)}
SECONDS = (datetime.datetime(year, 1, 1, 13, tzinfo=datetime.UTC).timestamp() for year in (1900, 2199))
SINGLE: dict[type, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(0, 1_000_000_000),
    str: st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30),
    datetime.datetime: st.floats(*SECONDS).map(lambda at: datetime.datetime.fromtimestamp(at, tz=datetime.UTC)),
    datetime.date: st.dates(**DAYS),
    uuid.UUID: st.uuids(),
}
ZONES = st.sampled_from(["UTC", "Asia/Shanghai", "America/Argentina/Buenos_Aires", "Etc/GMT+12"])
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)


def drawn(kind: Any, name: str = "") -> st.SearchStrategy[Any]:
    """Any value of one type; digests and zones, which are texts, are known by their names."""
    parts = typing.get_args(kind)
    if isinstance(kind, UnionType):
        return st.one_of(*(st.none() if part is NoneType else drawn(part, name) for part in parts))
    if typing.get_origin(kind) is tuple:
        return st.lists(drawn(parts[0], name), max_size=3).map(tuple)
    if dataclasses.is_dataclass(kind):
        return st.builds(kind, **{key: drawn(inner, key) for key, inner in typing.get_type_hints(kind).items()})
    if issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    if kind is str and (name == "time_zone" or name.endswith("_digest")):
        return ZONES if name == "time_zone" else DIGESTS
    return SINGLE[kind]


any_facts = drawn(GateFacts)
