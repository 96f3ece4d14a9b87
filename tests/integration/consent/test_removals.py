"""Removal is a right with a clock: no reason, no way to say no, and an overdue one is seen. CR-019."""

import datetime
import uuid

import pytest

from clinic import clock
from clinic.exceptions import InvalidInputError, NotAllowedError, WrongStateError
from consent.actions.ask_removal import ask_removal
from consent.actions.give_second_opinion import give_second_opinion
from consent.actions.keep_device import keep_device
from consent.actions.record_contraindication import record_contraindication
from consent.actions.record_removed import record_removed
from consent.models import LedgerEntry, RemovalEnd, RemovalRequest
from consent.queries.removals import RemovalLine, removal_lines, removals_visible_to
from consent.rules.removals import RemovalState
from consent.vocabulary import RemovalOutcome, Via
from tests.clock import MovableClock
from tests.factories import House
from tests.story_removals import asked, completed_removal, reasoned


def line(wish: RemovalRequest) -> RemovalLine:
    (found,) = removal_lines([RemovalRequest.objects.get(pk=wish.pk)], at=clock.now())
    return found


def later(house: House, days: int) -> datetime.date:
    return clock.local_date(clock.now(), time_zone=house.site.time_zone) + datetime.timedelta(days=days)


def opinion(reason, by, **changes):
    values = {"agrees": True, "told_patient": True, "review_on": None, "note": "Seen."}
    return give_second_opinion(contraindication_id=reason.pk, by=by, **(values | changes))


def test_the_clock_runs_from_the_day_she_asked(house: House, movable_clock: MovableClock) -> None:
    wish = asked(house)
    assert line(wish).standing.state is RemovalState.OPEN
    movable_clock.forward(days=7)
    assert line(wish).standing.state is RemovalState.OPEN
    movable_clock.forward(days=1)
    assert line(wish).is_overdue


def test_asking_twice_is_one_wish_with_the_older_clock(house: House, movable_clock: MovableClock) -> None:
    first = asked(house)
    movable_clock.forward(days=3)
    again = asked(house, first.patient)
    assert again == first
    assert LedgerEntry.objects.filter(kind="removal.asked").count() == 1


def test_staff_may_only_write_down_what_she_said(house: House) -> None:
    patient = house.patient()
    with pytest.raises(NotAllowedError):
        ask_removal(patient_id=patient.pk, device="", by=house.receptionist, via=Via.STAFF, form_key=uuid.uuid4())
    wish = ask_removal(
        patient_id=patient.pk, device="", by=house.receptionist, via=Via.SPOKEN_TO_STAFF, form_key=uuid.uuid4()
    )
    assert wish.asked_via == Via.SPOKEN_TO_STAFF


def test_nobody_of_another_clinic_and_no_other_patient(house: House) -> None:
    other = House()
    patient = house.patient()
    for by, via in ((other.receptionist, Via.SPOKEN_TO_STAFF), (other.patient().account, Via.OWN_CARD)):
        with pytest.raises(NotAllowedError):
            ask_removal(patient_id=patient.pk, device="", by=by, via=via, form_key=uuid.uuid4())
    assert not removals_visible_to(other.midwife.account).exists()


def test_there_is_no_way_to_say_no() -> None:
    assert {outcome.value for outcome in RemovalOutcome} == {"removed", "patient-keeps-it"}
    assert "denied" not in {state.value for state in RemovalState}


def test_only_she_can_keep_it(house: House) -> None:
    wish = asked(house)
    with pytest.raises(NotAllowedError):
        keep_device(request_id=wish.pk, by=house.midwife.account, via=Via.STAFF)
    end = keep_device(request_id=wish.pk, by=wish.patient.account, via=Via.OWN_CARD)
    assert keep_device(request_id=wish.pk, by=wish.patient.account, via=Via.OWN_CARD) == end
    assert RemovalEnd.objects.count() == 1
    assert line(wish).standing.state is RemovalState.ENDED


def test_removed_names_the_removal_that_was_done(house: House) -> None:
    wish = asked(house)
    somebody_elses = completed_removal(house, house.patient("Test Patient Two"))
    with pytest.raises(InvalidInputError):
        record_removed(request_id=wish.pk, procedure_id=somebody_elses.pk, by=house.midwife.account)
    done = completed_removal(house, wish.patient)
    with pytest.raises(NotAllowedError):
        record_removed(request_id=wish.pk, procedure_id=done.pk, by=house.receptionist)
    end = record_removed(request_id=wish.pk, procedure_id=done.pk, by=house.midwife.account)
    assert record_removed(request_id=wish.pk, procedure_id=done.pk, by=house.midwife.account) == end
    with pytest.raises(WrongStateError):
        keep_device(request_id=wish.pk, by=wish.patient.account, via=Via.OWN_CARD)


def test_a_reason_alone_moves_no_day(house: House, movable_clock: MovableClock) -> None:
    reason = reasoned(house)
    wish = reason.request
    movable_clock.forward(days=3)
    assert line(wish).standing.waits_for_second_opinion
    movable_clock.forward(days=5)
    assert line(wish).is_overdue


def test_the_same_clinician_cannot_agree_with_herself(house: House) -> None:
    with pytest.raises(NotAllowedError):
        opinion(reasoned(house), house.midwife.account)


def test_to_agree_she_was_told_and_a_day_is_set(house: House) -> None:
    reason = reasoned(house)
    with pytest.raises(InvalidInputError):
        opinion(reason, house.colleague.account, told_patient=False, review_on=later(house, 5))
    with pytest.raises(InvalidInputError):
        opinion(reason, house.colleague.account, review_on=later(house, 0))
    opinion(reason, house.colleague.account, review_on=later(house, 20))
    assert line(reason.request).standing.state is RemovalState.CONTRAINDICATED


def test_after_the_day_to_look_again_it_is_owed_again(house: House, movable_clock: MovableClock) -> None:
    reason = reasoned(house)
    opinion(reason, house.colleague.account, review_on=later(house, 20))
    movable_clock.forward(days=21)
    assert line(reason.request).is_overdue


def test_who_does_not_agree_leaves_the_clock_alone(house: House, movable_clock: MovableClock) -> None:
    reason = reasoned(house)
    opinion(reason, house.colleague.account, agrees=False)
    movable_clock.forward(days=8)
    assert line(reason.request).is_overdue


def test_a_reason_needs_words(house: House) -> None:
    with pytest.raises(InvalidInputError):
        record_contraindication(
            request_id=asked(house).pk, reason="  ", by=house.midwife.account, form_key=uuid.uuid4()
        )


def test_the_advocate_and_the_team_see_what_is_owed_and_the_desk_does_not(house: House) -> None:
    asked(house)
    assert removals_visible_to(house.advocate).count() == 1
    assert removals_visible_to(house.midwife.account).count() == 1
    assert not removals_visible_to(house.receptionist).exists()
    assert not removals_visible_to(house.administrator).exists()
