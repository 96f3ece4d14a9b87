"""What the patient's page shows of her copies: the records that were frozen, and what became of them."""

import datetime
from dataclasses import dataclass

from django.utils.functional import Promise

from consent.models import Consent, CopyHandover, FrozenRecord
from consent.queries.record_language import language_on_paper
from consent.vocabulary import CopyForm
from consent.wording_talk import COPY_FORM_WORDS


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """One frozen record: when it was made, in which language, and the code that a paper made from it shows."""

    made_at: datetime.datetime
    language: str
    digest: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A copy that was taken, or left for safety."""

    at: datetime.datetime
    words: str | Promise


@dataclass(frozen=True, slots=True)
class OwnCopies:
    """Both, newest first."""

    records: tuple[OwnRecord, ...]
    taken: tuple[Taken, ...]


def own_copies(consent: Consent) -> OwnCopies:
    """The records of one consent and its copies."""
    frozen = FrozenRecord.objects.defer("document").filter(consent=consent).order_by("-made_at")
    taken = CopyHandover.objects.filter(consent=consent).order_by("-handed_at")
    return OwnCopies(
        records=tuple(
            OwnRecord(made_at=row.made_at, language=language_on_paper(row.language), digest=row.document_digest)
            for row in frozen
        ),
        taken=tuple(Taken(at=row.handed_at, words=COPY_FORM_WORDS[CopyForm(row.form)]) for row in taken),
    )
