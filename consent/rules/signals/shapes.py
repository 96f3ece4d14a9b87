"""What the table must hold for each signal: the checks ask for these names, and the reader accepts no others.

>>> SHAPES["PS-11"].numbers
('attempts', 'seconds')
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from clinic.vocabulary import ProcedureCategory
from consent.rules.signals.facts import ContactChannel, InterpreterTie, ReasonForTest
from consent.vocabulary import PersonRole, RequestSource


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """Findings, numbers and lists of codes of one signal."""

    findings: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    codes: Mapping[str, type[StrEnum]] = field(default_factory=dict)


def _shape(findings: str, numbers: str = "", **codes: type[StrEnum]) -> Shape:
    return Shape(findings=tuple(findings.split()), numbers=tuple(numbers.split()), codes=codes)


VISIT: Mapping[str, Shape] = {
    "PS-01": _shape("below_floor below_pace", "words_per_minute characters_per_minute block_percent warn_percent"),
    "PS-02": _shape("rushed", "hours"),
    "PS-03": _shape("too_few nothing_not_opened", "seconds"),
    "PS-04": _shape("too_short"),
    "PS-05": _shape("stayed", "minutes"),
    "PS-06": _shape("outsider", roles=PersonRole),
    "PS-07": _shape("answered", "items"),
    "PS-08": _shape("tied", ties=InterpreterTie),
    "PS-09": _shape("gap"),
    "PS-10": _shape("forbidden_state"),
    "PS-11": _shape("many_attempts all_too_fast", "attempts seconds"),
    "PS-12": _shape("missing too_old in_company", "minutes"),
    "PS-13": _shape("differs written_on"),
    "PS-14": _shape("together", "decisions", kinds=ProcedureCategory),
    "PS-15": _shape("dependent worded"),
}
OVER_TIME: Mapping[str, Shape] = {
    "PS-16": _shape("asked_again asked_often", "often often_days"),
    "PS-17": _shape("turned_to_yes turned_to_no", "days"),
    "PS-18": _shape("before_yes before_no", "days", channels=ContactChannel),
    "PS-19": _shape("outside unclear", sources=RequestSource, unclear_sources=RequestSource),
    "PS-20": _shape("again regular", "days_from days_to tests_hold tests_block", reasons=ReasonForTest),
    "PS-21": _shape("chained", "hours"),
    "PS-22": _shape("overdue deferred denied", "days deferrals"),
    "PS-23": _shape("slow contacted", "seconds hours"),
    "PS-24": _shape("pushed not_fully_told", "from_days to_days told"),
}
SHAPES: Mapping[str, Shape] = {**VISIT, **OVER_TIME}
