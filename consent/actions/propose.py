"""Propose: a practitioner offers a planned procedure, in a language the patient reads. The gate is asked first."""

import datetime
import uuid

from django.db import models
from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import sent_before
from clinic.exceptions import InvalidInputError, WrongStateError
from clinic.models import Account, Procedure
from clinic.vocabulary import Permission, ProcedureStatus
from consent.actions.locks import live_consent_of, lock_procedure
from consent.actions.moving import check_may, record, save_as
from consent.actions.offering import NOTHING_MISSING, OfferAnswer, lock_newest_no, offer_verdict, refuse_offer
from consent.actions.policy_rows import policy_in_force
from consent.actions.signal_holds import raise_signal_holds
from consent.models import Consent, InformationSheetVersion
from consent.queries.asking_signals import signals_of_offer
from consent.queries.facts import Offer
from consent.vocabulary import EntryKind, ExcludedSubject, Purpose, ReadingAid, RequestSource, Via


def newest_version(procedure: Procedure, language: str) -> InformationSheetVersion:
    """The newest published version of the procedure's sheet at the site in a language.

    **Raises** InvalidInputError on `language` when nothing is published.
    """
    version = (
        InformationSheetVersion.objects.select_related("sheet")
        .filter(
            site_id=procedure.patient.site_id,
            sheet__procedure_type_id=procedure.procedure_type_id,
            language=language,
        )
        .order_by("-major", "-minor")
        .first()
    )
    if version is None:
        raise InvalidInputError(
            _("No information sheet in this language is published here for this procedure."), field="language"
        )
    return version


def draft_for(
    procedure: Procedure,
    version: InformationSheetVersion,
    offer: Offer,
    *,
    by: Account,
    at: datetime.datetime,
    form_key: uuid.UUID,
    supersedes: Consent | None = None,
) -> tuple[Consent, list[models.Model]]:
    """Save a draft that freezes what the procedure is now, how it is offered, and the rules it is proposed under.

    **Gives** the draft, and all rows the caller must bind in its entry. The caller holds the lock.
    """
    policy, new_rows = policy_in_force(procedure.patient.site)
    consent = Consent(
        site_id=procedure.patient.site_id,
        patient_id=procedure.patient_id,
        procedure=procedure,
        procedure_code=procedure.procedure_type.code,
        laterality=procedure.laterality,
        body_site=procedure.body_site,
        operator_id=procedure.operator_id,
        sheet_version=version,
        policy=policy,
        request_source=offer.request_source,
        reading_aid=offer.reading_aid or "",
        excluded_as=None if offer.excluded_as is None else list(offer.excluded_as),
        purpose=offer.purpose or "",
        supersedes=supersedes,
        proposed_by=by,
        proposed_at=at,
        form_key=form_key,
    )
    save_as(consent, by=by, is_new=True)
    return consent, [consent, *new_rows]


@one_act
def propose_consent(
    *,
    procedure_id: uuid.UUID,
    language: str,
    request_source: RequestSource,
    by: Account,
    form_key: uuid.UUID,
    reading_aid: ReadingAid | None = None,
    excluded_as: tuple[ExcludedSubject, ...] | None = None,
    purpose: Purpose | None = None,
) -> OfferAnswer:
    """Offer a planned procedure, and open a consent for it if the gate allows the offer.

    **Takes** what was asked before; None where it was not asked, which counts as unmet where a rule needs it.
    **Gives** the verdict with everything that is missing; the draft when allowed (the same one when the form comes
    twice).
    **Raises** NotAllowedError, WrongStateError (procedure begun, or a live consent exists), InvalidInputError.
    **Writes** Consent and entry consent.proposed, and on the third asking after a no a Hold with its entry; or only
    RefusedOffer and entry offer.refused with the ids of what is missing.
    **Source** CR-008, CR-012, CR-014, CR-030, CR-039, CR-084, CR-087, CR-103; PS-16.
    """
    procedure = lock_procedure(procedure_id)
    check_may(by, Permission.PROPOSE_CONSENT, consent_site_id=procedure.patient.site_id)
    earlier = sent_before(
        Consent.objects, form_key=form_key, by=by, by_field="proposed_by", about={"procedure_id": procedure.pk}
    )
    if earlier is not None:
        return OfferAnswer(consent=earlier, verdict=NOTHING_MISSING)
    _check_nothing_is_open(procedure)
    version = newest_version(procedure, language)
    lock_newest_no(procedure)
    offer = Offer(
        request_source=request_source,
        language=language,
        reading_aid=reading_aid,
        excluded_as=excluded_as,
        purpose=purpose,
    )
    return _answer(procedure, version, offer, by=by, form_key=form_key)


def _check_nothing_is_open(procedure: Procedure) -> None:
    if procedure.status != ProcedureStatus.PREPARATION:
        raise WrongStateError(_("This procedure is no longer being prepared, so no consent can be opened for it."))
    if live_consent_of(procedure) is not None:
        raise WrongStateError(_("This procedure already has a consent that is open."))


def _answer(
    procedure: Procedure, version: InformationSheetVersion, offer: Offer, *, by: Account, form_key: uuid.UUID
) -> OfferAnswer:
    at = clock.now()
    verdict = offer_verdict(procedure, offer, by=by, at=at, is_new_asking=True)
    if not verdict.is_allowed:
        return refuse_offer(procedure, verdict, by=by, at=at, form_key=form_key)
    consent, rows = draft_for(procedure, version, offer, by=by, at=at, form_key=form_key)
    record(EntryKind.CONSENT_PROPOSED, consent, by=by, via=Via.STAFF, at=at, rows=rows)
    raise_signal_holds(consent, signals_of_offer(consent, at=at), by=by, at=at)
    return OfferAnswer(consent=consent, verdict=verdict)
