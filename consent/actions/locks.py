"""The one lock order of the house: procedure, then consent, then (inside the pen) the site's ledger.

On SQLite the transaction itself holds the only write lock from its first statement (transaction_mode IMMEDIATE), so
`select_for_update` is silent there; on PostgreSQL it is what makes withdrawing and starting never both win.
"""

import uuid

from django.utils.translation import gettext as _

from clinic.exceptions import WrongStateError
from clinic.models import Procedure
from consent.models import Consent, PaperScan
from consent.vocabulary import LIVE_STATES


def lock_procedure(procedure_id: uuid.UUID) -> Procedure:
    """The procedure, locked until the transaction ends. Raises WrongStateError when there is none."""
    procedure = Procedure.objects.select_for_update(of=("self",)).filter(pk=procedure_id).first()
    if procedure is None:
        raise WrongStateError(_("This procedure is not known here."))
    return procedure


def lock_consent(consent_id: uuid.UUID) -> Consent:
    """The consent, locked after its procedure. Raises WrongStateError when there is none."""
    procedure_id = Consent.objects.filter(pk=consent_id).values_list("procedure_id", flat=True).first()
    if procedure_id is None:
        raise WrongStateError(_("This consent is not known here."))
    lock_procedure(procedure_id)
    return Consent.objects.select_for_update(of=("self",)).get(pk=consent_id)


def live_consent_of(procedure: Procedure) -> Consent | None:
    """The one live consent of a locked procedure, locked too; None when there is none."""
    return (
        Consent.objects.select_for_update(of=("self",))
        .filter(procedure=procedure, state__in=sorted(LIVE_STATES))
        .first()
    )


def lock_paper(scan_id: uuid.UUID) -> PaperScan:
    """A scan, without its bytes, under the lock of its consent. Raises WrongStateError when there is none."""
    consent_id = PaperScan.objects.filter(pk=scan_id).values_list("consent_id", flat=True).first()
    if consent_id is None:
        raise WrongStateError(_("This paper is not known here."))
    consent = lock_consent(consent_id)
    scan = PaperScan.objects.defer("content").get(pk=scan_id)
    scan.consent = consent
    return scan
