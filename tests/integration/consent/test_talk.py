"""What a talk and a signature show by themselves: signs of pressure, words, statements, copied drawings."""

import uuid
from typing import Any

import pytest

from clinic.exceptions import InvalidInputError, NotAllowedError, WrongStateError
from consent.actions.give import give_consent
from consent.actions.inform import PersonInput, TeachBackInput, record_conversation
from consent.actions.state_as_interpreter import state_as_interpreter
from consent.actions.state_as_obtainer import state_as_obtainer
from consent.actions.talk_draft import Kept, keep_draft
from consent.exceptions import AlreadyDecidedError, NotReadyError
from consent.models import Consent, Conversation, Hold, LedgerEntry, Signature, TalkDraft
from consent.vocabulary import Capacity, ConsentState, CopyChoice, PersonRole, SignatureMeaning, Via
from tests.clock import MovableClock
from tests.factories import House, drawn, full_talk, let_pass, typed
from tests.integration.consent.acts_talk import interpreted_talk

GIFT = "You get a gift of washing powder when you sign."
LOSS = "You will be fined if you do not come."
QUOTA = "We must reach the quota of this month."


def talk(house: House, consent: Consent, **changes: Any) -> Conversation:
    return record_conversation(
        consent_id=consent.pk,
        talk=full_talk(consent, **changes),
        by=house.midwife.account,
        form_key=uuid.uuid4(),
    )


def signals(consent: Consent) -> list[str]:
    return sorted(Hold.objects.filter(consent=consent).values_list("signal", flat=True))


def first_question(consent: Consent, **changes: Any) -> TeachBackInput:
    key = consent.sheet_version.content["teach_back"][0]["key"]
    return TeachBackInput(**({"key": key, "answer": "In my own words.", "is_understood": True} | changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"companion_would_not_leave": True}, ["PS-05"]),
        ({"people": (PersonInput(role=PersonRole.OFFICIAL, left_before_signing=True),)}, ["PS-06"]),
        ({"people": (PersonInput(role=PersonRole.POLICE),)}, ["PS-06"]),
        ({"capacity": Capacity.IN_DOUBT}, ["CR-058"]),
        ({"questions": (("And then?", GIFT),)}, ["PS-38"]),
        ({"capacity_note": QUOTA}, []),
        ({"questions": ((GIFT, "Nobody may promise that."),), "what_matters": LOSS}, []),
    ],
)
def test_a_talk_asks_for_the_advocate_where_it_must(house: House, changes: Any, expected: list[str]) -> None:
    consent = house.proposed()
    talk(house, consent, **changes)
    assert signals(consent) == expected
    assert Consent.objects.get(pk=consent.pk).state == ConsentState.INFORMED
    assert LedgerEntry.objects.filter(kind="hold.raised").count() == len(expected)


def test_guessing_until_it_is_right_asks_for_the_advocate(house: House) -> None:
    consent = house.proposed()
    talk(house, consent, teach_backs=(first_question(consent, attempts=3),))
    assert signals(consent) == ["PS-11"]


def test_what_somebody_else_answered_does_not_count_until_she_says_it_alone(house: House) -> None:
    consent = house.proposed()
    all_of_them = full_talk(consent).teach_backs
    talk(house, consent, teach_backs=(first_question(consent, answered_by_companion=True), *all_of_them[1:]))
    with pytest.raises(NotReadyError) as refused:
        say_yes(Consent.objects.get(pk=consent.pk))
    assert [one.requirement_id for one in refused.value.verdict.unmet] == ["understanding"]
    let_pass(minutes=1)
    talk(house, consent)
    assert say_yes(Consent.objects.get(pk=consent.pk)).state == ConsentState.GIVEN


def test_the_same_sign_twice_is_one_hold(house: House) -> None:
    consent = house.proposed()
    for _talk in range(2):
        talk(house, consent, companion_would_not_leave=True)
    assert signals(consent) == ["PS-05"]


def test_words_of_a_loss_are_not_recorded(house: House) -> None:
    consent = house.proposed()
    with pytest.raises(InvalidInputError, match="fined") as refused:
        talk(house, consent, questions=(("And if not?", LOSS),))
    assert refused.value.field == "answer_1"
    assert not Conversation.objects.exists()
    assert signals(consent) == []  # nothing at all was written


def keep(house: House, consent: Consent, **answers: Any) -> Kept:
    return keep_draft(consent_id=consent.pk, answers=answers, mark="", by=house.midwife.account)


def test_a_draft_with_words_of_a_loss_is_kept_and_the_advocate_asked(house: House) -> None:
    consent = house.proposed()
    for _save in range(2):
        kept = keep(house, consent, question_1="And if not?", answer_1=LOSS)
        assert [(one.word, one.is_refused, one.holds) for one in kept.flagged] == [("fined", True, True)]
    assert TalkDraft.objects.get().answers["answer_1"] == LOSS
    assert signals(consent) == ["PS-39"]
    assert not keep(house, consent, question_1=LOSS, what_matters=GIFT).flagged  # her own words are hers


def test_a_draft_is_for_whoever_may_talk_and_while_there_is_something_to_say(house: House) -> None:
    consent, given, next_door = house.proposed(), house.given(), House()
    for account in (house.receptionist, house.advocate, next_door.midwife.account, consent.patient.account):
        with pytest.raises(NotAllowedError):
            keep_draft(consent_id=consent.pk, answers={"what_matters": "x"}, mark="", by=account)
    with pytest.raises(AlreadyDecidedError):
        keep(house, given, what_matters="x")
    assert Consent.objects.get(pk=consent.pk).state == ConsentState.DRAFT
    keep(house, consent)
    assert not TalkDraft.objects.exists()  # nothing typed, nothing kept


def state(house: House, consent: Consent, **changes: Any) -> Signature:
    values: dict[str, Any] = {
        "typed_name": "Test Interpreter",
        "language": "ug",
        "organisation": "Test Interpreters",
        "by": house.midwife.account,
    }
    return state_as_interpreter(consent_id=consent.pk, **(values | changes))


def test_the_interpreter_states_once_a_day(house: House, movable_clock: MovableClock) -> None:
    consent = interpreted_talk(house)
    first = state(house, consent)
    assert state(house, consent, typed_name=" Test  Interpreter ") == first
    assert (first.meaning, first.typed_name, first.language, first.organisation) == (
        SignatureMeaning.STATES_AS_INTERPRETER,
        "Test Interpreter",
        "ug",
        "Test Interpreters",
    )
    movable_clock.forward(days=1)
    assert state(house, consent) != first
    assert LedgerEntry.objects.filter(kind="consent.interpreter-stated").count() == 2


def test_no_yes_without_the_interpreters_statement(house: House) -> None:
    consent = interpreted_talk(house)
    with pytest.raises(NotReadyError) as refused:
        say_yes(consent)
    assert {one.requirement_id for one in refused.value.verdict.unmet} == {"interpreter-statement"}
    state(house, consent)
    assert say_yes(consent).state == ConsentState.GIVEN


def test_the_interpreter_states_on_the_day_of_the_patient(house: House, movable_clock: MovableClock) -> None:
    consent = interpreted_talk(house)
    state(house, consent)
    say_yes(consent)
    assert state(house, consent, typed_name="Test Second Interpreter")
    movable_clock.forward(days=1)
    with pytest.raises(WrongStateError, match="on the day on which the patient signs"):
        state(house, consent)


def test_an_interpreters_statement_needs_an_interpreter(house: House) -> None:
    with pytest.raises(WrongStateError, match="No interpreter is recorded"):
        state(house, house.informed())
    with pytest.raises(AlreadyDecidedError, match="Record the conversation first"):
        state(house, house.proposed())
    consent = interpreted_talk(house)
    for changes, field in (({"typed_name": "  "}, "typed_name"), ({"language": ""}, "language")):
        with pytest.raises(InvalidInputError) as refused:
            state(house, consent, **changes)
        assert refused.value.field == field
    for account in (house.receptionist, House().midwife.account):
        with pytest.raises(NotAllowedError):
            state(house, consent, by=account)
    assert not Signature.objects.filter(consent=consent).exists()


def test_who_explained_states_after_the_patient(house: House) -> None:
    with pytest.raises(AlreadyDecidedError, match="has not given consent yet"):
        state_as_obtainer(consent_id=house.informed().pk, typed_name="Test Midwife", by=house.midwife.account)
    consent = house.given()
    for account in (house.colleague.account, house.receptionist, House().midwife.account):
        with pytest.raises(NotAllowedError):
            state_as_obtainer(consent_id=consent.pk, typed_name=account.display_name, by=account)
    with pytest.raises(InvalidInputError, match="Test Midwife"):
        state_as_obtainer(consent_id=consent.pk, typed_name="Somebody", by=house.midwife.account)
    stated = state_as_obtainer(consent_id=consent.pk, typed_name="Test Midwife", by=house.midwife.account)
    again = state_as_obtainer(consent_id=consent.pk, typed_name="Test Midwife", by=house.midwife.account)
    assert stated == again
    assert stated.meaning == SignatureMeaning.STATES_AS_OBTAINER


def say_yes(consent: Consent, **changes: Any) -> Consent:
    values: dict[str, Any] = {
        "shown_digest": consent.sheet_version.digest,
        "signature": typed(),
        "by": consent.patient.account,
        "via": Via.OWN_CARD,
    }
    return give_consent(consent_id=consent.pk, **(values | changes))


def test_another_patients_drawing_is_not_taken_and_the_advocate_looks(house: House) -> None:
    first = house.informed(house.procedure(house.patient("Test Patient Two")))
    say_yes(first, signature=drawn("Ann"))
    consent = house.informed()
    for _click in range(2):
        with pytest.raises(InvalidInputError, match="sign again with your own hand"):
            say_yes(consent, signature=drawn("Ann"))
    assert Consent.objects.get(pk=consent.pk).state == ConsentState.INFORMED
    assert not Signature.objects.filter(consent=consent).exists()
    assert signals(consent) == ["PS-35"]


def test_her_own_drawing_and_a_drawing_elsewhere_are_no_copies(house: House) -> None:
    patient, next_door = house.patient(), House()
    for _procedure in range(2):
        consent = say_yes(house.informed(house.procedure(patient)), signature=drawn("Ann"))
        signature = Signature.objects.get(consent=consent)
        assert (len(signature.image_hash), signature.is_reused) == (16, False)
    elsewhere = say_yes(next_door.informed(), signature=drawn("Ann"))
    assert elsewhere.state == ConsentState.GIVEN
    by_name = Signature.objects.get(consent=say_yes(house.informed(house.procedure(house.patient("Test Three")))))
    assert (by_name.image_hash, by_name.is_reused) == ("", None)


def test_how_she_wants_her_copy_is_kept(house: House) -> None:
    assert say_yes(house.informed(), copy_choice=CopyChoice.DECLINED).copy_choice == CopyChoice.DECLINED
    house.publish("tubal-ligation")
    consent = house.informed(house.procedure(house.patient("Test Two"), code="tubal-ligation"))
    let_pass(minutes=61)
    with pytest.raises(NotReadyError) as refused:
        say_yes(consent)
    assert {one.requirement_id for one in refused.value.verdict.unmet} == {"copy-choice"}
    assert say_yes(consent, copy_choice=CopyChoice.PAPER).state == ConsentState.GIVEN
