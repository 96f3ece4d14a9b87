"""Complain: the patient says what went wrong at the clinic. Only she and the advocate ever know that she did."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import check_fields, sent_before, tidy
from clinic.exceptions import WrongStateError
from clinic.models import Account, Patient
from clinic.vocabulary import Permission
from consent.actions.moving import check_may
from consent.actions.removal_steps import lock_patient
from consent.actions.voice_steps import check_is_her_voice, own_consent_or_none, record_voice
from consent.models import Complaint
from consent.vocabulary import ComplaintCategory, EntryKind, Via


@one_act
def complain(
    *,
    patient_id: uuid.UUID,
    category: ComplaintCategory,
    words: str,
    consent_id: uuid.UUID | None,
    adds_to_id: uuid.UUID | None,
    by: Account,
    via: Via,
    form_key: uuid.UUID,
) -> Complaint:
    """Record a complaint, or what the patient adds to one, and start its clock. Nothing is ever taken back.

    **Takes** her own words, may be empty; the consent it is about, and the complaint it adds to, if any.
    **Gives** the complaint; the same one when the same form comes twice.
    **Raises** NotAllowedError (somebody else; of staff only the advocate of the site writes down what she says),
    WrongStateError (a consent or complaint that is not hers), InvalidInputError (too long).
    **Writes** Complaint; entry complaint.made.
    """
    patient = lock_patient(patient_id)
    _check_may_complain(by, patient, via)
    about = {"patient_id": patient.pk}
    if earlier := sent_before(Complaint.objects, form_key=form_key, by=by, by_field="made_by", about=about):
        return earlier
    complaint = Complaint(
        site_id=patient.site_id,
        patient=patient,
        category=category,
        words=tidy(words),
        consent=own_consent_or_none(patient, consent_id),
        adds_to=_own_complaint(patient, adds_to_id),
        made_by=by,
        made_via=via,
        made_at=clock.now(),
        form_key=form_key,
    )
    check_fields(complaint)
    complaint.save(force_insert=True)
    record_voice(EntryKind.COMPLAINT_MADE, patient, by=by, via=via, at=complaint.made_at, row=complaint)
    return complaint


def _check_may_complain(by: Account, patient: Patient, via: Via) -> None:
    if via == Via.SPOKEN_TO_STAFF:
        check_may(by, Permission.ANSWER_COMPLAINT, consent_site_id=patient.site_id)
    else:
        check_is_her_voice(by, patient, via)


def _own_complaint(patient: Patient, complaint_id: uuid.UUID | None) -> Complaint | None:
    if complaint_id is None:
        return None
    complaint = Complaint.objects.filter(pk=complaint_id, patient=patient).first()
    if complaint is None:
        raise WrongStateError(_("This complaint is not known here."))
    return complaint
