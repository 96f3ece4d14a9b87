"""What a record is made of, read in few statements: it is made in the transaction of every act about a consent.

One statement finds the consent with everything that stands beside it, and whether the rarer tables hold anything about
it; only those that do are asked.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from consent.models import (
    AbdominalEmergency,
    CapacityAssessment,
    Consent,
    Conversation,
    EmergencyCare,
    Erasure,
    GuardianWord,
    LedgerEntry,
    PaperScan,
    PrematureBirth,
    ProcedureStart,
    ShorterWaitRequest,
    Signature,
    TheatreAddition,
    YoungPersonNote,
)
from consent.models.digests import model_label
from consent.queries.emergency_record import entries_without_word
from consent.vocabulary import EntryKind

# Whether anybody worries, and what she tells the advocate, stands on no paper.
NOT_PRINTED = frozenset(
    {EntryKind.HOLD_RAISED, EntryKind.HOLD_LIFTED, EntryKind.COMPLAINT_MADE, EntryKind.COMPLAINT_ANSWERED}
)
# After these nothing is frozen: what is so about the consent stays the same, or nobody may learn of it from a gap.
NOT_FROZEN = NOT_PRINTED | {
    EntryKind.START_REFUSED,
    EntryKind.OFFER_REFUSED,
    EntryKind.RECORD_ISSUED,
    EntryKind.COPY_HANDED_OVER,
    EntryKind.PAPER_PRINTED,
}
BESIDE = (
    "site",
    "patient__account",
    "procedure__procedure_type",
    "operator__account",
    "sheet_version__sheet",
    "policy",
    "signed_policy",
    "proposed_by",
    "certified_by__account",
    "ended_by",
    "start__policy",
    "start__started_by",
    "start__end__ended_by",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordRows:
    """The rows that a record is made of."""

    consent: Consent
    start: ProcedureStart | None
    talks: list[Conversation]
    signatures: list[Signature]
    entries: list[LedgerEntry]
    is_ability_recorded: bool
    is_wait_recorded: bool
    is_anything_on_paper: bool
    is_anything_without_word: bool
    is_anything_erased: bool


def rows_for_record(consent_id: uuid.UUID) -> RecordRows:
    """Everything that is recorded about one consent and may stand on its patient's paper."""
    found = _found(consent_id)
    is_without_word = found.is_emergency or found.has_additions
    return RecordRows(
        consent=found,
        start=getattr(found, "start", None),
        talks=_talks(found) if found.has_talks else [],
        signatures=_signatures(found) if found.has_signatures else [],
        entries=printed_entries(found, is_without_word=is_without_word),
        is_ability_recorded=found.is_assessed or found.has_notes or found.guardian_spoke,
        is_wait_recorded=found.is_birth_early or found.is_belly_emergency or found.is_shorter_wished,
        is_anything_on_paper=found.has_papers,
        is_anything_without_word=is_without_word,
        is_anything_erased=found.is_erased,
    )


def entries_about(consent: Consent) -> list[LedgerEntry]:
    """The ledger entries that name a consent's row, oldest first."""
    return list(
        LedgerEntry.objects.select_related("ledger", "leaf")
        .filter(bindings__model=model_label(Consent), bindings__key=consent.pk.hex)
        .order_by("ledger__incarnation", "sseq")
        .distinct()
    )


def in_order(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Entries of one patient in the order of the ledger, which no clock decides."""
    return sorted(entries, key=lambda entry: (entry.ledger.incarnation, entry.sseq or 0))


def printed_entries(consent: Consent, *, is_without_word: bool) -> list[LedgerEntry]:
    """The entries that a consent's record names. Nothing tells from it whether anybody worries."""
    about = [*entries_about(consent), *(entries_without_word(consent) if is_without_word else [])]
    return in_order(one for one in about if one.kind not in NOT_PRINTED)


def _found(consent_id: uuid.UUID) -> Any:
    own, same = {"consent": OuterRef("pk")}, {"consent__procedure": OuterRef("procedure")}
    about: dict[str, QuerySet[Any]] = {
        "has_talks": Conversation.objects.filter(**own),
        "has_signatures": Signature.objects.filter(**own),
        "has_papers": PaperScan.objects.filter(**own),
        "is_assessed": CapacityAssessment.objects.filter(**same),
        "has_notes": YoungPersonNote.objects.filter(**same),
        "guardian_spoke": GuardianWord.objects.filter(**same),
        "is_birth_early": PrematureBirth.objects.filter(**own),
        "is_belly_emergency": AbdominalEmergency.objects.filter(**own),
        "is_shorter_wished": ShorterWaitRequest.objects.filter(**own),
        "is_emergency": EmergencyCare.objects.filter(procedure=OuterRef("procedure")),
        "has_additions": TheatreAddition.objects.filter(
            Q(procedure=OuterRef("procedure")) | Q(during=OuterRef("procedure"))
        ),
        "is_erased": Erasure.objects.filter(request__patient=OuterRef("patient")),
    }
    rows = Consent.objects.select_related(*BESIDE)
    return rows.annotate(**{name: Exists(query) for name, query in about.items()}).get(pk=consent_id)


def _talks(consent: Consent) -> list[Conversation]:
    parts = ("people_present", "alternatives_opened", "questions", "teach_backs")
    talks = Conversation.objects.select_related("held_by").prefetch_related(*parts)
    return list(talks.filter(consent=consent).order_by("held_at"))


def _signatures(consent: Consent) -> list[Signature]:
    return list(Signature.objects.select_related("signed_by").filter(consent=consent).order_by("signed_at"))
