"""What was found about being able to decide, for the staff page, the patient's own page and the printed record.

All of it stays visible, oldest first, over every consent about the same procedure: a later finding stands beside the
earlier one and never in its place. What was entered in error counts for nothing here, as at the gate.
"""

import datetime
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clinic import clock
from clinic.models import Account
from clinic.vocabulary import Permission, ProcedureCategory, ProcedureStatus
from consent.models import CapacityAssessment, Consent, GuardianWord, YoungPersonNote
from consent.queries.consent_policy import policy_of
from consent.rules.ability import CONTRACEPTION, are_in_conflict, is_adult, may_guardian_speak
from consent.vocabulary import LIVE_STATES, CapacityFinding, ConsentState, Decision, GuardianRelation
from consent.wording_ability import (
    ABILITY_WORDS,
    GUARDIAN_DECISION_WORDS,
    NOTE_WORDS,
    OWN_FINDING_WORDS,
    OWN_NOTE_WORDS,
    YES_NO_WORDS,
    YOUNG_PERSON_WORDS,
)
from consent.wording_talk import CAPACITY_FINDING_WORDS, GUARDIAN_RELATION_WORDS

ASSESS, NOTE, GUARDIAN = "assess", "note", "guardian"
OPEN_STATES = LIVE_STATES - {ConsentState.USED}
Words = str | Promise


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One assessment or note: what was found, by whom, when, and on what ground."""

    at: datetime.datetime
    by: str
    words: Words
    own_words: Words
    answers: tuple[tuple[Words, Words], ...]
    text: str  # of an assessment what the impairment is, of a note what was talked about: for staff only
    support_tried: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class GuardianSaid:
    """What one guardian said."""

    at: datetime.datetime
    by: str
    name: str
    relation: Words
    decision: Words
    words: str  # for staff only
    is_newest: bool  # of this guardian


@dataclass(frozen=True, kw_only=True, slots=True)
class AbilityPage:
    """Everything about being able to decide, and what can be added to it now."""

    assessments: tuple[Found, ...]
    notes: tuple[Found, ...]
    guardians: tuple[GuardianSaid, ...]
    is_mixed: bool  # the assessments did not all find the same
    is_conflict: bool  # the guardians do not say the same
    doors: frozenset[str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever recorded."""
        return not (self.assessments or self.notes or self.guardians)


def ability_page(consent: Consent, *, account: Account | None = None) -> AbilityPage:
    """What was found about one consent's procedure; doors only for the account that is given."""
    proposals = Consent.objects.filter(procedure_id=consent.procedure_id).exclude(state=ConsentState.ENTERED_IN_ERROR)
    assessed = CapacityAssessment.objects.select_related("assessed_by").filter(consent__in=proposals)
    noted = YoungPersonNote.objects.select_related("noted_by").filter(consent__in=proposals)
    words = GuardianWord.objects.select_related("recorded_by").filter(consent__in=proposals)
    assessments, guardians = list(assessed.order_by("assessed_at")), list(words.order_by("recorded_at"))
    newest = {_same_name(word.name): word for word in guardians}
    return AbilityPage(
        assessments=tuple(_assessment(row) for row in assessments),
        notes=tuple(_note(row) for row in noted.order_by("noted_at")),
        guardians=tuple(_guardian(row, is_newest=newest[_same_name(row.name)] is row) for row in guardians),
        is_mixed=len({row.finding for row in assessments}) > 1,
        is_conflict=are_in_conflict(Decision(row.decision) for row in newest.values()),
        doors=_doors(consent, account) if account else frozenset(),
    )


def asks_about_contraception(consent: Consent) -> bool:
    """Whether the note about a young person asks the two questions about contraception."""
    return ProcedureCategory(consent.procedure.procedure_type.category) in CONTRACEPTION


def own_lines(consent: Consent) -> tuple[tuple[str, str], ...]:
    """What was found, for the patient and for her paper: label and value. No staff note, and no words of a guardian."""
    page, zone = ability_page(consent), consent.site.time_zone
    looked = _("Whether you can decide this: looked at on %(day)s by %(name)s")
    spoke = _("What %(name)s (%(relation)s) said on %(day)s")
    found = [
        (one.at, looked % {"day": day_of(one.at, zone), "name": one.by}, _with_support(one))
        for one in (*page.assessments, *page.notes)
    ]
    said = [
        (one.at, spoke % {"day": day_of(one.at, zone), "name": one.name, "relation": one.relation}, str(one.decision))
        for one in page.guardians
    ]
    return tuple((label, value) for _at, label, value in sorted([*found, *said], key=lambda line: line[0]))


def day_of(at: datetime.datetime, zone: str) -> str:
    """The day at the clinic, in the words of the language that is being read."""
    return date_format(clock.local_date(at, time_zone=zone), pgettext("pattern of a day", "j F Y"))


def _with_support(found: Found) -> str:
    if not found.support_tried:
        return str(found.own_words)
    return f"{found.own_words} " + _("Help that was tried: %(help)s") % {"help": found.support_tried}


def _assessment(row: CapacityAssessment) -> Found:
    finding = CapacityFinding(row.finding)
    asked = [name for name in ABILITY_WORDS if name != "is_because_of_impairment" or finding is CapacityFinding.LACKS]
    return Found(
        at=row.assessed_at,
        by=row.assessed_by.display_name,
        words=CAPACITY_FINDING_WORDS[finding],
        own_words=OWN_FINDING_WORDS[finding],
        answers=tuple((ABILITY_WORDS[name], YES_NO_WORDS[getattr(row, name)]) for name in asked),
        text=row.impairment,
        support_tried=row.support_tried,
    )


def _note(row: YoungPersonNote) -> Found:
    asked = [(words, getattr(row, name)) for name, words in YOUNG_PERSON_WORDS.items()]
    return Found(
        at=row.noted_at,
        by=row.noted_by.display_name,
        words=NOTE_WORDS[row.is_able],
        own_words=OWN_NOTE_WORDS[row.is_able],
        answers=tuple((words, YES_NO_WORDS[is_so]) for words, is_so in asked if is_so is not None),
        text=row.note,
    )


def _guardian(row: GuardianWord, *, is_newest: bool) -> GuardianSaid:
    return GuardianSaid(
        at=row.recorded_at,
        by=row.recorded_by.display_name,
        name=row.name,
        relation=GUARDIAN_RELATION_WORDS[GuardianRelation(row.relation)],
        decision=GUARDIAN_DECISION_WORDS[Decision(row.decision)],
        words=row.words,
        is_newest=is_newest,
    )


def _same_name(name: str) -> str:
    return " ".join(name.casefold().split())


def _doors(consent: Consent, account: Account) -> frozenset[str]:
    """What this person can add now. Where the rules cannot be read, nothing that rests on them."""
    is_open = consent.state in OPEN_STATES and consent.procedure.status == ProcedureStatus.PREPARATION
    if not is_open:
        return frozenset()
    doors = {ASSESS} if account.may(Permission.ASSESS_CAPACITY) else set()
    policy = policy_of(consent)
    today = clock.local_date(clock.now(), time_zone=consent.site.time_zone)
    if policy is None or is_adult(consent.patient.birth_date, on=today, policy=policy):
        return frozenset(doors)
    category = ProcedureCategory(consent.procedure.procedure_type.category)
    doors |= {NOTE} if account.may(Permission.ASSESS_CAPACITY) else set()
    if account.may(Permission.RECORD_GUARDIAN) and may_guardian_speak(category, policy):
        doors.add(GUARDIAN)
    return frozenset(doors)
