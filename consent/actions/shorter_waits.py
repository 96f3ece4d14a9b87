"""Shared by the ways to a shorter wait: who is the operator, whether a wait runs, whether the site knows this way."""

from django.utils.translation import gettext as _

from clinic.exceptions import NotAllowedError, WrongStateError
from clinic.models import Account
from clinic.vocabulary import Permission, ProcedureStatus
from consent.actions.moving import check_may, check_open
from consent.models import Consent
from consent.queries.consent_policy import readable_policy
from consent.vocabulary import ConsentState

WAITING = frozenset({ConsentState.GIVEN, ConsentState.CONFIRMED})


def check_is_operator(by: Account, consent: Consent) -> None:
    """Raises NotAllowedError unless it is the clinician who will do the procedure."""
    check_may(by, Permission.CERTIFY_SHORTER_WAIT, consent_site_id=consent.site_id)
    if consent.operator.account_id != by.pk:
        raise NotAllowedError(_("Only the clinician who will do the procedure can certify."))


def check_wait_runs(consent: Consent) -> None:
    """Raises a refusal unless the patient has said yes and the procedure has not begun."""
    check_open(consent)
    if consent.state not in WAITING:
        raise WrongStateError(_("The wait begins with the signature. There is none yet."))
    if consent.procedure.status != ProcedureStatus.PREPARATION:
        raise WrongStateError(_("This procedure is not planned any more, so there is nothing to wait for."))


def check_way_exists(consent: Consent, parameter: str) -> None:
    """Raises WrongStateError where the rules of the site do not know this way for this kind of care."""
    if not readable_policy(consent).has(parameter):
        raise WrongStateError(_("Here the wait before this procedure cannot be made shorter in this way."))
