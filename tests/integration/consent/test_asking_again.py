"""How often a patient was asked: counted, shown, and from the third time on looked into by the advocate."""

import uuid

from consent.actions.give import give_consent
from consent.actions.inform import record_conversation
from consent.actions.lift_hold import lift_hold
from consent.actions.refuse import refuse_consent
from consent.actions.withdraw import withdraw_consent
from consent.models import Consent, Hold, LedgerEntry, RefusedOffer
from consent.queries.ledger import verify
from consent.queries.offers import asking, askings, own_asking
from consent.vocabulary import ConsentState, CopyChoice, EntryKind, HoldReason, Via
from tests.clock import MovableClock
from tests.factories import House, drawn, full_talk
from tests.integration.consent.test_offer import asked, refused, unmet, with_fact


def signals(consent: Consent) -> list[str]:
    """The signals that the rules themselves have raised a hold for."""
    return list(Hold.objects.filter(consent=consent, reason=HoldReason.SIGNAL).values_list("signal", flat=True))


def asked_again(house: House, consent: Consent) -> Consent:
    """Offered once more because she wished it."""
    asked(consent)
    again = house.offered(consent.procedure).consent
    assert again is not None
    return again


def say_no(consent: Consent) -> Consent:
    return refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)


# ------------------------------------------------------------------------------------------- after taking a yes back


def test_after_taking_it_back_nobody_speaks_of_it_unless_she_does(house: House, movable_clock: MovableClock) -> None:
    consent = house.given()
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    answer = house.offered(consent.procedure)
    assert unmet(answer) == {"re-offer-days", "contact-lock-hours"}
    movable_clock.forward(hours=71, minutes=59)
    assert "contact-lock-hours" in unmet(house.offered(consent.procedure))
    movable_clock.forward(minutes=1)
    assert unmet(house.offered(consent.procedure)) == {"re-offer-days"}
    asked(consent)
    assert house.offered(consent.procedure).consent is not None


def test_her_wish_opens_the_lock_at_once_and_a_new_fact_does_not(house: House) -> None:
    consent = house.given()
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    with_fact(house, consent)
    assert unmet(house.offered(consent.procedure)) == {"contact-lock-hours"}
    asked(consent)
    assert house.offered(consent.procedure).consent is not None


# ------------------------------------------------------------------------------------------------- the third asking


def test_the_third_asking_is_held_for_the_advocate(house: House, movable_clock: MovableClock) -> None:
    first = refused(house)
    second = asked_again(house, first)
    assert signals(second) == []
    say_no(second)
    third = asked_again(house, second)
    assert signals(third) == ["PS-16"]
    hold = Hold.objects.get(consent=third)
    assert LedgerEntry.objects.filter(kind=EntryKind.HOLD_RAISED).count() == 1
    lift_hold(hold_id=hold.pk, note="Spoke with her alone.", by=house.advocate)
    assert verify().findings == []


def test_askings_long_ago_do_not_count(house: House, movable_clock: MovableClock) -> None:
    first = refused(house)
    second = asked_again(house, first)
    say_no(second)
    movable_clock.forward(days=91)
    assert signals(asked_again(house, second)) == []


def test_the_third_refused_attempt_is_held_on_what_she_refused(house: House) -> None:
    consent = refused(house)
    for attempts in (1, 2):
        house.offered(consent.procedure)
        assert (RefusedOffer.objects.count(), signals(consent)) == (attempts, [])
    house.offered(consent.procedure)
    assert signals(consent) == ["PS-16"]
    house.offered(consent.procedure)
    assert signals(consent) == ["PS-16"], "while the advocate looks, once is enough"
    assert verify().findings == []


def test_attempts_that_lacked_something_else_do_not_count(house: House) -> None:
    procedure = house.procedure(house.patient(languages=["fr"]))
    for _attempt in range(3):
        answer = house.offered(procedure, reading_aid=None)
        assert unmet(answer) == {"sheet-in-language"}
    assert not Hold.objects.exists()


def test_what_was_never_refused_is_asked_as_often_as_it_is_needed(house: House) -> None:
    patient = house.patient()
    for _time in range(4):
        assert signals(house.proposed(house.procedure(patient))) == []


# ---------------------------------------------------------------------------------------- a no that turned to a yes


def talked_and_signed(house: House, consent: Consent) -> Consent:
    """The whole talk, and her yes."""
    record_conversation(consent_id=consent.pk, talk=full_talk(consent), by=house.midwife.account, form_key=uuid.uuid4())
    return give_consent(
        consent_id=consent.pk,
        shown_digest=consent.sheet_version.digest,
        signature=drawn(consent.patient_id),
        copy_choice=CopyChoice.PAPER,
        by=consent.patient.account,
        via=Via.OWN_CARD,
    )


def test_a_yes_after_a_no_and_an_attempt_of_staff_is_held(house: House, movable_clock: MovableClock) -> None:
    first = refused(house)
    house.offered(first.procedure)
    movable_clock.forward(days=5)
    again = talked_and_signed(house, asked_again(house, first))
    assert again.state == ConsentState.GIVEN
    assert signals(again) == ["PS-17"]


def test_a_yes_that_she_came_back_for_herself_is_not_held(house: House, movable_clock: MovableClock) -> None:
    first = refused(house)
    movable_clock.forward(days=5)
    assert signals(talked_and_signed(house, asked_again(house, first))) == []


def test_a_yes_to_what_a_new_fact_carried_is_held(house: House, movable_clock: MovableClock) -> None:
    first = refused(house)
    with_fact(house, first)
    again = house.offered(first.procedure).consent
    assert again is not None
    assert signals(talked_and_signed(house, again)) == ["PS-17"]


# -------------------------------------------------------------------------------------------------- counted and shown


def test_how_often_she_was_asked_is_counted(house: House, movable_clock: MovableClock) -> None:
    first = refused(house)
    house.offered(first.procedure)
    at, midwife = movable_clock.read(), house.midwife.account
    seen = asking(first.procedure, account=midwife, at=at)
    assert (seen.times, seen.attempts, seen.talk_asked_at) == (1, 1, None)
    assert [lock.requirement_id for lock in seen.locks] == ["re-offer-days"]
    assert own_asking(first).can_ask
    second = asked_again(house, first)
    newer = house.superseded(second)
    seen = asking(newer.procedure, account=midwife, at=at)
    assert (seen.times, seen.locks) == (2, ()), "a newer sheet is no new asking"
    mine = own_asking(newer)
    assert (mine.times, mine.can_ask) == (2, False)


def test_only_what_she_said_no_to_is_marked_in_a_list(house: House, movable_clock: MovableClock) -> None:
    no, other = refused(house), house.proposed()
    marked = askings([no.procedure_id, other.procedure_id], account=house.midwife.account, at=movable_clock.read())
    assert set(marked) == {no.procedure_id}
