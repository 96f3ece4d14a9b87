"""Shared by the acts about a consent: its record as it stands after the act, frozen in the act's own transaction.

Nothing in here looks at whether a text can be printed: an act is never lost because of a letter. Looks, holds, refused
attempts and copies freeze nothing, so that no gap among the frozen records speaks of a hold.
"""

import datetime
from collections.abc import Iterable

from django.db.models import Q

from clinic.models import Procedure
from consent.models import Consent, FrozenRecord
from consent.queries.record import consent_record
from consent.queries.record_language import printed_language
from consent.record.document import document_bytes, document_digest
from consent.record_facts import ActOnRecord, ConsentRecord


def freeze(consents: Iterable[Consent], act: ActOnRecord, *, origin: str, at: datetime.datetime) -> list[FrozenRecord]:
    """Freeze the record of each consent after an act, in the language of the words its patient was shown.

    **Writes** FrozenRecord for each consent. The caller binds them in the act's entry.
    """
    return [_freeze(consent, act, origin=origin, at=at) for consent in dict.fromkeys(consents)]


def _freeze(consent: Consent, act: ActOnRecord, *, origin: str, at: datetime.datetime) -> FrozenRecord:
    language = printed_language(consent.sheet_version.language)
    shown = consent_record(consent.pk, language=language, act=act, ledger_origin=origin, made_at=at)
    return freeze_shown(consent, shown)


def freeze_shown(consent: Consent, shown: ConsentRecord) -> FrozenRecord:
    """Freeze a record that is made already. **Writes** FrozenRecord."""
    document = document_bytes(shown)
    frozen = FrozenRecord(
        consent=consent,
        language=shown.language,
        document=document,
        document_digest=document_digest(document),
        made_at=shown.made_at,
    )
    frozen.save(force_insert=True)
    return frozen


def latest_about(procedure: Procedure) -> list[Consent]:
    """The newest consent about a procedure, and about the one it was added to: what happens to it stands in theirs."""
    about = Q(procedure=procedure) | Q(procedure__additions__procedure=procedure)
    found = Consent.objects.select_related("sheet_version").filter(about).order_by("proposed_at").distinct()
    return list({consent.procedure_id: consent for consent in found}.values())
