"""The high-water file: the last heads, outside the data folder, so that a restored backup is noticed."""

from consent.models import Ledger


def keep_high_water(ledger: Ledger, note: str) -> None:
    """Note the head that was just committed."""
