"""A no, and taking back, change this one answer and nothing else in her care (CR-082, no_collateral_effect)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps

from clinic.actions.cancel_appointment import cancel_appointment
from clinic.models import Patient
from clinic.vocabulary import Preset, ProcedureCategory
from consent.actions.refuse import refuse_consent
from consent.actions.withdraw import withdraw_consent
from consent.models import Consent, FrozenRecord
from consent.rules.policy import policy_for
from consent.vocabulary import Via
from tests.factories import House

Rows = dict[tuple[str, Any], dict[str, Any]]

# What keeps the memory of an act, and grows with every one.
MEMORY = {
    "Ledger",
    "LedgerEntry",
    "LedgerBinding",
    "LedgerWaiting",
    "LedgerLeaf",
    "LedgerTile",
    "LedgerCheckpoint",
    "LedgerLease",
    "HistoricalConsent",
    "FrozenRecord",
}


def all_rows() -> Rows:
    """Every row of every table of both floors, by table and key."""
    models = [model for model in apps.get_models() if model._meta.app_label in {"clinic", "consent"}]
    return {
        (model.__name__, row[model._meta.pk.attname]): row
        for model in models
        if model.__name__ not in MEMORY
        for row in model._default_manager.values()
    }


def changed(before: Rows, after: Rows) -> set[tuple[str, Any]]:
    """Tables and keys of the rows that are new, gone or different."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def patient_with_much_else(house: House) -> Patient:
    """Two appointments, another consent that is ready, one that is being talked about."""
    patient = house.patient()
    house.appointment(patient)
    house.card(patient)
    house.ready(house.procedure(patient))
    house.informed(house.procedure(patient))
    return patient


def refuse(consent: Consent) -> None:
    refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)


def withdraw(consent: Consent) -> None:
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)


def withdraw_to_staff(house: House) -> Callable[[Consent], None]:
    def say_it(consent: Consent) -> None:
        withdraw_consent(consent_id=consent.pk, by=house.midwife.account, via=Via.SPOKEN_TO_STAFF)

    return say_it


@pytest.mark.parametrize("way", ["refuse", "withdraw-before", "withdraw-after", "withdraw-ready", "said-to-staff"])
def test_a_no_changes_nothing_else(house: House, way: str) -> None:
    """CR-082. Of all rows of all tables only this consent is another one afterwards."""
    patient = patient_with_much_else(house)
    procedure = house.procedure(patient)
    consent, act = {
        "refuse": lambda: (house.informed(procedure), refuse),
        "withdraw-before": lambda: (house.proposed(procedure), withdraw),
        "withdraw-after": lambda: (house.given(procedure), withdraw),
        "withdraw-ready": lambda: (house.ready(procedure), withdraw),
        "said-to-staff": lambda: (house.given(procedure), withdraw_to_staff(house)),
    }[way]()
    before, frozen = all_rows(), set(FrozenRecord.objects.values_list("pk", flat=True))
    act(consent)
    assert changed(before, all_rows()) == {("Consent", consent.pk)}
    assert {one.consent_id for one in FrozenRecord.objects.exclude(pk__in=frozen)} == {consent.pk}
    policy = policy_for(Preset(house.site.preset), ProcedureCategory(consent.procedure.procedure_type.category))
    assert policy.rules["no_collateral_effect"].value is True


def test_a_lost_appointment_would_be_seen(house: House) -> None:
    """CR-082. The comparison is not blind: an appointment that goes with the no is named."""
    patient = patient_with_much_else(house)
    consent = house.given(house.procedure(patient))
    appointment = house.appointment(house.patient("Test Patient Two"))
    before = all_rows()
    withdraw(consent)
    cancel_appointment(appointment_id=appointment.pk, by=house.midwife.account)
    assert ("Appointment", appointment.pk) in changed(before, all_rows())
