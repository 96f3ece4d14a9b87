"""What the staff page about one consent shows: where it stands, how it got there, what is missing and open.

A report only: the acts look again under their locks.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clinic.models import Account, Procedure
from clinic.vocabulary import Permission, ProcedureStatus
from consent.ledger.encoding import parse_entry
from consent.ledger.entry import Actor
from consent.models import Consent, Conversation, ErrorReport, Hold, LedgerEntry, ProcedureStart
from consent.queries.emergency_pages import has_emergency_path
from consent.queries.emergency_record import entries_without_word
from consent.queries.record_rows import entries_about, in_order
from consent.queries.statements import is_to_state_as_obtainer, was_interpreted
from consent.queries.status import Light, light_of
from consent.queries.talk_pages import language_word, talk_lines
from consent.queries.verdicts import start_verdict
from consent.queries.visible import sheets_for
from consent.rules.gate import Unmet, Verdict
from consent.rules.languages import reads
from consent.rules.lifecycle import is_possible
from consent.vocabulary import LIVE_STATES, Act, ConsentState, EntryKind
from consent.wording import ENTRY_WORDS, STATE_SENTENCES, STATE_WORDS, VIA_WORDS, said
from consent.wording_talk import EXCLUDED_SUBJECT_WORDS, SIGNING_STATE_WORDS

# Who raised a concern is for the advocate only: nobody shall have to fear the team for it.
UNSIGNED = frozenset({EntryKind.HOLD_RAISED})

# What the page calls its buttons. Acts of the life of a consent keep their own name.
HAND_OVER = "hand-over"
SPOKEN_NO = "spoken-no"
HOLD = "hold"
EMERGENCY = "emergency"
ADDITION = "addition"

PERMISSION_FOR = {
    Act.PROPOSE.value: Permission.PROPOSE_CONSENT,
    Act.INFORM.value: Permission.RECORD_CONVERSATION,
    HAND_OVER: Permission.HAND_OVER_TABLET,
    SPOKEN_NO: Permission.RECORD_SPOKEN_NO,
    Act.CERTIFY.value: Permission.CERTIFY_AS_OPERATOR,
    Act.STATE_AS_INTERPRETER.value: Permission.RECORD_CONVERSATION,
    Act.STATE_AS_OBTAINER.value: Permission.RECORD_CONVERSATION,
    Act.START.value: Permission.START_PROCEDURE,
    Act.STOP.value: Permission.START_PROCEDURE,
    Act.FINISH.value: Permission.START_PROCEDURE,
    Act.SUPERSEDE.value: Permission.PROPOSE_CONSENT,
    Act.REPORT_ERROR.value: Permission.REPORT_ERROR,
    Act.MARK_IN_ERROR.value: Permission.REPORT_ERROR,
    HOLD: Permission.RAISE_HOLD,
    EMERGENCY: Permission.DECLARE_EMERGENCY,
    ADDITION: Permission.DECLARE_EMERGENCY,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """One thing the gate still asks for, in words."""

    requirement_id: str
    sentence: str
    detail: str
    earliest_at: datetime.datetime | None
    source: str
    rules: str
    is_unknown: bool  # nothing is recorded, as against: recorded, and not enough


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One line of the history."""

    at: datetime.datetime
    words: str | Promise
    by: str
    via: str | Promise
    entry_index: int | None  # None while it waits to be sealed


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentPage:
    """Everything the staff page says about one consent."""

    state_words: str | Promise
    state_sentence: str | Promise
    light: Light
    missing: tuple[Missing, ...]
    warnings: tuple[Missing, ...]
    events: tuple[Event, ...]
    talk: tuple[tuple[str, str], ...]
    open_holds: int
    error_report: ErrorReport | None
    replaced_by: uuid.UUID | None
    must_stop: bool
    doors: frozenset[str]


def consent_page(consent: Consent, *, account: Account, at: datetime.datetime) -> ConsentPage:
    """The staff page about one consent, for this person, at this moment."""
    state = ConsentState(consent.state)
    is_waiting = state in LIVE_STATES and consent.procedure.status == ProcedureStatus.PREPARATION
    verdict = NOTHING_TO_ASK
    if is_waiting:
        verdict = start_verdict(consent.procedure_id, at=at, operator_id=consent.procedure.operator_id)
    talk = Conversation.objects.select_related("held_by").filter(consent=consent).order_by("-held_at").first()
    open_holds = Hold.objects.filter(consent=consent, lift__isnull=True).count()
    report = error_report_of(consent.pk)
    return ConsentPage(
        state_words=STATE_WORDS[state],
        state_sentence=STATE_SENTENCES[state],
        light=light_of(consent.procedure, consent, verdict, open_holds=open_holds),
        missing=in_words(verdict.unmet),
        warnings=in_words(verdict.warnings),
        events=events_of(consent),
        talk=talk_lines(talk, consent.sheet_version) if talk else (),
        open_holds=open_holds if state in LIVE_STATES else 0,
        error_report=report,
        replaced_by=_replaced_by(consent),
        must_stop=_must_stop(consent),
        doors=_doors(consent, account, report),
    )


NOTHING_TO_ASK = Verdict(unmet=(), warnings=())


def in_words(unmet: Iterable[Unmet]) -> tuple[Missing, ...]:
    """What the gate found missing, translated, codes turned into words; what is merely not recorded comes last."""
    return tuple(
        Missing(
            requirement_id=one.requirement_id,
            sentence=said(one.sentence),
            detail=_(one.detail_template) % _params(one) if one.detail_template else "",
            earliest_at=one.earliest_at,
            source=one.source,
            rules=", ".join(one.rule_ids),
            is_unknown=one.is_unknown,
        )
        for one in sorted(unmet, key=lambda one: one.is_unknown)
    )


def _params(unmet: Unmet) -> dict[str, object]:
    """What fills the gaps of a detail; codes of states become their words."""
    params: dict[str, object] = dict(unmet.detail_params)
    if params.get("state"):
        params["state"] = STATE_WORDS[ConsentState(str(params["state"]))]
    if params.get("states"):
        words = {str(code): str(word) for code, word in SIGNING_STATE_WORDS.items()}
        words |= {str(code): str(word) for code, word in EXCLUDED_SUBJECT_WORDS.items()}
        params["states"] = "; ".join(words[code] for code in str(params["states"]).split(", "))
    return params


def events_of(consent: Consent) -> tuple[Event, ...]:
    """Everything that happened to a consent, oldest first, with its place in the ledger and who did it."""
    found = [*entries_about(consent), *_refused_attempts(consent), *entries_without_word(consent)]
    entries = in_order(found)
    actors = [parse_entry(bytes(entry.body)).actor for entry in entries]
    people = Account.objects.in_bulk({actor.ref for actor in actors if actor.ref})
    return tuple(_event(entry, actor, people) for entry, actor in zip(entries, actors, strict=True))


def _event(entry: LedgerEntry, actor: Actor, people: dict[uuid.UUID, Account]) -> Event:
    person = people[actor.ref] if actor.ref and entry.kind not in UNSIGNED else None
    return Event(
        at=entry.recorded_at,
        words=ENTRY_WORDS[EntryKind(entry.kind)],
        by=person.display_name if person else "",
        via=VIA_WORDS[actor.via] if person else "",
        entry_index=entry.index,
    )


def _refused_attempts(consent: Consent) -> list[LedgerEntry]:
    """Attempts to start, or to offer again, that the gate refused; they name the procedure only."""
    entries = LedgerEntry.objects.select_related("ledger", "leaf").filter(
        subject=consent.patient.ledger_subject,
        kind__in=[EntryKind.START_REFUSED, EntryKind.OFFER_REFUSED],
        recorded_at__gte=consent.proposed_at,
    )
    named = consent.procedure_id.hex.encode()
    return [entry for entry in entries if named in bytes(entry.body)]


def _replaced_by(consent: Consent) -> uuid.UUID | None:
    return Consent.objects.filter(supersedes=consent).values_list("pk", flat=True).first()


def _doors(consent: Consent, account: Account, report: ErrorReport | None) -> frozenset[str]:
    """Which buttons make sense now for this person."""
    state, status = ConsentState(consent.state), consent.procedure.status
    is_live, is_waiting = state in LIVE_STATES, status == ProcedureStatus.PREPARATION
    may_end = is_running(consent)
    is_error_open = report is not None and is_possible(state, Act.MARK_IN_ERROR)
    is_open = {
        Act.PROPOSE.value: not is_live and is_waiting and live_consent_id(consent.procedure_id) is None,
        Act.INFORM.value: is_waiting and is_possible(state, Act.INFORM),
        HAND_OVER: is_waiting and is_live,
        SPOKEN_NO: is_live,
        Act.CERTIFY.value: is_waiting and is_possible(state, Act.CERTIFY) and is_unsigned_by(consent, account),
        Act.STATE_AS_INTERPRETER.value: is_waiting
        and is_possible(state, Act.STATE_AS_INTERPRETER)
        and was_interpreted(consent),
        Act.STATE_AS_OBTAINER.value: is_waiting
        and is_possible(state, Act.STATE_AS_OBTAINER)
        and is_to_state_as_obtainer(consent, account),
        Act.START.value: is_waiting and state in {ConsentState.GIVEN, ConsentState.CONFIRMED},
        Act.STOP.value: may_end,
        Act.FINISH.value: may_end,
        Act.SUPERSEDE.value: is_waiting and is_possible(state, Act.SUPERSEDE),
        Act.REPORT_ERROR.value: report is None and state is not ConsentState.ENTERED_IN_ERROR,
        Act.MARK_IN_ERROR.value: is_error_open and report is not None and report.reported_by_id != account.pk,
        HOLD: is_live,
        EMERGENCY: is_waiting and has_emergency_path(consent.procedure),
        ADDITION: may_end,
    }
    return frozenset(door for door, opens in is_open.items() if opens and account.may(PERMISSION_FOR[door]))


def is_running(consent: Consent) -> bool:
    """Whether the procedure was started on this very consent, or on none, and has not ended."""
    if consent.procedure.status != ProcedureStatus.IN_PROGRESS:
        return False
    started = ProcedureStart.objects.filter(procedure_id=consent.procedure_id)
    return started.filter(Q(consent=consent) | Q(consent__isnull=True)).exists()


def _must_stop(consent: Consent) -> bool:
    """Whether a no has come while it is being done; a start without a consent stops for any no about it."""
    if consent.state in LIVE_STATES or not is_running(consent):
        return False
    is_no = consent.state in {ConsentState.REFUSED, ConsentState.WITHDRAWN}
    return is_no or ProcedureStart.objects.filter(consent=consent).exists()


def is_unsigned_by(consent: Consent, account: Account) -> bool:
    """Whether this person is the planned operator and has not certified since the patient confirmed."""
    return consent.operator.account_id == account.pk and consent.certified_at is None


def live_consent_id(procedure_id: uuid.UUID) -> uuid.UUID | None:
    """The consent about this procedure that is still open."""
    live = Consent.objects.filter(procedure_id=procedure_id, state__in=sorted(LIVE_STATES))
    return live.values_list("pk", flat=True).first()


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierConsent:
    """One consent about a procedure that has ended."""

    id: uuid.UUID
    words: str | Promise
    at: datetime.datetime


def earlier_consents(procedure_id: uuid.UUID) -> list[EarlierConsent]:
    """The ended consents about a procedure, newest first."""
    ended = Consent.objects.filter(procedure_id=procedure_id).exclude(state__in=sorted(LIVE_STATES))
    return [
        EarlierConsent(id=row.pk, words=STATE_WORDS[ConsentState(row.state)], at=row.ended_at)
        for row in ended.order_by("-ended_at")
        if row.ended_at is not None
    ]


def error_report_of(consent_id: uuid.UUID) -> ErrorReport | None:
    """Who said that this consent is a mistake, and why; None when nobody did."""
    return ErrorReport.objects.select_related("reported_by").filter(consent_id=consent_id).first()


def sheet_languages(procedure: Procedure) -> list[tuple[str, str]]:
    """The languages in which the procedure's sheet is published at its site, as form choices; the patient's first."""
    versions = sheets_for(site_id=procedure.patient.site_id, procedure_type_id=procedure.procedure_type_id)
    known = tuple(procedure.patient.languages)
    versions.sort(key=lambda version: (not reads(version.language, known), version.language))
    return [(version.language, f"{language_word(version.language)}: {version.title}") for version in versions]


def own_sheet_language(procedure: Procedure) -> str | None:
    """The published language that the patient reads, where there is one."""
    known = tuple(procedure.patient.languages)
    return next((code for code, _words in sheet_languages(procedure) if reads(code, known)), None)
