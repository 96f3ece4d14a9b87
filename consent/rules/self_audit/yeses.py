"""Questions about the patient's yes: the talk before it, the sheet, the signature, and what the patient took home.

>>> {check.about for check in CHECKS} == {ConsentTrail}
True
"""

import datetime
from collections.abc import Callable, Iterator

from clinic.vocabulary import ProcedureCategory
from consent.rules.days import elapsed, hours_long, minutes_long
from consent.rules.papers import PEOPLE_NEEDED
from consent.rules.self_audit.check import Check
from consent.rules.self_audit.facts import ConsentTrail, EntryFacts, TalkFacts
from consent.rules.wording import gettext_noop as _
from consent.vocabulary import CopyChoice, EntryKind, InterpreterQualification

# An hour is what the rules ask for where they name a number; for these kinds of care an auditor asks in any case.
PLANNED_AND_LASTING = frozenset({ProcedureCategory.STER, ProcedureCategory.MAJOR, ProcedureCategory.ANAES})
ONLY_MINUTES = 30
HOURS_TO_HAND_OVER = 24
COPY_CAME = (EntryKind.RECORD_ISSUED, EntryKind.COPY_HANDED_OVER)
OWN_WORDS = frozenset({EntryKind.CONSENT_GIVEN, EntryKind.CONSENT_REFUSED, EntryKind.CONSENT_WITHDRAWN})

Answer = Callable[[ConsentTrail, TalkFacts], bool]


def about_the_talk(name: str, is_so: Answer) -> Callable[[ConsentTrail], Iterator[EntryFacts]]:
    """A question about the newest talk before the yes, asked where the rules have a bar of this name."""

    def find(trail: ConsentTrail) -> Iterator[EntryFacts]:
        talk = trail.last_talk(trail.given) if trail.given else None
        if trail.given is not None and talk is not None and trail.stops(name) and not is_so(trail, talk):
            yield trail.given

    return find


def no_talk(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-034. A yes without any talk before it."""
    if trail.given is not None and trail.last_talk(trail.given) is None:
        yield trail.given


def is_interpreter_statement_there(trail: ConsentTrail, talk: TalkFacts) -> bool:
    """CR-053. Whoever interpreted signed, after the talk and before the yes."""
    stated = trail.last(EntryKind.INTERPRETER_STATED, before=trail.given)
    return talk.interpreter is None or (stated is not None and stated.place > talk.entry.place)


def is_interpreter_fit(_trail: ConsentTrail, talk: TalkFacts) -> bool:
    """CR-052. Nobody unqualified and no companion interpreted."""
    return talk.interpreter is not InterpreterQualification.UNQUALIFIED and not talk.interpreter_is_companion


def had_minutes_alone(trail: ConsentTrail, talk: TalkFacts) -> bool:
    """CR-050."""
    return trail.policy is not None and (talk.minutes_alone or 0) >= trail.policy.number("alone_minutes")


def yes_minutes_after_talk(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-033, CR-020. A yes minutes after a talk, where the rules ask for a pause or the talker also operated."""
    given = trail.given
    talk = trail.last_talk(given) if given else None
    if given is None or talk is None or trail.policy is None:
        return
    since = elapsed(talk.entry.occurred_at, given.occurred_at)
    pause = trail.policy.number("breathing_minutes") if trail.stops("breathing_minutes") else 0
    if trail.category in PLANNED_AND_LASTING and _is_operator(trail, talk):
        pause = max(pause, ONLY_MINUTES)
    if since < minutes_long(pause):
        yield given


def read_too_fast(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-032. A yes sooner after the sheet was opened than an average reader needs for it."""
    given = trail.given
    talk = trail.last_talk(given) if given else None
    if given is None or talk is None or not trail.stops("reading_floor_percent"):
        return
    opened_at = talk.sheet_opened_at
    if opened_at is None or elapsed(opened_at, given.occurred_at) < minutes_long(trail.reading_minutes):
        yield given


def sheet_not_in_force(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-023, CR-030. A yes, or a start, when the clinic had published a sheet with material changes."""
    newer_at = trail.newer_sheet_at
    for entry in (trail.given, trail.started):
        if entry is not None and newer_at is not None and newer_at <= entry.occurred_at:
            yield entry
            return


def other_words_signed(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-038, CR-070. The words signed, shown and stored are not the same."""
    given = trail.given
    if given is not None and len({trail.signed_digest, trail.sheet_digest, given.text_digest}) > 1:
        yield given


def signature_reused(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-072. The drawing looks like another person's."""
    if trail.given is not None and trail.signature_is_reused:
        yield trail.given


def paper_not_looked_at(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-070. A yes on paper was entered before two people had found the paper right."""
    given = trail.given
    if given is None or not trail.is_on_paper:
        return
    looked = [one for one in trail.entries if one.kind is EntryKind.PAPER_VERIFIED and one.place < given.place]
    if len({one.by for one in looked}) < PEOPLE_NEEDED:
        yield given


def copy_not_handed_over(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-037. Nobody asked how; or paper was chosen, and none came before the start, or within a day."""
    given, start = trail.given, trail.started
    if given is None:
        return
    if trail.copy_choice is None:
        if trail.stops("copy_choice"):
            yield given
    elif trail.copy_choice is CopyChoice.PAPER:
        came = trail.last(*COPY_CAME, before=start)
        is_time_up = start is not None or _is_over(given.occurred_at, trail.at)
        if is_time_up and (came is None or came.place < given.place):
            yield given


def receipt_not_delivered(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-037, CR-074. A yes or a no of the patient without a slip, a day later."""
    for entry in trail.entries:
        if entry.kind in OWN_WORDS and not entry.has_receipt and _is_over(entry.recorded_at, trail.at):
            yield entry


def _is_operator(trail: ConsentTrail, talk: TalkFacts) -> bool:
    by = {entry.by for entry in (trail.started, trail.last(EntryKind.CONSENT_CERTIFIED)) if entry is not None}
    return talk.entry.by is not None and talk.entry.by in by


def _is_over(since: datetime.datetime, at: datetime.datetime) -> bool:
    return elapsed(since, at) > hours_long(HOURS_TO_HAND_OVER)


TALK_CHECKS: tuple[Check, ...] = (
    Check(
        id="talk-not-recorded",
        question=_("Was a talk recorded before each yes?"),
        rules=("CR-034",),
        about=ConsentTrail,
        find=no_talk,
    ),
    Check(
        id="explained-on-paper-only",
        question=_("Was it explained aloud, face to face or on a line?"),
        rules=("CR-034",),
        about=ConsentTrail,
        find=about_the_talk("oral_explanation", lambda _trail, talk: talk.was_live is True),
    ),
    Check(
        id="no-loss-not-spoken",
        question=_("Was it said aloud that a no costs nothing else?"),
        rules=("CR-035",),
        about=ConsentTrail,
        find=about_the_talk("no_loss_spoken", lambda _trail, talk: talk.no_loss_spoken is True),
    ),
    Check(
        id="not-alone",
        question=_("Was the patient alone with the clinician for as long as the rules ask?"),
        rules=("CR-050",),
        about=ConsentTrail,
        find=about_the_talk("alone_minutes", had_minutes_alone),
    ),
    Check(
        id="interpreter-unfit",
        question=_("Where somebody interpreted, was it somebody qualified, and no companion?"),
        rules=("CR-052",),
        about=ConsentTrail,
        find=about_the_talk("interpreter", is_interpreter_fit),
    ),
    Check(
        id="interpreter-statement",
        question=_("Did whoever interpreted sign a statement before the yes?"),
        rules=("CR-053",),
        about=ConsentTrail,
        find=about_the_talk("interpreter_statement", is_interpreter_statement_there),
        limit=_("Which languages a patient speaks is not open: where nobody interpreted, nothing is found here."),
    ),
    Check(
        id="witness-not-offered",
        question=_("Was the patient offered a witness of the patient's own choice?"),
        rules=("CR-054",),
        about=ConsentTrail,
        find=about_the_talk("witness_offered", lambda _trail, talk: talk.witness_offered is True),
    ),
)

CHECKS: tuple[Check, ...] = (
    *TALK_CHECKS,
    Check(
        id="yes-minutes-after-talk",
        question=_("Was there a pause between the talk and the yes, also where the operator held the talk?"),
        rules=("CR-020", "CR-033"),
        about=ConsentTrail,
        find=yes_minutes_after_talk,
    ),
    Check(
        id="read-too-fast",
        question=_("Was the sheet open for as long as an average reader needs before the yes?"),
        rules=("CR-032",),
        about=ConsentTrail,
        find=read_too_fast,
        limit=_("Counted in whole minutes of the sheet. Some people read faster; this is a place to look."),
    ),
    Check(
        id="sheet-not-in-force",
        question=_("Was the sheet still in force when it was signed, and when the procedure started?"),
        rules=("CR-023", "CR-030"),
        about=ConsentTrail,
        find=sheet_not_in_force,
    ),
    Check(
        id="other-words-signed",
        question=_("Are the words that were signed, shown and stored the same?"),
        rules=("CR-038", "CR-070"),
        about=ConsentTrail,
        find=other_words_signed,
    ),
    Check(
        id="signature-reused",
        question=_("Does each drawn signature look like nobody else's?"),
        rules=("CR-072",),
        about=ConsentTrail,
        find=signature_reused,
        limit=_("The drawings are not open; what the clinic noted when each was made is."),
    ),
    Check(
        id="paper-not-looked-at",
        question=_("Had two people looked at each yes on paper before it was entered?"),
        rules=("CR-070",),
        about=ConsentTrail,
        find=paper_not_looked_at,
        limit=_("Who would operate is not open: that one of the two stood aside is asked when the yes is entered."),
    ),
    Check(
        id="copy-not-handed-over",
        question=_("Was the patient asked about a copy, and did paper copies reach those who wanted one?"),
        rules=("CR-037",),
        about=ConsentTrail,
        find=copy_not_handed_over,
        limit=_("A copy on the patient's own device is there at once and is not asked for here."),
    ),
    Check(
        id="receipt-not-delivered",
        question=_("Did each yes and each no bring a slip within a day, or did the patient not want one?"),
        rules=("CR-037", "CR-074"),
        about=ConsentTrail,
        find=receipt_not_delivered,
    ),
)
