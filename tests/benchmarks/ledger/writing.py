"""The ways to save one decision, and the processes that do it as fast as they can. Runs beside Django only."""

import hashlib
import json
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.open_site import open_site
from clinic.models import Site
from clinic.vocabulary import Preset, Role
from consent.ledger_store import Actor, append, open_ledger
from consent.vocabulary import EntryKind, Via
from tests.benchmarks.ledger.measuring import Timed
from tests.benchmarks.ledger.neighbours import models
from tests.benchmarks.ledger.sealing import wait_for_proof


@dataclass(frozen=True)
class Clinic:
    """What a writer must know: the site, and the patients it may write about."""

    site: str
    patients: list[str]


def open_clinic(patients: int) -> dict[str, Any]:
    site = open_site(name="Measured Clinic", time_zone="UTC", preset=Preset.STRICT_DEFAULT)
    with transaction.atomic(durable=True):
        open_ledger(site=site)
    clinic = Clinic(site=site.pk.hex, patients=[uuid.uuid4().hex for _ in range(patients)])
    for patient in clinic.patients:  # each stream begun and each patient's key made, as in a clinic that is open
        save_with_ledger(site, uuid.UUID(patient))
    return asdict(clinic)


def _values(patient: uuid.UUID) -> dict[str, Any]:
    """A consent that was just given; ids of rows around it are as good as any, because nothing points at them."""
    at, clinician, version = clock.now(), uuid.UUID(int=1), uuid.UUID(int=2)
    return {
        "site": clinician,
        "patient": patient,
        "procedure": uuid.uuid4(),
        "procedure_code": "iud-removal",
        "operator": clinician,
        "sheet_version": version,
        "policy": version,
        "state": "given",
        "decision": "permit",
        "proposed_by": clinician,
        "proposed_at": at,
        "informed_by": clinician,
        "informed_at": at,
        "given_by": patient,
        "given_at": at,
        "given_via": Via.CLINIC_TABLET.value,
        "signed_digest": hashlib.sha256(b"the sheet that was shown").hexdigest(),
        "signed_policy": version,
        "form_key": uuid.uuid4(),
    }


def save_only(model: Any, _site: Site, patient: uuid.UUID) -> None:
    """Plain, with history, with auditlog, with triggers: the model says which."""
    with transaction.atomic(durable=True):
        model(**_values(patient)).save(force_insert=True)


def save_with_chain(_site: Site, patient: uuid.UUID) -> None:
    with transaction.atomic(durable=True):
        row = models.ChainedDecision(**_values(patient))
        row.save(force_insert=True)
        head = models.ChainHead.objects.select_for_update().get(pk=1)
        said = {name: str(value) for name, value in _values(patient).items()} | {"id": row.pk.hex}
        body = json.dumps(said, sort_keys=True).encode()
        link_hash = hashlib.sha256(head.last_hash.encode() + body).hexdigest()
        models.ChainLink(number=head.length, body=body, previous_hash=head.last_hash, link_hash=link_hash).save(
            force_insert=True
        )
        head.length, head.last_hash = head.length + 1, link_hash
        head.save(update_fields=["length", "last_hash"])


@one_act
def save_with_ledger(site: Site, patient: uuid.UUID) -> Any:
    """As an action does it."""
    values = _values(patient)
    row = models.LedgerDecision(**values)
    row.save(force_insert=True)
    return append(
        site=site,
        kind=EntryKind.CONSENT_GIVEN,
        subject=patient,
        actor=Actor(kind=Role.PATIENT, ref=patient, via=Via.CLINIC_TABLET),
        rows=[row],
        occurred_at=values["given_at"],
    )


def save_and_wait_for_proof(site: Site, patient: uuid.UUID) -> Any:
    return wait_for_proof(save_with_ledger(site, patient))


WAYS: dict[str, Callable[[Site, uuid.UUID], Any]] = {
    "plain": partial(save_only, models.PlainDecision),
    "history": partial(save_only, models.HistoryDecision),
    "auditlog": partial(save_only, models.AuditedDecision),
    "pghistory": partial(save_only, models.TriggeredDecision),
    "chain": save_with_chain,
    "ours": save_with_ledger,
    "ours with proof": save_and_wait_for_proof,
}


def write(pipe: Connection, clinic: dict[str, Any], way: str, count: int, seed: int) -> Timed:
    """Saves so many decisions about patients drawn at random, once the parent says go."""
    settings.LEDGER_SEALING = "writer" if way == "ours with proof" else "service"
    site, patients = _clinic(clinic)
    save, drawn = WAYS[way], random.Random(seed)
    chosen = [drawn.choice(patients) for _ in range(count)]
    connection.ensure_connection()
    pipe.send((True, "ready"))
    pipe.recv()
    each = []
    began = now = time.perf_counter()
    for patient in chosen:
        save(site, patient)
        before, now = now, time.perf_counter()
        each.append(now - before)
    return Timed(began, now, each)


def count_statements(_pipe: Connection, clinic: dict[str, Any], way: str) -> list[str]:
    """The statements of one save, after one that warmed everything up."""
    settings.LEDGER_SEALING = "service"
    site, patients = _clinic(clinic)
    WAYS[way](site, patients[0])
    with CaptureQueriesContext(connection) as seen:
        WAYS[way](site, patients[0])
    return [query["sql"] for query in seen.captured_queries]


def _clinic(clinic: dict[str, Any]) -> tuple[Site, list[uuid.UUID]]:
    return Site.objects.get(pk=clinic["site"]), [uuid.UUID(hex=each) for each in clinic["patients"]]
