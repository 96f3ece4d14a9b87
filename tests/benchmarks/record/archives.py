"""Fifty records of one patient in one archive, from a clinic's own tables: through the act that she starts herself.

`built` and `taken` run in processes of their own, because they need Django with a database.
"""

import datetime
import os
import time
import uuid
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.benchmarks.ledger.databases import sqlite
from tests.benchmarks.ledger.goals import Found
from tests.benchmarks.ledger.measuring import Figure
from tests.benchmarks.ledger.processes import in_own_process
from tests.benchmarks.record.goals import ARCHIVE, ONE_CORE, RECORDS_IN_ARCHIVE, SECONDS, TWO_CORES

HERE = ".record.archives"  # as the processes of the ledger's benchmark name it
BEGINS = datetime.datetime(2027, 1, 15, 2, tzinfo=datetime.UTC)


def measure(folder: Path, *, is_quick: bool) -> Iterator[Found]:
    database = sqlite(folder, "archive")
    environment = {**database.environment(), "DJANGO_SETTINGS_MODULE": "clinic.config.settings"}
    count = 3 if is_quick else RECORDS_IN_ARCHIVE
    patient_id = in_own_process(environment, f"{HERE}.built", count)
    for cores, number in ((ONE_CORE, 1), (TWO_CORES, 2)):
        told = in_own_process(environment, f"{HERE}.taken", patient_id, number, 1 if is_quick else 3)
        yield {(ARCHIVE, cores, measured): Figure.of(values) for measured, values in told.items()}


def built(_pipe: Connection, count: int) -> str:
    """A clinic with a certificate, and a patient who said yes so many times. Gives who she is."""
    from django.core.management import call_command

    from clinic import clock
    from consent.keys.site_seals import keep_site_seal
    from consent.keys.subject_keys import make_store
    from tests.clock import MovableClock
    from tests.factories import House
    from tests.unit.record.sealing import files

    call_command("migrate", verbosity=0)
    make_store()
    clock._read = MovableClock(BEGINS).read
    house = House()
    keep_site_seal(house.site.pk, files(clock.now()))
    patient = house.patient()
    for _number in range(count):
        house.given(house.procedure(patient))
    return str(patient.pk)


def taken(_pipe: Connection, patient_id: str, cores: int, rounds: int) -> dict[str, list[float]]:
    """She takes everything, some times over, on so many cores. The first archive warms up and is not counted."""
    from clinic import clock
    from tests.clock import MovableClock

    clock._read = MovableClock(BEGINS + datetime.timedelta(days=2)).read
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    _take(patient_id)
    told: dict[str, list[float]] = {SECONDS: [], "seconds of CPU": [], "megabytes": []}
    for _round in range(rounds):
        began, used = time.perf_counter(), time.process_time()
        size = _take(patient_id)
        told[SECONDS].append(time.perf_counter() - began)
        told["seconds of CPU"].append(time.process_time() - used)
        told["megabytes"].append(size / 1e6)
    return told


def _take(patient_id: str) -> int:
    from clinic.models import Patient
    from consent.actions.take_bundle import take_bundle
    from consent.models import Consent
    from consent.queries.own_bundle import BundleChoice
    from consent.vocabulary import BundlePart, Via

    patient = Patient.objects.get(pk=patient_id)
    ids = frozenset(Consent.objects.filter(patient=patient).values_list("pk", flat=True))
    choice = BundleChoice(consent_ids=ids, parts=frozenset(BundlePart), language="en")
    chunks: Any = take_bundle(
        patient_id=patient.pk, choice=choice, by=patient.account, via=Via.OWN_CARD, form_key=uuid.uuid4()
    )
    return sum(len(chunk) for chunk in chunks)
