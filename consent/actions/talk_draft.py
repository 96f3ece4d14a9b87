"""What a clinician has entered of a talk so far, kept on the server after every page. No act and no evidence.

It belongs to one clinician and one consent. The times in it are the server's own. Recording the talk empties it.
"""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from clinic import clock
from clinic.actions.acting import one_act
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, move
from consent.actions.signal_holds import raise_signal_holds
from consent.models import Consent, TalkDraft
from consent.queries.staff_words import Flagged, flagged_words
from consent.rules import talk_clock
from consent.vocabulary import Act

Answers = Mapping[str, str | list[str]]  # as typed, by field

SHEET_OPENED = "sheet"
ALONE_BEGINS, ALONE_ENDS = "alone-begins", "alone-ends"
CHOICE_OPENED, CHOICES_CLOSED = talk_clock.CHOICE, "choices-closed"


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one page: words in it that give pause, and whether an answer was judged just now."""

    flagged: tuple[Flagged, ...]
    was_judged: bool


@one_act
def keep_draft(*, consent_id: uuid.UUID, answers: Answers, mark: str, by: Account) -> Kept:
    """Keep one page of a talk as it was typed, and let the server's clock note what happened.

    **Takes** the page's answers, whether or not they can be read; the name of what begins or ends now, or nothing.
    **Gives** the words in the page that give pause.
    **Raises** NotAllowedError, AlreadyDecidedError (there is nothing to talk about any more).
    **Writes** TalkDraft; where staff wrote of a loss, Hold and entry hold.raised. Nothing where nothing changed.
    **Source** PS-39 for the hold.
    """
    consent = lock_consent(consent_id)
    check_may(by, Permission.RECORD_CONVERSATION, consent_site_id=consent.site_id)
    state = consent.state
    move(consent, Act.INFORM)
    consent.state = state
    at = clock.now()
    draft = TalkDraft.objects.filter(consent=consent, held_by=by).first() or TalkDraft(consent=consent, held_by=by)
    judged = _judged(draft, answers)
    marks = dict(draft.clock_marks)
    for number in judged:
        marks = talk_clock.judged(marks, number, at)
    marks = _marked(consent, marks, mark, at)
    typed = {name: _without_nul(value) for name, value in answers.items()}
    kept = {name: value for name, value in {**draft.answers, **typed}.items() if value}
    if kept != draft.answers or marks != draft.clock_marks:
        draft.answers, draft.clock_marks, draft.changed_at = kept, marks, at
        draft.save()
    flagged = flagged_words(consent, {name: text for name, text in answers.items() if isinstance(text, str)})
    raise_signal_holds(consent, {one.signal for one in flagged if one.is_refused and one.holds}, by=by, at=at)
    return Kept(flagged=flagged, was_judged=bool(judged))


def empty_draft(consent: Consent, *, by: Account, at: datetime.datetime) -> None:
    """Empty a clinician's draft. The caller holds the lock and has recorded the talk."""
    draft = TalkDraft.objects.filter(consent=consent, held_by=by).first()
    if draft is not None:
        draft.answers, draft.clock_marks, draft.changed_at = {}, {}, at
        draft.save()


def _without_nul(typed: str | list[str]) -> str | list[str]:
    """What was typed; nothing where it holds a sign that no table can keep. The form refuses it and says so."""
    if isinstance(typed, list):
        return [one for one in typed if "\0" not in one]
    return "" if "\0" in typed else typed


def _judged(draft: TalkDraft, answers: Answers) -> list[int]:
    """The questions whose answer was judged on this page: for the first time, or again after it was not enough."""
    numbers = [int(name.split("_")[2]) for name in answers if name.endswith("_understood")]
    return [number for number in numbers if _is_judged_now(draft, answers, number)]


def _is_judged_now(draft: TalkDraft, answers: Answers, number: int) -> bool:
    names = [f"teach_back_{number}_{part}" for part in ("answer", "by", "understood")]
    before, now = [draft.answers.get(name, "") for name in names], [answers.get(name, "") for name in names]
    if before == now or not (now[0] and now[2]):
        return False
    was_enough = before[2] == "yes" and before[1] != "companion"
    return not was_enough or not talk_clock.times(draft.clock_marks, talk_clock.said(number))


def _marked(consent: Consent, marks: dict[str, str], mark: str, at: datetime.datetime) -> dict[str, str]:
    """The marks after what happened; a name that means nothing here changes nothing."""
    if mark == SHEET_OPENED:
        return talk_clock.noted(marks, talk_clock.SHEET, at)
    if mark == ALONE_BEGINS:
        return talk_clock.started(marks, talk_clock.ALONE, at)
    if mark == ALONE_ENDS:
        return talk_clock.stopped(marks, talk_clock.ALONE, at)
    if mark == CHOICES_CLOSED:
        return talk_clock.closed(marks, at)
    keys = {row["key"] for row in consent.sheet_version.content.get("alternative", ())}
    key = mark.removeprefix(CHOICE_OPENED)
    return talk_clock.opened(marks, key, at) if mark.startswith(CHOICE_OPENED) and key in keys else marks
