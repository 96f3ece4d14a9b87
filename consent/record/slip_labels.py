"""The printed words of the slip, in English, by key; translated on the Django side like those of the record.

Not one of them depends on what the entry says: a slip of a refusal and a slip of a consent differ in numbers only.
"""

from collections.abc import Mapping

from consent.record.exceptions import MissingLabelError
from consent.record.labels import LABELS, gettext_noop

SHARED = ("date", "time", *(f"month_{month}" for month in range(1, 13)))

SLIP_LABELS: dict[str, str] = {
    **{key: LABELS[key] for key in SHARED},
    "title": gettext_noop("Proof slip"),
    "about": gettext_noop(
        "This slip proves that an entry was made in the clinic's list, and when. It does not say what the entry is "
        "about. If anyone later changes the entry, takes it away or gives it another date, this slip shows it."
    ),
    "keep": gettext_noop("Keep it somewhere only you can reach."),
    "made_at": gettext_noop("Entry made"),
    "clinic": gettext_noop("Clinic"),
    "origin": gettext_noop("Name of the list"),
    "index": gettext_noop("Entry number"),
    "leaf": gettext_noop("Code of this entry"),
    "size": gettext_noop("Entries in the list so far"),
    "root": gettext_noop("Code of the whole list"),
    "where": gettext_noop("Anyone can check this slip, without giving a name, at"),
    "promise": gettext_noop(
        "This slip is a promise. The entry is to be sealed by {time}. After that, open your slip again for the proof. "
        "If there is none then, this paper shows that the promise was broken."
    ),
}


def check_slip_labels(labels: Mapping[str, str]) -> None:
    """Refuse a slip whose words are incomplete.

    **Raises** MissingLabelError naming the first key that is absent or empty.
    """
    for key in SLIP_LABELS:
        if not labels.get(key, "").strip():
            raise MissingLabelError(f"labels: the printed word “{key}” is missing.", field=f"labels.{key}")
