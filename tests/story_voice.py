"""Complaints, corrections and a bundle in the story of a clinic: every kind of entry, and a row of every table."""

import uuid

from clinic.models import Patient
from consent.actions.answer_complaint import answer_complaint
from consent.actions.answer_correction import Details, answer_correction
from consent.actions.ask_correction import ask_correction
from consent.actions.complain import complain
from consent.actions.send_to_advocate import send_to_advocate
from consent.actions.take_bundle import take_bundle
from consent.models import Complaint, Consent, CorrectionRequest
from consent.queries.own_bundle import BundleChoice
from consent.vocabulary import BundlePart, ComplaintCategory, CorrectionOutcome, Via
from tests.factories import House

WORDS = "They said that I have to pay first."


def complained(
    house: House,
    patient: Patient | None = None,
    *,
    category: ComplaintCategory = ComplaintCategory.MONEY_ASKED,
    words: str = WORDS,
    consent: Consent | None = None,
) -> Complaint:
    """A patient complains with her own card."""
    patient = patient or house.patient()
    return complain(
        patient_id=patient.pk,
        category=category,
        words=words,
        consent_id=consent.pk if consent else None,
        adds_to_id=None,
        by=patient.account,
        via=Via.OWN_CARD,
        form_key=uuid.uuid4(),
    )


def wished(house: House, patient: Patient | None = None, *, consent: Consent | None = None) -> CorrectionRequest:
    """A patient found a mistake: in her details, or in the record of a consent."""
    patient = patient or house.patient()
    return ask_correction(
        patient_id=patient.pk,
        consent_id=consent.pk if consent else None,
        wrong="My name is written wrongly.",
        should_say="Test Patient Uno",
        by=patient.account,
        via=Via.OWN_CARD,
        form_key=uuid.uuid4(),
    )


def details_of(patient: Patient, **changes: object) -> Details:
    """A patient's details as they stand, with changes."""
    return Details(
        **{
            "name": patient.name,
            "latin_name": patient.latin_name,
            "birth_date": patient.birth_date,
            "languages": tuple(patient.languages),
            "safe_contact": patient.safe_contact,
            "contact_detail": patient.contact_detail,
            **changes,
        }  # type: ignore[arg-type]  # the values are those of a patient
    )


def tell_voice(house: House) -> None:
    """A complaint that is answered, one about a consent that waits; a correction made, one refused and sent on."""
    answered = complained(house)
    answer_complaint(complaint_id=answered.pk, words="You owe nothing.", done="The desk was told.", by=house.advocate)
    consent = house.given()
    complained(house, consent.patient, category=ComplaintCategory.PUSHED_TO_DECIDE, words="", consent=consent)
    granted = wished(house)
    answer_correction(
        request_id=granted.pk,
        outcome=CorrectionOutcome.CORRECTED,
        words="Your name is written as you said.",
        details=details_of(granted.patient, name="Test Patient Uno"),
        by=house.administrator,
    )
    refused = wished(house, consent.patient, consent=consent)
    answer_correction(
        request_id=refused.pk,
        outcome=CorrectionOutcome.NOT_CORRECTED,
        words="This is what you said that day.",
        details=None,
        by=house.midwife.account,
    )
    send_to_advocate(request_id=refused.pk, by=consent.patient.account, via=Via.OWN_CARD)
    choice = BundleChoice(consent_ids=frozenset([consent.pk]), parts=frozenset(BundlePart), language="en")
    take_bundle(
        patient_id=consent.patient_id,
        choice=choice,
        by=consent.patient.account,
        via=Via.OWN_CARD,
        form_key=uuid.uuid4(),
    )
