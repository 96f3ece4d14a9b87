"""Rows for journeys, made through the actions, and what became of them. Answers are values that JSON can carry."""

import datetime
import io
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.management import call_command

from clinic.models import Patient, Practitioner, Procedure
from clinic.vocabulary import Preset
from consent.actions.publish_sheets import publish_sheets
from consent.catalogue import FOLDER
from consent.models import Consent, LedgerCheckpoint, LedgerEntry, ProcedureStart, Signature
from consent.vocabulary import EntryKind
from tests.factories import IUD, PASSWORD, PIN, House

Answer = dict[str, Any]
HOUSES: dict[str, House] = {}


def prepare() -> Answer:
    """An empty database with all its tables and guards."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("make_keys", stdout=io.StringIO())
    return {}


def house(preset: str = Preset.STRICT_DEFAULT, sheets: tuple[str, ...] = (IUD,)) -> Answer:
    """A clinic of its own, with its people. Sign-in limits begin afresh, as on another day."""
    cache.clear()
    made = House(preset=Preset(preset), sheets=tuple(sheets))
    HOUSES[made.label] = made
    staff = {
        "receptionist": made.receptionist,
        "advocate": made.advocate,
        "auditor": made.auditor,
        "administrator": made.administrator,
        "midwife": made.midwife.account,
        "colleague": made.colleague.account,
    }
    people = {
        role: {"username": one.username, "name": one.display_name, "password": PASSWORD} for role, one in staff.items()
    }
    return {"house": made.label, "site": made.site.name, "people": people}


def patient(house: str, name: str, languages: tuple[str, ...] = ("en",), born: str = "1994-05-17") -> Answer:
    """A registered patient with a card in her hands."""
    birth_date = datetime.date.fromisoformat(born)
    made = HOUSES[house].patient(name, languages=list(languages), birth_date=birth_date)
    return {"id": str(made.pk), "name": made.name, "card": HOUSES[house].card(made), "pin": PIN}


def procedure(house: str, patient: str, code: str = IUD, operator: str = "midwife", in_days: int = 0) -> Answer:
    """A procedure planned for a patient, with its appointment within the next hours or so many days later."""
    there = HOUSES[house]
    there.next_start += datetime.timedelta(days=in_days)
    performer: Practitioner = getattr(there, operator)
    made = there.procedure(Patient.objects.get(pk=patient), code, operator_id=performer.pk)
    names = made.procedure_type.names
    return {"id": str(made.pk), "appointment": str(made.appointment_id), "names": names}


def consent(house: str, procedure: str, stage: str = "proposed", language: str = "en") -> Answer:
    """A consent brought as far as `stage`: proposed, informed, given or ready."""
    made: Consent = getattr(HOUSES[house], stage)(Procedure.objects.get(pk=procedure), language)
    return {"id": str(made.pk), "digest": made.sheet_version.digest, "sheet": made.sheet_version.title}


def publish_anew(house: str, key: str = IUD, language: str = "en", heading: str = "What is new") -> Answer:
    """The next major version of a sheet: the same text under a new number, with one heading changed."""
    there = HOUSES[house]
    text = (FOLDER / key / f"{language}.toml").read_text(encoding="utf-8")
    text = re.sub(r'^version = "\d+\.\d+"$', 'version = "9.0"', text, count=1, flags=re.MULTILINE)
    text = re.sub(r'^heading = ".*"$', f'heading = "{heading}"', text, count=1, flags=re.MULTILINE)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / key).mkdir()
        (Path(folder) / key / f"{language}.toml").write_text(text, encoding="utf-8")
        report = publish_sheets(site_id=there.site.pk, by=there.administrator, folder=Path(folder))
    return {"published": list(report.published)}


def supersede(house: str, consent: str, language: str = "en") -> Answer:
    """The midwife begins again with the newest sheet."""
    made = HOUSES[house].superseded(Consent.objects.get(pk=consent), language)
    return {"id": str(made.pk), "digest": made.sheet_version.digest}


def facts(consent: str) -> Answer:
    """What the database holds about one consent now."""
    row = Consent.objects.select_related("procedure").get(pk=consent)
    named = row.pk.hex.encode()
    entries = LedgerEntry.objects.filter(ledger__site_id=row.site_id).order_by("leaf__index")
    return {
        "state": row.state,
        "decision": row.decision,
        "via": row.given_via,
        "ended_words": row.ended_words,
        "signed_digest": row.signed_digest,
        "entries": [entry.kind for entry in entries if named in bytes(entry.body)],
        "refused_starts": sum(entry.kind == EntryKind.START_REFUSED for entry in entries),
        "signatures": [_signature(one) for one in Signature.objects.filter(consent=row).order_by("signed_at")],
        "procedure": row.procedure.status,
        "is_started": ProcedureStart.objects.filter(procedure=row.procedure).exists(),
    }


def _signature(row: Signature) -> Answer:
    image = bytes(row.image or b"")
    return {
        "method": row.method,
        "typed_name": row.typed_name,
        "strokes": row.strokes,
        "image_starts": image[:8].hex(),
        "image_bytes": len(image),
    }


def newest_consent(procedure: str) -> Answer:
    """The consent last proposed for a procedure."""
    row = Consent.objects.select_related("sheet_version").filter(procedure_id=procedure).latest("proposed_at")
    return {"id": str(row.pk), "digest": row.sheet_version.digest}


def ledger(house: str) -> Answer:
    """Size and root of the clinic's ledger after its last entry."""
    last = LedgerCheckpoint.objects.filter(ledger__site=HOUSES[house].site).latest("size")
    return {"size": last.size, "root": last.root_hash}


COMMANDS: dict[str, Callable[..., Answer]] = {
    each.__name__: each
    for each in (
        prepare,
        house,
        patient,
        procedure,
        consent,
        publish_anew,
        supersede,
        facts,
        newest_consent,
        ledger,
    )
}
