"""One thing of every kind in two clinics, a browser for each role, every address, and a picture of every table."""

import functools
import hashlib
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from clinic import clock
from clinic.accounts.sessions import HANDOVER_KEY, SEEN_KEY
from clinic.actions.open_handover import open_handover
from clinic.models import Account, Patient
from consent.actions.raise_hold import raise_hold
from consent.models import Consent, Ledger
from consent.queries.receipts import newest_slip_about
from consent.vocabulary import HoldReason, Via
from tests.factories import House
from tests.retelling import NO_WRITE, retold
from tests.story_paper import received
from tests.story_removals import asked
from tests.story_voice import complained, wished

STAFF_DOOR = "clinic.accounts.backends.StaffBackend"
CARD_DOOR = "clinic.accounts.backends.PatientCardBackend"
ROLES = (
    "anonymous",
    "patient",
    "tablet",
    "midwife",
    "next-door",
    "receptionist",
    "advocate",
    "auditor",
    "administrator",
)
# Who signed in, who looked, how often a door was tried, and what a clinician has typed of a talk that is not recorded:
# written by many visits, and no part of anyone's record.
NOT_COUNTED = frozenset({"django_session", "clinic_recordview", "cache_entries", "consent_talkdraft"})

Ids = Mapping[str, uuid.UUID | str | int]


@dataclass(frozen=True, kw_only=True)
class World:
    """Two clinics. `own` are the ids of the first patient's things, `sister` those of another of her procedures."""

    house: House
    next_door: House
    consent: Consent
    own: Ids
    sister: Ids
    other_patient: Ids
    foreign: Ids


def things(house: House, consent: Consent) -> Ids:
    """The ids of one consent and of everything around it, with a concern raised about it."""
    hold = raise_hold(
        consent_id=consent.pk,
        reason=HoldReason.PRESSURE,
        note="A note for the advocate.",
        by=house.midwife.account,
        via=Via.STAFF,
        form_key=uuid.uuid4(),
    )
    return {
        "consent_id": consent.pk,
        "procedure_id": consent.procedure_id,
        "patient_id": consent.patient_id,
        "appointment_id": consent.procedure.appointment_id,
        "hold_id": hold.pk,
        "removal_id": asked(house, consent.patient).pk,
        "complaint_id": complained(house, consent.patient).pk,
        "correction_id": wished(house, consent.patient).pk,
        "step": "room",
        "digest": consent.policy.digest,
        "log_id": Ledger.objects.get(site=house.site).pk.hex,
        "tile": "tile/0/000.p/1",
        "kind": "page",
        "entry_id": slip_id(consent),
        "scan_id": received(house, consent).pk,
        "page": 1,
    }


def slip_id(consent: Consent) -> uuid.UUID:
    """The entry of the last thing that happened to a consent, which has a slip."""
    entry = newest_slip_about(consent)
    assert entry is not None
    return entry.pk


@retold
def build_world(house: House) -> World:
    next_door = House()
    consent = house.informed()
    sister = house.informed(house.procedure(consent.patient))
    other = house.informed(house.procedure(house.patient("Test Patient Two")))
    foreign = next_door.informed()
    return World(
        house=house,
        next_door=next_door,
        consent=consent,
        own=things(house, consent),
        sister=things(house, sister),
        other_patient=things(house, other),
        foreign=things(next_door, foreign),
    )


def staff(account: Account) -> Client:
    """A browser in which this member of staff has signed in."""
    client = Client(raise_request_exception=False)
    client.force_login(account, backend=STAFF_DOOR)
    return client


def with_card(patient: Patient) -> Client:
    """A browser in which this patient has signed in with her card."""
    client = Client(raise_request_exception=False)
    client.force_login(patient.account, backend=CARD_DOOR)
    session = client.session
    session[SEEN_KEY] = clock.now().timestamp()
    session.save()
    return client


def with_tablet(consent: Consent) -> Client:
    """The clinic's tablet in the hands of the consent's patient."""
    client = Client(raise_request_exception=False)
    handover = open_handover(procedure_id=consent.procedure_id, by=consent.proposed_by)
    session = client.session
    session[HANDOVER_KEY] = str(handover.pk)
    session.save()
    return client


def browser_of(role: str, world: World) -> Client:
    """A browser in which somebody of this role has arrived."""
    if role == "anonymous":
        return Client(raise_request_exception=False)
    if role == "patient":
        return with_card(world.consent.patient)
    if role == "tablet":
        return with_tablet(world.consent)
    if role == "next-door":
        return staff(world.next_door.midwife.account)
    return staff(world.house.midwife.account if role == "midwife" else getattr(world.house, role))


def ids_in_reach(role: str, world: World) -> Ids:
    """The ids this role would come across in her or his own pages."""
    return world.foreign if role == "next-door" else world.own


def ids_of_others(role: str, world: World) -> tuple[Ids, ...]:
    """Ids of things that exist and are nothing to this role."""
    if role == "next-door":
        return (world.own,)
    if role == "patient":
        return (world.other_patient, world.foreign)
    if role == "tablet":
        return (world.sister, world.foreign)
    return (world.foreign,)


def every_page() -> Iterator[URLPattern]:
    """Every address of the house, once."""
    seen = set()
    for part in get_resolver().url_patterns:
        for pattern in part.url_patterns:
            if str(pattern.pattern) not in seen:
                seen.add(str(pattern.pattern))
                yield pattern


def kinds_of(pattern: URLPattern) -> list[str]:
    """The kinds of id in an address."""
    return list(pattern.pattern.converters)


def filled(pattern: URLPattern, ids: Ids) -> str:
    return reverse(pattern.name, kwargs={kind: ids[kind] for kind in kinds_of(pattern)})


@functools.cache
def tables() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - NOT_COUNTED)


# Who looked is put on record by looking; like the access log itself it does not count as a change.
LOOKS = "SELECT id FROM consent_ledgerentry WHERE kind = 'record.viewed'"
WITHOUT_LOOKS = {
    "consent_ledgerentry": "WHERE kind <> 'record.viewed'",
    "consent_ledgerbinding": f"WHERE entry_id NOT IN ({LOOKS})",
    "consent_ledgerwaiting": f"WHERE entry_id NOT IN ({LOOKS})",
}


class Watch:
    """Remembers the digests of tables nobody has written to since, so that only the others are read again."""

    def __init__(self) -> None:
        self.digests: dict[str, str] = {}
        self.is_on = False

    def note(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Stands around every statement; what it cannot read may have written anywhere."""
        if sql.startswith("ROLLBACK") or not NO_WRITE.match(sql):
            named = set(NAMED.findall(sql)) if sql.startswith(("INSERT", "UPDATE", "DELETE")) else set(self.digests)
            for table in named | (WITHOUT_LOOKS.keys() if named & WITHOUT_LOOKS.keys() else set()):
                self.digests.pop(table, None)
        return execute(sql, params, many, context)

    @contextmanager
    def over(self) -> Iterator[None]:
        """Watch one test."""
        with connection.execute_wrapper(self.note):
            self.is_on = True
            yield
        self.is_on = False
        self.digests.clear()


WATCH = Watch()
NAMED = re.compile(r'\b(?:INTO|UPDATE|FROM)\s+"?(\w+)')


def picture() -> dict[str, str]:
    """A digest of every row of every table, by table."""
    found = dict(WATCH.digests) if WATCH.is_on else {}
    with connection.cursor() as cursor:
        for table in tables():
            if table in found:
                continue
            cursor.execute(f'SELECT * FROM "{table}" {WITHOUT_LOOKS.get(table, "")}')  # noqa: S608  # our own names
            rows = sorted(repr([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in cursor)
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    WATCH.digests = dict(found)
    return found


def changed(before: dict[str, str]) -> list[str]:
    """The tables whose rows are not what they were."""
    return [table for table, digest in picture().items() if before[table] != digest]


def fingerprint(answer: Any, ids: Ids) -> tuple[int, bytes, dict[str, str]]:
    """Everything an outsider can compare: status, body, headers; the id asked for is put aside."""
    headers = {name: value for name, value in answer.headers.items() if name not in {"Set-Cookie", "Date"}}
    for one in ids.values():
        headers = {name: value.replace(str(one), "ID") for name, value in headers.items()}
    return answer.status_code, answer.content, headers
