"""The self-audit as a truth table: one trail in which every answer is yes, and for each question a change to no."""

import datetime
import inspect
import uuid
import zoneinfo
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest

from clinic.vocabulary import Preset, ProcedureCategory
from consent.rules.policy import policy_for
from consent.rules.rule_table import rule_ids
from consent.rules.self_audit import CHECKS, AuditFacts, Finding, audit
from consent.rules.self_audit.facts import (
    AssessedTrail,
    ConsentTrail,
    EntryFacts,
    HoldFacts,
    LogFacts,
    Matter,
    MatterStep,
    ReasonFacts,
    RemovalTrail,
    StartWithoutConsent,
    TalkFacts,
)
from consent.vocabulary import CopyChoice, EntryKind, InterpreterQualification

K = EntryKind
OPERATOR, TALKER, PATIENT, OTHER = (uuid.UUID(int=number) for number in range(1, 5))
SIGNED_AT = datetime.datetime(2027, 3, 2, 8, 0, tzinfo=datetime.UTC)
STARTED_AT = SIGNED_AT + datetime.timedelta(days=31)
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
STER = policy_for(Preset.STRICT_DEFAULT, ProcedureCategory.STER)
SHEET = "a" * 64
NOW = STARTED_AT + datetime.timedelta(hours=1)


def after(base: datetime.datetime, **delta: float) -> datetime.datetime:
    return base + datetime.timedelta(**delta)


def entry(kind: EntryKind, number: int, at: datetime.datetime, **changes: Any) -> EntryFacts:
    values: dict[str, Any] = {"index": 100 + number, "place": (1, number), "occurred_at": at, "recorded_at": at}
    return EntryFacts(kind=kind, **(values | changes))


PROPOSED = entry(K.CONSENT_PROPOSED, 10, after(SIGNED_AT, hours=-4))
TALKED = entry(K.CONSENT_INFORMED, 20, after(SIGNED_AT, hours=-2), by=TALKER)
INTERPRETED = entry(K.INTERPRETER_STATED, 30, after(SIGNED_AT, hours=-1.5))
GIVEN = entry(K.CONSENT_GIVEN, 40, SIGNED_AT, by=PATIENT, text_digest=SHEET, has_receipt=True)
STATED = entry(K.OBTAINER_STATED, 50, after(SIGNED_AT, minutes=5), by=TALKER)
ISSUED = entry(K.RECORD_ISSUED, 60, after(SIGNED_AT, minutes=10))
CONFIRMED = entry(K.CONSENT_CONFIRMED, 70, after(STARTED_AT, minutes=-40), was_alone=True)
CERTIFIED = entry(K.CONSENT_CERTIFIED, 80, after(STARTED_AT, minutes=-20), by=OPERATOR)
STARTED = entry(K.PROCEDURE_STARTED, 90, STARTED_AT, by=OPERATOR)
LOOKS = tuple(entry(K.PAPER_VERIFIED, 35 + number, SIGNED_AT, by=by) for number, by in enumerate((OTHER, TALKER)))
ENTRIES = (PROPOSED, TALKED, INTERPRETED, GIVEN, STATED, ISSUED, CONFIRMED, CERTIFIED, STARTED)
TALK = TalkFacts(
    entry=TALKED,
    interpreter=InterpreterQualification.PROFESSIONAL,
    interpreter_is_companion=False,
    sheet_opened_at=after(SIGNED_AT, hours=-3),
    was_live=True,
    no_loss_spoken=True,
    witness_offered=True,
    minutes_alone=15,
)
GOOD = ConsentTrail(
    entries=ENTRIES,
    at=NOW,
    category=ProcedureCategory.STER,
    zone=SHANGHAI,
    policy=STER,
    talks=(TALK,),
    reading_minutes=9,
    sheet_digest=SHEET,
    signed_digest=SHEET,
    copy_choice=CopyChoice.PAPER,
)


def with_entries(*changed: EntryFacts, without: Iterable[EntryFacts] = (), **changes: Any) -> ConsentTrail:
    """The good trail with entries put in, or in the place of those with the same place, or left out."""
    kept = {one.place: one for one in ENTRIES if one not in list(without)} | {one.place: one for one in changed}
    return replace(GOOD, entries=tuple(kept[place] for place in sorted(kept)), **changes)


def talked(**changes: Any) -> ConsentTrail:
    return replace(GOOD, talks=(replace(TALK, **changes),))


def started(at: datetime.datetime, *more: EntryFacts, **changes: Any) -> ConsentTrail:
    """As if it had begun at another time, the day's signatures with it."""
    moved = at - STARTED_AT
    day = [replace(one, occurred_at=one.occurred_at + moved) for one in (CONFIRMED, CERTIFIED, STARTED)]
    return with_entries(*day, *more, **changes)


def refused(requirement: str) -> EntryFacts:
    return entry(K.START_REFUSED, 65, after(SIGNED_AT, days=31), unmet=frozenset({requirement}))


MAJOR = policy_for(Preset.STRICT_DEFAULT, ProcedureCategory.MAJOR)
RAISED, LIFTED = entry(K.HOLD_RAISED, 61, SIGNED_AT), entry(K.HOLD_LIFTED, 62, SIGNED_AT)
BIRTH = entry(K.PREMATURE_BIRTH_CERTIFIED, 63, after(SIGNED_AT, hours=80))
ANSWERED = entry(K.SHORTER_WAIT_ANSWERED, 64, after(SIGNED_AT, hours=70))
TALK_BY_OPERATOR = replace(
    TALK, entry=replace(TALKED, by=OPERATOR, occurred_at=after(SIGNED_AT, minutes=-10)), interpreter=None
)

EMERGENCY = StartWithoutConsent(
    started=entry(K.EMERGENCY_AGREED, 1, STARTED_AT),
    at=after(STARTED_AT, days=3),
    is_emergency=True,
    review_hours=24,
    reviewed=entry(K.EMERGENCY_REVIEWED, 2, after(STARTED_AT, hours=20)),
    told=entry(K.PATIENT_TOLD, 3, after(STARTED_AT, hours=23)),
)
ASKED_OUT = entry(K.REMOVAL_ASKED, 1, SIGNED_AT)
REASON = entry(K.REMOVAL_CONTRAINDICATED, 2, after(SIGNED_AT, days=1))
OPINION = entry(K.REMOVAL_SECOND_OPINION, 3, after(SIGNED_AT, days=2))
REMOVAL = RemovalTrail(
    asked=ASKED_OUT,
    at=after(SIGNED_AT, days=9),
    removal_days=7,
    second_opinion_hours=48,
    ended=entry(K.REMOVAL_ENDED, 4, after(SIGNED_AT, days=7)),
    reasons=(ReasonFacts(recorded=REASON, opinion=OPINION),),
    zone=SHANGHAI,
)
NO = MatterStep(entry=entry(K.CONSENT_REFUSED, 1, SIGNED_AT))
TAKEN_BACK = MatterStep(entry=entry(K.CONSENT_WITHDRAWN, 1, SIGNED_AT))
WISH = MatterStep(entry=entry(K.TALK_REQUESTED, 2, after(SIGNED_AT, hours=1)))
AGAIN = MatterStep(entry=entry(K.CONSENT_PROPOSED, 3, after(SIGNED_AT, days=180)), policy=STER)
SOON = replace(AGAIN, entry=entry(K.CONSENT_PROPOSED, 3, after(SIGNED_AT, days=1)))
UNTIL_ASKED = policy_for(Preset.STRICT_DEFAULT, ProcedureCategory.TEST, "pregnancy-test")
FIRST_LOOK = entry(K.CAPACITY_ASSESSED, 1, SIGNED_AT, by=TALKER)
SECOND_LOOK = entry(K.CAPACITY_ASSESSED, 2, after(SIGNED_AT, days=1), by=TALKER)
THIRD_LOOK = entry(K.CAPACITY_ASSESSED, 3, after(SIGNED_AT, days=2), by=TALKER)
WAITING = entry(K.CONSENT_GIVEN, 1, SIGNED_AT, index=None)

# Each line: the question, facts at which the answer is no, and the entry that is named.
NO_CASES: list[tuple[str, AuditFacts, EntryFacts]] = [
    ("yes-not-recorded", with_entries(without=[GIVEN, STATED]), STARTED),
    ("started-after-no", with_entries(entry(K.CONSENT_WITHDRAWN, 85, STARTED_AT)), STARTED),
    ("started-after-no", with_entries(entry(K.CONSENT_REFUSED, 85, STARTED_AT)), STARTED),
    ("wait-broken", started(after(SIGNED_AT, days=29, hours=5)), STARTED),
    ("wait-broken", started(after(SIGNED_AT, days=30, minutes=-1)), STARTED),  # thirty days, but not 720 hours
    ("wait-broken", started(after(SIGNED_AT, hours=71), replace(BIRTH, place=(1, 45))), STARTED),
    ("wait-broken", started(after(SIGNED_AT, hours=73), ANSWERED), STARTED),  # asked, and not agreed
    (
        "wait-broken",
        with_entries(replace(STARTED, occurred_at=after(SIGNED_AT, hours=73)), replace(BIRTH, place=(1, 95))),
        STARTED,
    ),
    ("consent-too-old", started(after(SIGNED_AT, days=181)), STARTED),
    ("signed-on-the-day", started(after(SIGNED_AT, hours=3)), STARTED),
    ("not-confirmed", with_entries(without=[CONFIRMED]), STARTED),
    ("not-confirmed", with_entries(replace(CONFIRMED, was_alone=False)), STARTED),
    ("not-confirmed", with_entries(replace(CONFIRMED, was_alone=None)), STARTED),
    ("not-confirmed", with_entries(replace(CONFIRMED, occurred_at=after(STARTED_AT, hours=-5))), STARTED),
    ("operator-certificate", with_entries(without=[CERTIFIED]), STARTED),
    ("operator-certificate", with_entries(replace(CERTIFIED, place=(1, 95)), without=[CERTIFIED]), STARTED),
    ("operator-certificate", with_entries(replace(CERTIFIED, place=(1, 66)), without=[CERTIFIED]), STARTED),
    ("operator-certificate", with_entries(replace(CERTIFIED, by=OTHER)), STARTED),
    ("obtainer-statement", with_entries(without=[STATED]), STARTED),
    ("obtainer-statement", with_entries(replace(STATED, by=OTHER)), STARTED),
    ("obtainer-statement", with_entries(replace(STATED, place=(1, 35)), without=[STATED]), STARTED),
    ("hold-open-at-start", replace(GOOD, holds=(HoldFacts(raised=RAISED),)), STARTED),
    (
        "hold-open-at-start",
        replace(GOOD, holds=(HoldFacts(raised=RAISED, lifted=replace(LIFTED, place=(1, 95))),)),
        STARTED,
    ),
    ("moment-of-signing", with_entries(refused("signing-moment")), STARTED),
    ("ability-in-doubt", with_entries(refused("capacity")), STARTED),
    ("ability-in-doubt", with_entries(refused("capacity"), replace(FIRST_LOOK, place=(1, 41))), STARTED),
    ("rules-unreadable", replace(GOOD, policy=None), STARTED),
    ("talk-not-recorded", replace(GOOD, talks=()), GIVEN),
    ("talk-not-recorded", talked(entry=replace(TALKED, place=(1, 45))), GIVEN),
    ("explained-on-paper-only", talked(was_live=False), GIVEN),
    ("explained-on-paper-only", talked(was_live=None), GIVEN),
    ("no-loss-not-spoken", talked(no_loss_spoken=None), GIVEN),
    ("not-alone", talked(minutes_alone=9), GIVEN),
    ("not-alone", talked(minutes_alone=None), GIVEN),
    ("interpreter-unfit", talked(interpreter_is_companion=True), GIVEN),
    ("interpreter-unfit", talked(interpreter=InterpreterQualification.UNQUALIFIED), GIVEN),
    ("interpreter-statement", with_entries(without=[INTERPRETED]), GIVEN),
    ("interpreter-statement", with_entries(replace(INTERPRETED, place=(1, 15)), without=[INTERPRETED]), GIVEN),
    ("interpreter-statement", with_entries(replace(INTERPRETED, place=(1, 45)), without=[INTERPRETED]), GIVEN),
    ("witness-not-offered", talked(witness_offered=False), GIVEN),
    ("witness-not-offered", talked(witness_offered=None), GIVEN),
    ("yes-minutes-after-talk", talked(entry=replace(TALKED, occurred_at=after(SIGNED_AT, minutes=-59))), GIVEN),
    (
        "yes-minutes-after-talk",
        replace(GOOD, category=ProcedureCategory.MAJOR, policy=MAJOR, talks=(TALK_BY_OPERATOR,)),
        GIVEN,
    ),
    ("read-too-fast", talked(sheet_opened_at=after(SIGNED_AT, minutes=-8)), GIVEN),
    ("read-too-fast", talked(sheet_opened_at=None), GIVEN),
    ("sheet-not-in-force", replace(GOOD, newer_sheet_at=after(SIGNED_AT, days=-1)), GIVEN),
    ("sheet-not-in-force", replace(GOOD, newer_sheet_at=after(STARTED_AT, days=-1)), STARTED),
    ("other-words-signed", replace(GOOD, sheet_digest="b" * 64), GIVEN),
    ("other-words-signed", replace(GOOD, signed_digest="b" * 64), GIVEN),
    ("other-words-signed", with_entries(replace(GIVEN, text_digest="b" * 64)), GIVEN),
    ("signature-reused", replace(GOOD, signature_is_reused=True), GIVEN),
    ("copy-not-handed-over", replace(GOOD, copy_choice=None), GIVEN),
    ("copy-not-handed-over", with_entries(without=[ISSUED]), GIVEN),
    ("copy-not-handed-over", with_entries(replace(ISSUED, place=(1, 95)), without=[ISSUED]), GIVEN),
    ("copy-not-handed-over", with_entries(without=[ISSUED, CONFIRMED, CERTIFIED, STARTED]), GIVEN),
    ("receipt-not-delivered", with_entries(replace(GIVEN, has_receipt=False)), GIVEN),
    ("receipt-not-delivered", ConsentTrail(entries=(NO.entry,), at=after(SIGNED_AT, hours=25)), NO.entry),
    (
        "receipt-not-delivered",
        ConsentTrail(entries=(TAKEN_BACK.entry,), at=after(SIGNED_AT, hours=25)),
        TAKEN_BACK.entry,
    ),
    ("without-consent-not-reviewed", replace(EMERGENCY, reviewed=None), EMERGENCY.started),
    (
        "without-consent-not-reviewed",
        replace(EMERGENCY, reviewed=entry(K.EMERGENCY_REVIEWED, 2, after(STARTED_AT, hours=25))),
        EMERGENCY.started,
    ),
    ("patient-not-told", replace(EMERGENCY, told=None), EMERGENCY.started),
    ("patient-not-told", replace(EMERGENCY, told=None, is_emergency=False), EMERGENCY.started),
    ("removal-late", replace(REMOVAL, ended=None), ASKED_OUT),
    ("removal-late", replace(REMOVAL, ended=entry(K.REMOVAL_ENDED, 4, after(SIGNED_AT, days=8))), ASKED_OUT),
    ("second-opinion-late", replace(REMOVAL, reasons=(ReasonFacts(recorded=REASON),)), REASON),
    (
        "second-opinion-late",
        replace(
            REMOVAL,
            reasons=(ReasonFacts(recorded=REASON, opinion=replace(OPINION, occurred_at=after(SIGNED_AT, days=4))),),
        ),
        REASON,
    ),
    ("asked-again-too-soon", Matter(steps=(NO, SOON), zone=SHANGHAI), SOON.entry),
    ("asked-again-too-soon", Matter(steps=(NO, replace(AGAIN, policy=UNTIL_ASKED)), zone=SHANGHAI), AGAIN.entry),
    ("asked-again-too-soon", Matter(steps=(WISH, NO, SOON), zone=SHANGHAI), SOON.entry),
    ("asked-again-too-soon", Matter(steps=(TAKEN_BACK, SOON), zone=SHANGHAI), SOON.entry),
    ("assessed-twice-by-one", AssessedTrail(assessments=(FIRST_LOOK, SECOND_LOOK)), SECOND_LOOK),
    ("paper-not-looked-at", replace(GOOD, is_on_paper=True), GIVEN),
    ("paper-not-looked-at", with_entries(LOOKS[0], replace(LOOKS[1], by=OTHER), is_on_paper=True), GIVEN),
    ("paper-not-looked-at", with_entries(LOOKS[0], replace(LOOKS[1], place=(1, 41)), is_on_paper=True), GIVEN),
    ("entry-unreadable", replace(GIVEN, is_readable=False), GIVEN),
    ("recorded-late", replace(GIVEN, recorded_at=after(SIGNED_AT, minutes=6)), GIVEN),
    ("recorded-late", replace(GIVEN, recorded_at=after(SIGNED_AT, minutes=-6)), GIVEN),
    ("unsealed-too-long", LogFacts(at=after(SIGNED_AT, minutes=16), waiting=(WAITING,)), WAITING),
    ("never-anchored", LogFacts(at=SIGNED_AT, first_not_anchored=GIVEN), GIVEN),
]

# Facts at which no question of their kind is answered with no.
YES_CASES: dict[str, AuditFacts] = {
    "all-in-order": GOOD,
    "not-started-yet": with_entries(without=[CONFIRMED, CERTIFIED, STARTED]),
    "only-proposed": ConsentTrail(entries=(PROPOSED,), at=NOW, policy=STER),
    "thirty-days-and-720-hours": started(after(SIGNED_AT, days=30)),
    "shorter-after-an-early-birth": started(
        after(SIGNED_AT, hours=82), replace(BIRTH, place=(1, 62), occurred_at=SIGNED_AT)
    ),
    "shorter-by-her-own-wish": started(after(SIGNED_AT, hours=72), ANSWERED, shorter_wait_is_agreed=True),
    "on-the-last-day": started(after(SIGNED_AT, days=180)),
    "hold-lifted": replace(GOOD, holds=(HoldFacts(raised=RAISED, lifted=LIFTED),)),
    "hold-after-the-start": replace(GOOD, holds=(HoldFacts(raised=replace(RAISED, place=(1, 95))),)),
    "withdrawn-after-the-start": with_entries(entry(K.CONSENT_WITHDRAWN, 95, STARTED_AT, has_receipt=True)),
    "refused-for-another-reason": with_entries(refused("waiting-time")),
    "assessed-since": with_entries(refused("capacity"), replace(FIRST_LOOK, place=(1, 66))),
    "nobody-interpreted": with_entries(without=[INTERPRETED], talks=(replace(TALK, interpreter=None),)),
    "a-second-talk-counts": replace(GOOD, talks=(replace(TALK, was_live=False, entry=PROPOSED), TALK)),
    "sheet-changed-afterwards": replace(GOOD, newer_sheet_at=after(STARTED_AT, minutes=1)),
    "copy-on-own-device": with_entries(without=[ISSUED], copy_choice=CopyChoice.OWN_DEVICE),
    "copy-declined-for-safety": with_entries(without=[ISSUED], copy_choice=CopyChoice.DECLINED),
    "copy-handed-over-on-paper": with_entries(replace(ISSUED, kind=K.COPY_HANDED_OVER), without=[ISSUED]),
    "on-paper-that-two-looked-at": with_entries(*LOOKS, is_on_paper=True),
    "copy-within-the-day": with_entries(
        without=[ISSUED, STATED, CONFIRMED, CERTIFIED, STARTED], at=after(SIGNED_AT, hours=24)
    ),
    "receipt-within-the-day": ConsentTrail(entries=(NO.entry,), at=after(SIGNED_AT, hours=24)),
    "no-bars-for-this-kind": replace(
        with_entries(
            *(replace(one, occurred_at=after(STARTED_AT, days=-2)) for one in (GIVEN, TALKED)),
            without=[STATED, CERTIFIED],
            policy=policy_for(Preset.STRICT_DEFAULT, ProcedureCategory.IMG),
            category=ProcedureCategory.IMG,
        ),
        copy_choice=None,
        talks=(replace(TALK, witness_offered=None, minutes_alone=None, no_loss_spoken=None, was_live=None),),
    ),
    "emergency": EMERGENCY,
    "addition-needs-no-review": replace(EMERGENCY, is_emergency=False, reviewed=None),
    "review-not-due-yet": replace(EMERGENCY, reviewed=None, told=None, at=after(STARTED_AT, hours=24)),
    "no-hours-in-the-rules": replace(EMERGENCY, reviewed=None, review_hours=None),
    "removal-on-its-day": REMOVAL,
    "removal-still-open": replace(REMOVAL, ended=None, at=after(SIGNED_AT, days=7)),
    "day-moved-by-two": replace(
        REMOVAL, ended=None, reasons=(ReasonFacts(recorded=REASON, opinion=OPINION, moves_the_day=True),)
    ),
    "kept-before-an-opinion": replace(
        REMOVAL,
        ended=entry(K.REMOVAL_ENDED, 4, after(SIGNED_AT, days=2)),
        reasons=(ReasonFacts(recorded=REASON),),
    ),
    "asked-again-in-time": Matter(steps=(NO, AGAIN), zone=SHANGHAI),
    "she-asked": Matter(steps=(NO, WISH, SOON), zone=SHANGHAI),
    "never-said-no": Matter(steps=(SOON,), zone=SHANGHAI),
    "rules-of-offer-unreadable": Matter(steps=(NO, replace(SOON, policy=None)), zone=SHANGHAI),
    "assessed-once": AssessedTrail(assessments=(FIRST_LOOK,)),
    "assessed-by-two": AssessedTrail(assessments=(FIRST_LOOK, replace(SECOND_LOOK, by=OTHER), THIRD_LOOK)),
    "entry": GIVEN,
    "sealed-soon": LogFacts(at=after(SIGNED_AT, minutes=15), waiting=(WAITING,)),
}


@pytest.mark.parametrize(
    ("check", "facts", "named"), NO_CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(NO_CASES)]
)
def test_a_no_is_found_at_its_entry(check: str, facts: AuditFacts, named: EntryFacts) -> None:
    found = [one for one in audit([facts]) if one.check == check]
    assert found == [Finding(check=check, kind=named.kind.value, index=named.index, incarnation=1)]


@pytest.mark.parametrize("facts", YES_CASES.values(), ids=YES_CASES)
def test_nothing_is_found_where_every_answer_is_yes(facts: AuditFacts) -> None:
    assert list(audit([facts])) == []


def test_every_question_has_a_no_and_a_yes() -> None:
    assert {case[0] for case in NO_CASES} == {check.id for check in CHECKS}
    asked = {check.about for check in CHECKS}
    assert asked == {type(facts) for facts in YES_CASES.values()} == set(get_args(AuditFacts))


def test_every_question_names_rules_that_exist_and_asks() -> None:
    for check in CHECKS:
        assert check.rules
        assert set(check.rules) <= set(rule_ids())
        assert check.question.endswith("?")


def test_a_waiting_entry_says_so_instead_of_its_place() -> None:
    (finding,) = audit([LogFacts(at=after(SIGNED_AT, hours=1), waiting=(WAITING,))])
    assert (finding.index, finding.where) == (None, "waiting")


def fields(kind: type) -> Iterator[str]:
    yield from inspect.get_annotations(kind)


def test_a_finding_has_no_place_for_a_person() -> None:
    assert set(fields(Finding)) == {"check", "kind", "index", "incarnation"}
