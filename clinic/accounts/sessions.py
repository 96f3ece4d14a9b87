"""Which patient speaks through this session: signed in with her own card, or holding the clinic's tablet."""

import uuid
from dataclasses import dataclass

from django.contrib.auth import login
from django.http import HttpRequest

from clinic import clock
from clinic.accounts.not_saved import note_act
from clinic.actions.close_handover import close_handover
from clinic.models import Account, Patient, TabletHandover
from clinic.vocabulary import Role

OWN_CARD = "own-card"
CLINIC_TABLET = "clinic-tablet"
HANDOVER_KEY = "handover"
SEEN_KEY = "seen_at"
CARD_BACKEND = "clinic.accounts.backends.PatientCardBackend"


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientSession:
    """The patient on the other side. With `procedure_id` she may touch only this procedure's consent."""

    account: Account
    patient: Patient
    via: str
    procedure_id: uuid.UUID | None
    handed_over_by: Account | None


def patient_session(request: HttpRequest) -> PatientSession | None:
    """The patient's session, if a patient is there. A hand-over comes before anything else; an ended one is none."""
    if HANDOVER_KEY in request.session:
        handover = open_handover_of(request)
        if handover is None:
            return None
        return PatientSession(
            account=handover.patient.account,
            patient=handover.patient,
            via=CLINIC_TABLET,
            procedure_id=handover.procedure_id,
            handed_over_by=handover.opened_by,
        )
    account = request.user
    if not account.is_authenticated or account.role != Role.PATIENT:
        return None
    patient = Patient.objects.select_related("account", "site").get(account_id=account.pk)
    return PatientSession(
        account=patient.account, patient=patient, via=OWN_CARD, procedure_id=None, handed_over_by=None
    )


def open_handover_of(request: HttpRequest) -> TabletHandover | None:
    """The hand-over this session holds, while it is open: not given back and not timed out."""
    handover_id = request.session.get(HANDOVER_KEY)
    if handover_id is None:
        return None
    return (
        TabletHandover.objects.select_related("patient__account", "patient__site", "opened_by")
        .filter(pk=handover_id, closed_at__isnull=True, ends_at__gt=clock.now(), patient__account__is_active=True)
        .first()
    )


def begin_card_session(request: HttpRequest, account: Account) -> None:
    """Sign a patient in after her card and PIN were right."""
    login(request, account, backend=CARD_BACKEND)
    request.session[SEEN_KEY] = clock.now().timestamp()


def begin_handover_session(request: HttpRequest, handover: TabletHandover) -> None:
    """Turn the staff session into the patient's: the staff sign-in is gone for good, only the hand-over remains."""
    note_act(request)
    request.session.flush()
    request.session[HANDOVER_KEY] = str(handover.pk)


def end_session(request: HttpRequest) -> None:
    """Forget everything about this session; an open hand-over ends with it."""
    handover_id = request.session.get(HANDOVER_KEY)
    if handover_id is not None:
        close_handover(handover_id=uuid.UUID(handover_id))
        note_act(request)
    request.session.flush()
