"""Whether a patient complained is known to her and to the advocate. Everybody else sees the same pages either way."""

import dataclasses

import pytest
from django.test import Client
from django.urls import reverse

from clinic.models import Account
from consent.actions.answer_complaint import answer_complaint
from consent.models import Complaint, Consent, LedgerEntry
from consent.vocabulary import QUIET_KINDS, ComplaintCategory, EntryKind
from tests.clock import MovableClock
from tests.factories import House
from tests.integration.adversary.test_holds_stay_secret import low_world, seen
from tests.integration.adversary.world import staff
from tests.story_voice import complained

OTHERS = ("tablet", "midwife", "receptionist", "auditor", "administrator", "next-door", "anonymous")
HERS = {"mine-looked"}  # leads back on the tablet; grows with every look


def spoken_up(house: House, consent: Consent) -> Complaint:
    """She complains about this consent, and is answered; then she complains again."""
    first = complained(house, consent.patient, category=ComplaintCategory.PUSHED_TO_DECIDE, consent=consent)
    answer_complaint(complaint_id=first.pk, words="I spoke with them.", done="A talk.", by=house.advocate)
    return complained(house, consent.patient, consent=consent)


def test_a_complaint_changes_no_page(house: House) -> None:
    world = low_world(house, "given")
    before = {role: seen(role, world) for role in OTHERS}
    complaint, unknown = spoken_up(house, world.consent), str(world.own["complaint_id"])
    world = dataclasses.replace(world, own={**world.own, "complaint_id": complaint.pk})
    for role in OTHERS:
        after = seen(role, world)
        for name, (status, body, leads_to, _statements) in before[role].items():
            if name not in HERS:
                there = leads_to.replace(unknown, str(complaint.pk))
                assert after[name][:3] == (status, body, there), (role, name)


def test_no_slip_of_it_is_printed_by_staff(house: House) -> None:
    consent = house.informed()
    spoken_up(house, consent)
    entries = LedgerEntry.objects.filter(kind__in=sorted(QUIET_KINDS))
    assert len(entries) == 3
    desk = staff(house.midwife.account)
    listed = desk.get(reverse("patient-slips", args=[consent.patient_id])).content.decode()
    for entry in entries:
        assert str(entry.pk) not in listed
        assert desk.post(reverse("patient-slip-print", args=[consent.patient_id, entry.pk])).status_code == 404


def audit_page(account: Account) -> str:
    return Client.get(staff(account), reverse("audit")).content.decode()


def test_the_auditor_is_not_told_what_kind_of_entry_it_was(
    house: House, movable_clock: MovableClock, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent = house.informed()
    settings.LEDGER_SEALING = "service"  # type: ignore[attr-defined]
    spoken_up(house, consent)
    assert LedgerEntry.objects.filter(kind=EntryKind.COMPLAINT_MADE, leaf__isnull=True).exists()
    movable_clock.forward(minutes=20)
    page = audit_page(house.auditor)
    assert "An entry about a patient" in page
    assert "omplain" not in page
