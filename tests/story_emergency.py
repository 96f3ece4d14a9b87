"""Care without consent, told once: an emergency from the declaration to the review, with something added to it."""

from consent.actions.finish_procedure import finish_procedure
from tests.factories import House
from tests.integration.consent.acts_emergency import agree_to_add, declared, operation, review, tell


def tell_emergency(house: House) -> None:
    """Every kind of entry and a row of every table of care without consent, and an attempt that was refused."""
    review(house)()
    tell(house)()
    start = agree_to_add(house)().row
    finish_procedure(procedure_id=start.procedure_id, note="Done.", by=house.midwife.account)
    declared(house, operation(house), is_life_at_risk=False)
