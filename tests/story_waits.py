"""A shorter wait, told once: an early birth, an emergency, a wish and its answer."""

from tests.factories import House
from tests.integration.consent.acts_waits import answer, birth, emergency


def tell_waits(house: House) -> None:
    """Every row and entry kind around the wait, through the actions."""
    for act in (birth, emergency, answer):
        act(house)()
