"""Removals in the story of a clinic: every kind of entry, and a row of every table, at least once."""

import datetime
import uuid

from clinic import clock
from clinic.models import Patient, Procedure
from consent.actions.ask_removal import ask_removal
from consent.actions.finish_procedure import finish_procedure
from consent.actions.give_second_opinion import give_second_opinion
from consent.actions.keep_device import keep_device
from consent.actions.record_contraindication import record_contraindication
from consent.actions.record_removed import record_removed
from consent.actions.start_procedure import start_procedure
from consent.models import InformationSheet, RemovalContraindication, RemovalRequest
from consent.vocabulary import Via
from tests.factories import House

REMOVAL = "iud-removal"


def asked(house: House, patient: Patient | None = None) -> RemovalRequest:
    """A patient wants her device out."""
    patient = patient or house.patient()
    return ask_removal(
        patient_id=patient.pk, device="My IUD", by=patient.account, via=Via.OWN_CARD, form_key=uuid.uuid4()
    )


def reasoned(house: House) -> RemovalContraindication:
    """A clinician wrote down a medical reason to wait."""
    return record_contraindication(
        request_id=asked(house).pk, reason="A fever.", by=house.midwife.account, form_key=uuid.uuid4()
    )


def completed_removal(house: House, patient: Patient) -> Procedure:
    """A removal that went the whole way: talked about, agreed to, through the gate, and finished."""
    if not InformationSheet.objects.filter(key=REMOVAL, versions__site=house.site).exists():
        house.publish(REMOVAL)
    consent = house.ready(house.procedure(patient, code=REMOVAL))
    start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    finish_procedure(procedure_id=consent.procedure_id, note="", by=house.midwife.account)
    return Procedure.objects.get(pk=consent.procedure_id)


def tell_removals(house: House) -> None:
    """One that is met, one that she took back, one that waits for a clinical reason."""
    patient = house.patient()
    wish = asked(house, patient)
    record_removed(request_id=wish.pk, procedure_id=completed_removal(house, patient).pk, by=house.midwife.account)
    kept = asked(house)
    keep_device(request_id=kept.pk, by=kept.patient.account, via=Via.OWN_CARD)
    give_second_opinion(
        contraindication_id=reasoned(house).pk,
        agrees=True,
        told_patient=True,
        review_on=clock.local_date(clock.now(), time_zone=house.site.time_zone) + datetime.timedelta(days=9),
        note="I agree: after the fever.",
        by=house.colleague.account,
    )
