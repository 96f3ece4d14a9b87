"""From findings to signals: which action, who sees it, which sentence.

A check looks at facts and yields what it found. Here the table decides what that means for this kind of care. For a no
nothing is ever stopped: what pressed somebody to a no goes to the advocate, where the table says so.

>>> from consent.rules.signals.table import load_signals
>>> import datetime
>>> noon = datetime.datetime(2027, 3, 2, 12, 0, tzinfo=datetime.UTC)
>>> found = Found("PS-11", "many_attempts", at=noon, params={"attempts": 3})
>>> judge([found], load_signals(), category=ProcedureCategory.STER)[0].sentence
'One question was tried 3 times.'
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from clinic.vocabulary import ProcedureCategory
from consent.rules.signals.action import Action
from consent.rules.signals.table import OnNo, SeenBy, SignalRow, SignalTable, Unknown, action_for

Evidence = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found: the signal, which of its findings, and since when it is so."""

    signal_id: str
    finding: str
    at: datetime.datetime
    params: Mapping[str, str | int] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=dict)
    is_unknown: bool = False  # nobody knows whether it is so


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """One sign of pressure. The sentence is English and marked in the table; views translate, then fill the gaps."""

    id: str
    finding: str
    action: Action
    seen_by: SeenBy
    template: str  # with %(name)s gaps
    params: Mapping[str, str | int]
    evidence: Evidence  # facts by name; times as ISO 8601; never free text
    at: datetime.datetime  # from when it was so: the same however often it is asked
    is_unknown: bool = False

    @property
    def sentence(self) -> str:
        """The sentence in English."""
        return self.template % self.params


def judge(
    findings: Iterable[Found], table: SignalTable, *, category: ProcedureCategory, is_no: bool = False
) -> tuple[Signal, ...]:
    """What the findings mean for this kind of care, in the order found. **Takes** `is_no`: the decision was a no."""
    judged = (_signal(found, table, category=category, is_no=is_no) for found in findings)
    return tuple(signal for signal in judged if signal is not None)


def _signal(found: Found, table: SignalTable, *, category: ProcedureCategory, is_no: bool) -> Signal | None:
    row = table[found.signal_id]
    action = _action(found, row, category=category, is_no=is_no)
    if action is None:
        return None
    finding = row.findings[found.finding]
    params = {"title": row.title.en} if found.is_unknown else dict(found.params)
    return Signal(
        id=row.id,
        finding=found.finding,
        action=action,
        seen_by=SeenBy.ADVOCATE if action is Action.LOG else finding.seen_by,
        template=table.unknown.en if found.is_unknown else finding.sentence.en,
        params=params,
        evidence=dict(found.evidence),
        at=found.at,
        is_unknown=found.is_unknown,
    )


def _action(found: Found, row: SignalRow, *, category: ProcedureCategory, is_no: bool) -> Action | None:
    action = action_for(row, found.finding, category)
    if action is None or (found.is_unknown and row.unknown is Unknown.IGNORED):
        return None
    if is_no:
        return Action.LOG if row.on_no is OnNo.LOG and not found.is_unknown else None
    return action.where_unknown if found.is_unknown else action


def stated(instant: datetime.datetime | None) -> str:
    """An instant as evidence states it."""
    return "unknown" if instant is None else instant.astimezone(datetime.UTC).isoformat()
