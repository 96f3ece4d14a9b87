"""Propose: a practitioner opens a consent for a planned procedure, in a language the patient reads."""

import uuid

from django.db import models, transaction
from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.saving import sent_before
from clinic.exceptions import InvalidInputError, WrongStateError
from clinic.models import Account, Procedure
from clinic.vocabulary import Permission, ProcedureStatus
from consent.actions.locks import live_consent_of, lock_procedure
from consent.actions.moving import check_may, record, save_as
from consent.actions.policy_rows import policy_in_force
from consent.models import Consent, InformationSheetVersion
from consent.vocabulary import EntryKind, RequestSource, Via


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
    *,
    request_source: RequestSource,
    by: Account,
    form_key: uuid.UUID,
    supersedes: Consent | None = None,
) -> tuple[Consent, list[models.Model]]:
    """Save a draft that freezes what the procedure is now, and the rules it is proposed under.

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
        request_source=request_source,
        supersedes=supersedes,
        proposed_by=by,
        proposed_at=clock.now(),
        form_key=form_key,
    )
    save_as(consent, by=by, is_new=True)
    return consent, [consent, *new_rows]


@transaction.atomic(durable=True)
def propose_consent(
    *, procedure_id: uuid.UUID, language: str, request_source: RequestSource, by: Account, form_key: uuid.UUID
) -> Consent:
    """Open a consent for a planned procedure.

    **Gives** the draft; the same draft when the same form comes twice.
    **Raises** NotAllowedError, WrongStateError (procedure begun, or a live consent exists), InvalidInputError.
    **Writes** Consent; entry consent.proposed.
    """
    procedure = lock_procedure(procedure_id)
    check_may(by, Permission.PROPOSE_CONSENT, consent_site_id=procedure.patient.site_id)
    earlier = sent_before(
        Consent.objects, form_key=form_key, by=by, by_field="proposed_by", about={"procedure_id": procedure.pk}
    )
    if earlier is not None:
        return earlier
    if procedure.status != ProcedureStatus.PREPARATION:
        raise WrongStateError(_("This procedure is no longer being prepared, so no consent can be opened for it."))
    if live_consent_of(procedure) is not None:
        raise WrongStateError(_("This procedure already has a consent that is open."))
    version = newest_version(procedure, language)
    consent, rows = draft_for(procedure, version, request_source=request_source, by=by, form_key=form_key)
    record(EntryKind.CONSENT_PROPOSED, consent, by=by, via=Via.STAFF, at=consent.proposed_at, rows=rows)
    return consent
