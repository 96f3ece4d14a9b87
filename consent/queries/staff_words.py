"""Words in what staff write about a talk that give pause: of rewards, losses, quotas, conditions (PS-15, PS-38 to 40).

Only what staff wrote in their own words is looked at, never what the patient said. It speaks of a text and of nobody.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic.vocabulary import ProcedureCategory
from consent.models import Consent
from consent.rules.signals.word_table import load_words
from consent.rules.signals.words import action_of, matches

BY_STAFF = re.compile(r"answer_\d+|capacity_note")


@dataclass(frozen=True, slots=True)
class Flagged:
    """One word in one answer."""

    field: str
    word: str
    signal: str
    is_refused: bool  # the text is not taken as it stands
    holds: bool  # the advocate looks


def flagged_words(consent: Consent, texts: Mapping[str, str]) -> tuple[Flagged, ...]:
    """Every such word in the answers of staff, by field, in the order in which they stand."""
    category = ProcedureCategory(consent.procedure.procedure_type.category)
    table = load_words()
    return tuple(
        Flagged(
            field=field,
            word=text[match.start : match.end],
            signal=table.lists[match.list_id].signal,
            is_refused=action.blocks,
            holds=action.holds,
        )
        for field, text in texts.items()
        if BY_STAFF.fullmatch(field)
        for match in matches(text, table=table)
        if (action := action_of(match, category, table=table)) is not None
    )


def refused_words(flagged: Sequence[Flagged]) -> str:
    """The sentence that refuses a text, naming its words; empty where nothing is refused."""
    words = _named(one.word for one in flagged if one.is_refused)
    if not words:
        return ""
    return _(
        "These words speak of a loss or a condition: %(words)s. Nothing in a patient's care may depend on the answer. "
        "Write it without them. If somebody really said this to the patient, tell the advocate."
    ) % {"words": words}


def words_to_weigh(flagged: Sequence[Flagged]) -> str:
    """The sentence that warns the author of words that were taken; empty where there are none."""
    words = _named(one.word for one in flagged if not one.is_refused)
    if not words:
        return ""
    return _(
        "You wrote: %(words)s. Words of rewards or quotas do not belong in a talk about a decision. "
        "Look at your note again; you can go back and change it."
    ) % {"words": words}


def _named(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in dict.fromkeys(words))
