"""A no is left in peace: no new offer, unless the patient asks or something new is known; and every attempt is kept."""

import datetime
import uuid

import pytest

from clinic import clock
from clinic.exceptions import InvalidInputError, NotAllowedError, WrongStateError
from clinic.models import Procedure
from consent.actions.ask_to_talk import ask_to_talk
from consent.actions.mark_in_error import mark_in_error
from consent.actions.offering import OfferAnswer
from consent.actions.record_clinical_fact import record_clinical_fact
from consent.actions.refuse import refuse_consent
from consent.actions.report_error import report_error
from consent.exceptions import AlreadyDecidedError
from consent.models import ClinicalFact, Consent, LedgerEntry, RefusedOffer, TalkRequest
from consent.vocabulary import EntryKind, RequestSource, Via
from tests.clock import MovableClock
from tests.factories import House

FACT = "Test result: a blood count has come back low."


def refused(house: House, procedure: Procedure | None = None) -> Consent:
    """A consent that the patient has said no to."""
    consent = house.proposed(procedure)
    return refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)


def asked(consent: Consent) -> TalkRequest:
    """The patient's own wish to talk about it again."""
    return ask_to_talk(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)


def with_fact(house: House, consent: Consent) -> ClinicalFact:
    """Something new, by the colleague."""
    return record_clinical_fact(consent_id=consent.pk, fact=FACT, by=house.colleague.account)


def unmet(answer: OfferAnswer) -> set[str]:
    assert answer.consent is None
    return {one.requirement_id for one in answer.verdict.unmet}


# ------------------------------------------------------------------------------------------- an attempt that is refused


def test_after_a_no_an_offer_is_refused_and_the_attempt_is_kept(house: House) -> None:
    consent = refused(house)
    answer = house.offered(consent.procedure)
    assert unmet(answer) == {"re-offer-days"}
    earliest = answer.verdict.unmet[0].earliest_at
    assert earliest is not None
    assert clock.local_date(earliest, time_zone=house.time_zone) == datetime.date(2027, 4, 15)
    row = RefusedOffer.objects.get()
    assert (row.procedure, row.unmet, row.offered_by) == (
        consent.procedure,
        ["re-offer-days"],
        house.midwife.account,
    )
    assert LedgerEntry.objects.filter(kind=EntryKind.OFFER_REFUSED).count() == 1
    assert Consent.objects.count() == 1


def test_a_second_click_on_a_refused_offer_writes_nothing(house: House) -> None:
    procedure, key = refused(house).procedure, uuid.uuid4()
    first = house.offered(procedure, form_key=key)
    entries = LedgerEntry.objects.count()
    second = house.offered(procedure, form_key=key)
    assert unmet(first) == unmet(second)
    assert (LedgerEntry.objects.count(), RefusedOffer.objects.count()) == (entries, 1)
    with pytest.raises(NotAllowedError):
        house.offered(procedure, form_key=key, by=house.colleague.account)


def test_another_plan_of_the_same_kind_is_the_same_matter(house: House) -> None:
    consent = refused(house)
    assert unmet(house.offered(house.procedure(consent.patient))) == {"re-offer-days"}
    assert house.offered(house.procedure()).consent is not None, "another patient has said nothing"


def test_a_no_that_was_a_mistake_is_no_no(house: House) -> None:
    consent = refused(house)
    report_error(consent_id=consent.pk, explanation="Wrong.", patient_agreed=True, by=house.midwife.account)
    mark_in_error(consent_id=consent.pk, by=house.colleague.account)
    assert house.offered(consent.procedure).consent is not None


@pytest.mark.parametrize(("days", "is_allowed"), [(89, False), (90, True)])
def test_the_days_are_days_of_the_calendar(
    house: House, movable_clock: MovableClock, days: int, is_allowed: bool
) -> None:
    consent = refused(house)
    movable_clock.set("2027-01-15T00:00:01+08:00")
    movable_clock.forward(days=days)
    assert (house.offered(consent.procedure).consent is not None) is is_allowed


@pytest.mark.parametrize("who", ["receptionist", "advocate", "auditor", "administrator"])
def test_only_clinicians_offer(house: House, who: str) -> None:
    procedure = refused(house).procedure
    with pytest.raises(NotAllowedError):
        house.offered(procedure, by=getattr(house, who))
    assert not RefusedOffer.objects.exists()


def test_nobody_offers_at_another_clinic(house: House) -> None:
    procedure = refused(house).procedure
    with pytest.raises(NotAllowedError):
        house.offered(procedure, by=House().midwife.account)


# ------------------------------------------------------------------------------------------------ her own wish to talk


def test_her_own_wish_opens_the_way_to_one_offer(house: House, movable_clock: MovableClock) -> None:
    consent = refused(house)
    asked(consent)
    again = house.offered(consent.procedure).consent
    assert again is not None
    movable_clock.forward(minutes=5)
    refuse_consent(consent_id=again.pk, by=again.patient.account, via=Via.OWN_CARD)
    assert unmet(house.offered(consent.procedure)) == {"re-offer-days"}


def test_she_can_say_it_on_any_of_her_own_papers_and_once_is_enough(house: House) -> None:
    first = refused(house)
    asked(first)
    second = house.offered(first.procedure).consent
    assert second is not None
    refuse_consent(consent_id=second.pk, by=second.patient.account, via=Via.OWN_CARD)
    wish = asked(first)
    assert wish.pk == asked(second).pk, "the wish that is open already"
    assert LedgerEntry.objects.filter(kind=EntryKind.TALK_REQUESTED).count() == 2
    assert house.offered(first.procedure).consent is not None


def test_nobody_else_can_wish_it_for_her(house: House) -> None:
    consent = refused(house)
    stranger = house.patient("Test Patient Two").account
    for account in (house.midwife.account, house.receptionist, house.advocate, stranger):
        with pytest.raises(NotAllowedError):
            ask_to_talk(consent_id=consent.pk, by=account, via=Via.STAFF)
    assert not TalkRequest.objects.exists()


def test_there_is_nothing_to_wish_while_it_is_open(house: House) -> None:
    with pytest.raises(AlreadyDecidedError):
        asked(house.proposed())


def test_that_staff_say_it_was_her_idea_opens_nothing(house: House) -> None:
    consent = refused(house)
    assert unmet(house.offered(consent.procedure, request_source=RequestSource.PATIENT)) == {"re-offer-days"}


# ------------------------------------------------------------------------------------------------- a new clinical fact


def test_a_new_fact_by_another_clinician_carries_one_offer(house: House, movable_clock: MovableClock) -> None:
    consent = refused(house)
    movable_clock.forward(days=2)
    fact = with_fact(house, consent)
    assert with_fact(house, consent).pk == fact.pk
    again = house.offered(consent.procedure).consent
    assert again is not None
    refuse_consent(consent_id=again.pk, by=again.patient.account, via=Via.OWN_CARD)
    assert unmet(house.offered(consent.procedure)) == {"re-offer-days"}


def test_a_fact_is_about_her_newest_no(house: House) -> None:
    consent = refused(house)
    asked(consent)
    refused(house, consent.procedure)
    with pytest.raises(AlreadyDecidedError, match="newest no"):
        with_fact(house, consent)


def test_whoever_asked_before_records_no_new_fact(house: House) -> None:
    consent = refused(house)
    with pytest.raises(NotAllowedError, match="Another clinician"):
        record_clinical_fact(consent_id=consent.pk, fact=FACT, by=house.midwife.account)
    for account in (house.receptionist, house.advocate, consent.patient.account, House().midwife.account):
        with pytest.raises(NotAllowedError):
            record_clinical_fact(consent_id=consent.pk, fact=FACT, by=account)
    with pytest.raises(InvalidInputError) as empty:
        record_clinical_fact(consent_id=consent.pk, fact="  ", by=house.colleague.account)
    assert empty.value.field == "fact"
    assert not ClinicalFact.objects.exists()


def test_a_fact_counts_once_whoever_records_it(house: House) -> None:
    consent = refused(house)
    with_fact(house, consent)
    with pytest.raises(WrongStateError, match="counts once"):
        record_clinical_fact(consent_id=consent.pk, fact=FACT, by=house.practitioner("Test Third").account)


def test_a_fact_needs_a_no(house: House) -> None:
    with pytest.raises(AlreadyDecidedError):
        with_fact(house, house.proposed())
