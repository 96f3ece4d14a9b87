"""What the tables of the ground floor refuse by themselves, written past every action: each constraint has its row."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from clinic import clock
from clinic.models import Account, Appointment, Patient, PatientCard, Procedure, ProcedureType, Site
from tests.factories import House

Case = Callable[[House], Callable[[], Any]]  # makes what has to be there, and gives the write that must be refused


@pytest.fixture
def published(db: None) -> House:
    """A clinic that has published one sheet, so that there is something to plan."""
    return House()


def changed(model: type[models.Model], make: Callable[[House], Any], **values: Any) -> Case:
    """One row with other values."""

    def case(house: House) -> Callable[[], Any]:
        rows = model._base_manager.filter(pk=make(house).pk)
        return lambda: rows.update(**values)

    return case


def another_card(house: House) -> Callable[[], Any]:
    patient = house.patient()
    house.card(patient)
    card = PatientCard(patient=patient, code="TWICE", pin_hash="x", issued_by=house.receptionist, issued_at=clock.now())
    return lambda: card.save(force_insert=True)


def another_kind(house: House) -> Callable[[], Any]:
    first = ProcedureType.objects.all()[0]
    kind = ProcedureType(code_system=first.code_system, code=first.code, category=first.category, id=uuid.uuid4())
    return lambda: kind.save(force_insert=True)


def appointment(house: House) -> Appointment:
    return house.appointment(house.patient())


LONG_AGO = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
CASES: dict[str, Case] = {
    "account_role_known": changed(Account, lambda house: house.receptionist, role="mayor"),
    "appointment_ends_after_it_starts": changed(Appointment, appointment, ends_at=LONG_AGO),
    "appointment_status_known": changed(Appointment, appointment, status="overdue"),
    "one_card_in_use_per_patient": another_card,
    "patient_safe_contact_known": changed(Patient, House.patient, safe_contact="loudspeaker"),
    "procedure_laterality_known": changed(Procedure, House.procedure, laterality="middle"),
    "procedure_status_known": changed(Procedure, House.procedure, status="overdue"),
    "procedure_type_category_known": changed(
        ProcedureType, lambda house: ProcedureType.objects.all()[0], category="OTHER"
    ),
    "procedure_type_particular_known": changed(
        ProcedureType, lambda house: ProcedureType.objects.all()[0], particular="village-round"
    ),
    "procedure_type_code_unique": another_kind,
    "site_preset_known": changed(Site, lambda house: house.site, preset="nowhere"),
}


def constraints() -> dict[str, models.BaseConstraint]:
    return {
        constraint.name: constraint
        for model in apps.get_app_config("clinic").get_models()
        for constraint in model._meta.constraints
    }


def test_every_constraint_has_its_row() -> None:
    assert set(CASES) == set(constraints())


@pytest.mark.parametrize("name", CASES)
def test_the_database_refuses(published: House, name: str) -> None:
    write = CASES[name](published)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    said = str(refusal.value)
    columns = getattr(constraints()[name], "fields", ())  # SQLite names the columns of what must be unique
    assert name in said or (columns and all(column in said for column in columns))
