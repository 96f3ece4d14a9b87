"""Take: a patient takes her records home as one archive that she, or anybody she trusts, can check without us."""

import hashlib
import uuid
from collections.abc import Iterator

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import sent_before
from clinic.exceptions import NotAllowedError, WrongStateError
from clinic.models import Account, Patient
from consent.actions.make_copy import make_copy
from consent.actions.removal_steps import lock_patient
from consent.actions.voice_steps import check_is_her_voice, record_voice
from consent.keys.promise_key import promise_key
from consent.ledger.bundle_note import BundleNote, sign_bundle
from consent.ledger_store.promises import publish_promise_key
from consent.models import BundleTaken, Consent, Ledger
from consent.queries.frozen import Shown
from consent.queries.own_bundle import BundleChoice, log_of, own_parts
from consent.queries.record_language import printed_language
from consent.record.bundle import bundle_chunks
from consent.vocabulary import EntryKind, Via


def take_bundle(
    *, patient_id: uuid.UUID, choice: BundleChoice, by: Account, via: Via, form_key: uuid.UUID
) -> Iterator[bytes]:
    """Record that the patient takes her archive, then make it piece by piece.

    The act is committed before the first byte is made. When the same form comes twice, there is one act and two files.

    **Gives** the bytes of the archive, made while they are asked for; one record in memory at a time.
    **Raises** NotAllowedError (somebody else, or on the clinic's tablet: the file would stay there), WrongStateError (a
    consent that is not hers), KeyStoreError (nobody can sign now). Nothing is written then.
    **Writes** BundleTaken; entry bundle.taken; LedgerKey, with the first note of a log.
    **Source** CR-099; K.H. v. Slovakia: a copy of her own file, at once and without a reason.
    """
    taken = _take(patient_id=patient_id, choice=choice, by=by, via=via, form_key=form_key)
    patient, at = taken.patient, clock.now()

    def printed(consent: Consent, shown: Shown) -> bytes:
        return make_copy(consent, shown, issued_at=at)

    log = _log(patient)
    key = promise_key(log.pk)

    def sign(manifest: bytes) -> str:
        return sign_bundle(BundleNote(log.origin, hashlib.sha256(manifest).digest()), key)

    return bundle_chunks(own_parts(patient, choice, at=at, printed=printed), log=log.origin, sign=sign)


@one_act
def _take(*, patient_id: uuid.UUID, choice: BundleChoice, by: Account, via: Via, form_key: uuid.UUID) -> BundleTaken:
    patient = lock_patient(patient_id)
    if via is not Via.OWN_CARD:
        raise NotAllowedError(_("You can take this with your own card only."))
    check_is_her_voice(by, patient, via)
    _check_hers(patient, choice)
    _check_can_sign(patient)
    about = {"patient_id": patient.pk}
    earlier = sent_before(BundleTaken.objects, form_key=form_key, by=by, by_field="taken_by", about=about)
    if earlier is not None:
        return earlier
    taken = BundleTaken(
        patient=patient,
        parts=sorted(choice.parts),
        language=printed_language(choice.language),
        taken_by=by,
        taken_at=clock.now(),
        form_key=form_key,
    )
    taken.save(force_insert=True)
    record_voice(EntryKind.BUNDLE_TAKEN, patient, by=by, via=via, at=taken.taken_at, row=taken)
    return taken


def _check_hers(patient: Patient, choice: BundleChoice) -> None:
    if Consent.objects.filter(patient=patient, pk__in=choice.consent_ids).count() != len(choice.consent_ids):
        raise WrongStateError(_("This consent is not known here."))


def _check_can_sign(patient: Patient) -> None:
    """The key is asked for before anything is written; where the clinic has no log yet, this act begins one."""
    log = log_of(patient)
    if log is not None:
        publish_promise_key(log, promise_key(log.pk))


def _log(patient: Patient) -> Ledger:
    log = log_of(patient)
    if log is None:
        raise WrongStateError(_("This is not known here."))
    publish_promise_key(log, promise_key(log.pk))
    return log
