"""Marks a sentence for the translators. The room stays pure, so it only marks; views translate what they show.

>>> from consent.rules.wording import gettext_noop as _
>>> _("Speak with the patient alone.")
'Speak with the patient alone.'
"""


def gettext_noop(message: str) -> str:
    """Return the English sentence unchanged; the name tells the message collector that it is one."""
    return message
