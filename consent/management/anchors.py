"""What a command says of every ledger last: how far somebody outside has confirmed it."""

from consent.queries.anchoring import anchoring_of_every_clinic, key_level_sentence

NO_LEDGER = "Never anchored: there is no ledger here yet."


def anchoring_lines() -> list[str]:
    """One line for each clinic, and one for the signing key."""
    found = [f"{name}: {anchoring.sentence}" for name, anchoring in anchoring_of_every_clinic()]
    return [*(found or [NO_LEDGER]), key_level_sentence()]
