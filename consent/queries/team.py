"""Who takes care of a planned procedure. Someone outside this circle can look at it with fresh eyes."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping

from clinic.models import Procedure
from consent.models import Consent, Conversation, Signature
from consent.vocabulary import SignatureMeaning

STATEMENTS = (SignatureMeaning.STATES_AS_OBTAINER, SignatureMeaning.STATES_AS_INTERPRETER)


def care_teams(procedure_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, frozenset[uuid.UUID]]:
    """The accounts of whoever planned, will operate, proposed, held a talk or signed for one, by procedure.

    Consents that have ended count too: whoever worked on them is no stranger. Four questions to the database, for one
    procedure as for a hundred.
    """
    teams: defaultdict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    plans = Procedure.objects.filter(pk__in=procedure_ids)
    for pk, *people in plans.values_list("pk", "planned_by", "operator__account"):
        teams[pk].update(people)
    consents = Consent.objects.filter(procedure__in=procedure_ids)
    for pk, *people in consents.values_list("procedure", "proposed_by", "operator__account"):
        teams[pk].update(people)
    talks = Conversation.objects.filter(consent__procedure__in=procedure_ids)
    for pk, person in talks.values_list("consent__procedure", "held_by"):
        teams[pk].add(person)
    signed = Signature.objects.filter(consent__procedure__in=procedure_ids, meaning__in=STATEMENTS)
    for pk, person in signed.values_list("consent__procedure", "signed_by"):
        teams[pk].add(person)
    return {pk: frozenset(people) for pk, people in teams.items()}


def is_outside_team(account_id: uuid.UUID, procedure_id: uuid.UUID) -> bool:
    """Whether this person has had no part in the care for this procedure."""
    return account_id not in care_teams([procedure_id]).get(procedure_id, frozenset())
