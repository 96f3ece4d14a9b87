"""The rules that hold for one consent: by its site, its kind of care and the day. For the acts beside the gate."""

from django.utils.translation import gettext as _

from clinic import clock
from clinic.exceptions import WrongStateError
from clinic.vocabulary import ProcedureCategory
from consent.models import Consent
from consent.queries.policies import law_for, law_of
from consent.rules.policy import Policy, PolicyError, RuleTable, policy_for


def policy_of(consent: Consent) -> Policy | None:
    """Every cell that holds for this consent now; None where the rules of the site cannot be read."""
    try:
        return _under(law_for(consent.site, consent), consent)
    except PolicyError:
        return None


def is_known_at_site(consent: Consent, name: str) -> bool:
    """Whether the rules of the site know a bar of this name for this kind of care. Asks the database nothing."""
    try:
        return _under(law_of(consent.site), consent).has(name)
    except PolicyError:
        return False


def _under(law: RuleTable, consent: Consent) -> Policy:
    kind = consent.procedure.procedure_type
    today = clock.local_date(clock.now(), time_zone=consent.site.time_zone)
    return policy_for(law, ProcedureCategory(kind.category), kind.particular, on=today)


def readable_policy(consent: Consent) -> Policy:
    """The same for acts. Raises WrongStateError where nobody can read the rules: then nothing is added."""
    policy = policy_of(consent)
    if policy is None:
        raise WrongStateError(_("The rules of this clinic cannot be read. Tell whoever runs the server."))
    return policy


def must_choose_copy(consent: Consent) -> bool:
    """Whether the patient is asked how she wants her copy before she can sign (CR-037)."""
    policy = policy_of(consent)
    return policy is not None and policy.has("copy_choice") and policy.rules["copy_choice"].effect.stops
