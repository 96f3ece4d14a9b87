"""Being able to decide, told once: an assessment that found one thing and then another, a note, two guardians."""

import uuid

from consent.actions.assess_capacity import assess_capacity
from consent.vocabulary import Decision
from tests.factories import House
from tests.integration.consent.acts_ability import guardian, lacking, limbs, note


def tell_ability(house: House) -> None:
    """Every row and entry kind about being able to decide, through the actions."""
    consent = house.proposed()
    for found, impairment in ((lacking(), "A high fever."), (limbs(), "")):
        assess_capacity(
            consent_id=consent.pk,
            limbs=found,
            impairment=impairment,
            support_tried="A night of sleep.",
            by=house.midwife.account,
            form_key=uuid.uuid4(),
        )
    note(house)()
    assert guardian(house)().decision == Decision.PERMIT
