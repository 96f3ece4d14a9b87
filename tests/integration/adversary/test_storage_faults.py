"""The database refuses at each single statement of an act in turn: all of it is written, or nothing, and the page
says which."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from consent.models import Consent, LedgerWaiting
from consent.queries.ledger import verify
from tests.factories import House
from tests.integration.adversary.world import changed, picture, staff, with_card

NOT_SAVED = "Not saved. Nothing was changed."
MOST_STATEMENTS = 120


class Fault:
    """Raises at the nth statement from now on, once."""

    def __init__(self, nth: int) -> None:
        self.left = nth
        self.statement = ""
        self.was_undoing = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        is_undoing = sql.startswith("ROLLBACK") or (self.was_undoing and sql.startswith("RELEASE"))
        self.was_undoing = sql.startswith("ROLLBACK")
        if is_undoing:  # inside a test's own transaction undoing takes two statements; outside of it is no storage step
            return execute(sql, params, many, context)
        self.left -= 1
        if self.left == 0:
            self.statement = sql
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)


@contextmanager
def fault_at(nth: int) -> Iterator[Fault]:
    fault = Fault(nth)
    with connection.execute_wrapper(fault):
        yield fault


Sender = Callable[[House, Consent], tuple[Client, str, dict[str, Any]]]


def giving(house: House, consent: Consent) -> tuple[Client, str, dict[str, Any]]:
    form = {"shown_digest": consent.sheet_version.digest, "method": "typed", "typed_name": "Test Patient One"}
    return with_card(consent.patient), reverse("mine-give", kwargs={"consent_id": consent.pk}), form


def taking_back(house: House, consent: Consent) -> tuple[Client, str, dict[str, Any]]:
    return with_card(consent.patient), reverse("mine-take-back", kwargs={"consent_id": consent.pk}), {"words": "No."}


def starting(house: House, consent: Consent) -> tuple[Client, str, dict[str, Any]]:
    path = reverse("procedure-start", kwargs={"procedure_id": consent.procedure_id})
    return staff(house.midwife.account), path, {}


def refused_start(house: House, consent: Consent) -> tuple[Client, str, dict[str, Any]]:
    return starting(house, consent)


def saying_no(house: House, consent: Consent) -> tuple[Client, str, dict[str, Any]]:
    path = reverse("consent-spoken-no", kwargs={"consent_id": consent.pk})
    return staff(house.midwife.account), path, {"words": ""}


def booking(house: House, consent: Consent) -> tuple[Client, str, dict[str, Any]]:
    form = {
        "practitioner": str(house.midwife.pk),
        "day": "2027-03-01",
        "time": "09:00",
        "minutes": "30",
        "form_key": str(uuid.uuid4()),
    }
    return staff(house.receptionist), reverse("appointment-new", kwargs={"patient_id": consent.patient_id}), form


def handing_over(house: House, consent: Consent) -> tuple[Client, str, dict[str, Any]]:
    path = reverse("procedure-hand-over", kwargs={"procedure_id": consent.procedure_id})
    return staff(house.midwife.account), path, {}


ACTS: dict[str, tuple[str, Sender]] = {
    "give": ("informed", giving),
    "withdraw": ("ready", taking_back),
    "start": ("ready", starting),
    "start refused": ("given", refused_start),
    "spoken no after a yes": ("given", saying_no),
    "book": ("proposed", booking),
    "hand over": ("informed", handing_over),
}


@pytest.mark.parametrize("name", ACTS)
def test_a_fault_at_each_statement(name: str, house: House) -> None:
    state, sender = ACTS[name]
    consent = getattr(house, state)()
    browser, path, form = sender(house, consent)
    before = picture()
    said = set()
    for nth in range(1, MOST_STATEMENTS):
        with fault_at(nth) as fault:
            answer = browser.post(path, form)
        if not fault.statement:
            break
        said.add(answer.status_code)
        wrote = changed(before)
        if answer.status_code == 503:
            assert NOT_SAVED in answer.content.decode(), (nth, fault.statement)
            assert wrote == [], (nth, fault.statement, wrote)
        elif answer.status_code == 500:  # the act was done before that, and the page does not claim otherwise
            assert wrote, (nth, fault.statement)
            assert "look whether it is there" in answer.content.decode()
            break
        else:  # the act was done and said so; only its sealing failed, and can be done later
            assert wrote and LedgerWaiting.objects.exists(), (nth, answer.status_code, fault.statement)
            assert verify().count == 0
            break
    assert 503 in said
    assert nth > 5, "the act has more statements than that"
