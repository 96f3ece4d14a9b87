"""Towards a procedure everything is needed: who may say yes, to what, and when."""

import uuid

import pytest

from clinic.exceptions import ClinicError, InvalidInputError, NotAllowedError, WrongStateError
from consent.actions.certify import certify_as_operator
from consent.actions.confirm import confirm_consent
from consent.actions.give import give_consent
from consent.actions.inform import AlternativeInput, TeachBackInput, record_conversation
from consent.actions.propose import propose_consent
from consent.actions.refuse import refuse_consent
from consent.actions.signing import SignatureInput
from consent.exceptions import AlreadyDecidedError, NotReadyError, SheetChangedError
from consent.models import Consent, LedgerEntry, Signature
from consent.vocabulary import ConsentState, RequestSource, SignatureMethod, Via
from tests.clock import MovableClock
from tests.factories import House, drawn, full_talk, typed


def say_yes(consent: Consent, **changes: object) -> Consent:
    values: dict = {
        "consent_id": consent.pk,
        "shown_digest": consent.sheet_version.digest,
        "signature": typed(),
        "by": consent.patient.account,
        "via": Via.OWN_CARD,
    }
    return give_consent(**(values | changes))


def unchanged(consent: Consent) -> bool:
    now = Consent.objects.get(pk=consent.pk)
    return now.state == consent.state and now.given_at is None and not Signature.objects.filter(consent=now).exists()


def test_what_was_shown_is_what_was_signed_is_what_is_stored(house: House) -> None:
    consent = say_yes(house.informed(), signature=drawn("Anna"))
    signature = Signature.objects.get(consent=consent)
    assert consent.sheet_version.digest == consent.signed_digest == signature.sheet_digest
    assert signature.strokes == drawn("Anna").strokes
    assert bytes(signature.image).startswith(b"\x89PNG")


def test_a_stale_sheet_writes_nothing(house: House) -> None:
    consent = house.informed()
    entries = LedgerEntry.objects.count()
    with pytest.raises(SheetChangedError):
        say_yes(consent, shown_digest="0" * 64)
    assert unchanged(consent)
    assert LedgerEntry.objects.count() == entries


def test_nobody_else_can_say_yes_for_her(house: House) -> None:
    consent = house.informed()
    other = house.patient("Test Patient Two")
    for account in (house.midwife.account, house.receptionist, house.advocate, house.administrator, other.account):
        with pytest.raises(NotAllowedError):
            say_yes(consent, by=account)
    assert unchanged(consent)


def test_her_yes_waits_until_the_clinic_has_done_its_part(house: House) -> None:
    consent = house.proposed()
    bare = full_talk(
        consent, minutes_alone=None, alternatives=(), teach_backs=(), capacity=None, signing_states=None, people=()
    )
    record_conversation(consent_id=consent.pk, talk=bare, by=house.midwife.account, form_key=uuid.uuid4())
    consent = Consent.objects.get(pk=consent.pk)
    with pytest.raises(NotReadyError) as refused:
        say_yes(consent)
    missing = {unmet.requirement_id for unmet in refused.value.verdict.unmet}
    assert {"time-alone", "alternatives-opened", "understanding", "capacity"} <= missing
    assert unchanged(consent)


def test_before_any_talk_there_is_nothing_to_say_yes_to(house: House) -> None:
    consent = house.proposed()
    with pytest.raises(AlreadyDecidedError, match="Record the conversation first"):
        say_yes(consent)
    assert unchanged(consent)


@pytest.mark.parametrize(
    ("signature", "field"),
    [
        (SignatureInput(method=SignatureMethod.DRAWN), "strokes"),
        (SignatureInput(method=SignatureMethod.TYPED, typed_name="  "), "typed_name"),
        (SignatureInput(method=SignatureMethod.MARK), "witness_name"),
    ],
)
def test_a_signature_without_what_it_needs_names_the_field(house: House, signature: object, field: str) -> None:
    consent = house.informed()
    with pytest.raises(InvalidInputError) as refused:
        say_yes(consent, signature=signature)
    assert refused.value.field == field
    assert unchanged(consent)


@pytest.mark.parametrize("witness", ["Test Midwife", " test  MIDWIFE ", "Test Interpreter", "Test Patient One"])
def test_the_witness_of_a_mark_is_nobody_involved(house: House, witness: str) -> None:
    consent = house.proposed()
    talk = full_talk(consent, interpreter_name="Test Interpreter")
    record_conversation(consent_id=consent.pk, talk=talk, by=house.midwife.account, form_key=uuid.uuid4())
    consent = Consent.objects.get(pk=consent.pk)
    mark = SignatureInput(method=SignatureMethod.MARK, witness_name=witness, witness_relation="in the room")
    with pytest.raises(NotReadyError) as refused:
        say_yes(consent, signature=mark)
    assert {unmet.requirement_id for unmet in refused.value.verdict.unmet} == {"signature"}
    assert unchanged(consent)


def test_a_mark_with_an_independent_witness_counts(house: House) -> None:
    mark = SignatureInput(method=SignatureMethod.MARK, witness_name="Test Neighbour", witness_relation="neighbour")
    consent = say_yes(house.informed(), signature=mark)
    assert consent.state == ConsentState.GIVEN
    assert Signature.objects.get(consent=consent).witness_is_independent is True


def test_after_a_no_there_is_no_yes(house: House) -> None:
    consent = house.informed()
    refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    with pytest.raises(AlreadyDecidedError):
        say_yes(consent)


def test_one_live_consent_per_procedure(house: House) -> None:
    consent = house.proposed()
    with pytest.raises(WrongStateError, match="already has a consent"):
        house.proposed(consent.procedure)


def test_a_language_without_a_sheet_is_refused_by_name(house: House) -> None:
    procedure = house.procedure()
    with pytest.raises(InvalidInputError) as refused:
        propose_consent(
            procedure_id=procedure.pk,
            language="fr",
            request_source=RequestSource.PATIENT,
            by=house.midwife.account,
            form_key=uuid.uuid4(),
        )
    assert refused.value.field == "language"


def test_a_talk_is_about_this_sheet(house: House) -> None:
    consent = house.proposed()
    stranger = TeachBackInput(key="not-on-this-sheet", answer="x", is_understood=True)
    for changes, field in (
        ({"alternatives": (AlternativeInput(key="not-on-this-sheet"),)}, "alternatives"),
        ({"teach_backs": (stranger,)}, "teach_backs"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            record_conversation(
                consent_id=consent.pk,
                talk=full_talk(consent, **changes),
                by=house.midwife.account,
                form_key=uuid.uuid4(),
            )
        assert refused.value.field == field


def test_confirming_needs_a_yes_before_it_and_the_same_words(house: House) -> None:
    consent = house.informed()
    values = {"was_alone": True, "by": consent.patient.account, "via": Via.CLINIC_TABLET}
    with pytest.raises(AlreadyDecidedError):
        confirm_consent(consent_id=consent.pk, shown_digest=consent.sheet_version.digest, **values)
    given = house.given()
    with pytest.raises(SheetChangedError):
        confirm_consent(consent_id=given.pk, shown_digest="0" * 64, **(values | {"by": given.patient.account}))


def test_confirming_again_takes_the_certificate_away(house: House, movable_clock: MovableClock) -> None:
    consent = house.ready()
    movable_clock.forward(minutes=5)
    again = confirm_consent(
        consent_id=consent.pk,
        shown_digest=consent.sheet_version.digest,
        was_alone=True,
        by=consent.patient.account,
        via=Via.CLINIC_TABLET,
    )
    assert again.certified_at is None


def test_only_the_planned_operator_certifies_with_her_own_name(house: House) -> None:
    consent = house.ready(house.procedure())
    confirmed = house.given()
    confirm_consent(
        consent_id=confirmed.pk,
        shown_digest=confirmed.sheet_version.digest,
        was_alone=True,
        by=confirmed.patient.account,
        via=Via.CLINIC_TABLET,
    )
    with pytest.raises(NotAllowedError):
        certify_as_operator(consent_id=confirmed.pk, typed_name="Test Colleague", by=house.colleague.account)
    with pytest.raises(InvalidInputError, match="Test Midwife"):
        certify_as_operator(consent_id=confirmed.pk, typed_name="Somebody", by=house.midwife.account)
    assert consent.certified_at is not None


@pytest.mark.parametrize("who", ["receptionist", "advocate", "auditor", "administrator"])
def test_only_clinicians_propose_and_record(house: House, who: str) -> None:
    account, consent = getattr(house, who), house.proposed()
    with pytest.raises(ClinicError):
        record_conversation(consent_id=consent.pk, talk=full_talk(consent), by=account, form_key=uuid.uuid4())
    with pytest.raises(ClinicError):
        propose_consent(
            procedure_id=house.procedure().pk,
            language="en",
            request_source=RequestSource.PATIENT,
            by=account,
            form_key=uuid.uuid4(),
        )
