"""What the printed record and the history of one consent say of care that was given without the patient's word."""

import datetime
import zoneinfo

from django.utils.translation import gettext as _

from consent.models import Consent, LedgerEntry, TheatreAddition
from consent.queries.emergency_pages import CareWithoutConsent, additions_to, care_without_consent
from consent.vocabulary import EntryKind

KINDS = (
    EntryKind.EMERGENCY_DECLARED,
    EntryKind.EMERGENCY_AGREED,
    EntryKind.EMERGENCY_REVIEWED,
    EntryKind.ADDITION_DECLARED,
    EntryKind.ADDITION_AGREED,
    EntryKind.PATIENT_TOLD,
)


def entries_without_word(consent: Consent) -> list[LedgerEntry]:
    """Entries about the consent's procedure, or about what was added to it, that name no consent; oldest first."""
    added = TheatreAddition.objects.filter(during_id=consent.procedure_id).values_list("procedure_id", flat=True)
    named = [procedure_id.hex.encode() for procedure_id in (consent.procedure_id, *added)]
    entries = (
        LedgerEntry.objects.select_related("ledger", "leaf")
        .filter(subject=consent.patient.ledger_subject, kind__in=KINDS)
        .order_by("ledger__incarnation", "sseq")
    )
    return [entry for entry in entries if any(name in bytes(entry.body) for name in named)]


def without_word_lines(consent: Consent, *, at: datetime.datetime) -> tuple[tuple[str, str], ...]:
    """Label and value of everything that was done at this procedure without the patient's word."""
    emergency = care_without_consent(consent.procedure_id, at=at)
    done = [one for one in (emergency, *additions_to(consent.procedure_id)) if one is not None and one.started_at]
    return tuple(line for one in done for line in _lines(one, consent.site.time_zone))


def _lines(care: CareWithoutConsent, zone: str) -> list[tuple[str, str]]:
    told = f"{care.told.words}\n{care.told.told_by.display_name}" if care.told else _("not recorded")
    decided = [care.declared_by, *([care.agreed_by] if care.agreed_by else [])]
    lines = [
        (_("Done without your word"), care.procedure_name),
        (_("When it began"), _clock(care.started_at, zone)),
        (_("Who decided it"), ", ".join(person.display_name for person in decided)),
        (_("Why nobody asked you") if care.is_emergency else _("Why it did not wait"), str(care.why)),
        (_("The danger, in the clinicians' words"), care.danger),
        (_("What you were told"), told),
    ]
    if care.is_late:
        lines.insert(2, (_("Written down late"), _clock(care.declared_at, zone)))
    if care.review is not None:
        found = f"{care.review.finding}\n{care.review.note}" if care.review.is_done else _("Not looked at yet.")
        lines.append((_("What the independent advocate found"), found))
    return lines


def _clock(at: datetime.datetime | None, zone: str) -> str:
    return f"{at.astimezone(zoneinfo.ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})" if at else ""
