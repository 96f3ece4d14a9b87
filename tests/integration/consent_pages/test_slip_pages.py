"""Slips on the screen, on paper and as files: hers alone, the same whatever she said, and checked by anybody."""

import re
from typing import Any

from django.test import Client

from consent.models import Consent, KnownCheckpoint, LedgerEntry
from consent.queries.receipts import newest_slip_about
from consent.vocabulary import EntryKind
from tests.factories import House
from tests.integration.consent_pages.people import address, text_of, with_card


def slip_text(response: Any) -> str:
    found = re.search(r"data-slip-text>([^<]*)<", text_of(response))
    assert found
    return found.group(1)


def newest(consent: Consent) -> LedgerEntry:
    entry = newest_slip_about(consent)
    assert entry is not None
    return entry


def check(text: str, **more: Any) -> Any:
    return Client().post(address("log-check"), {"text": text, **more})


def verdict(response: Any) -> str:
    found = re.search(r'data-verdict="([^"]*)"', text_of(response))
    assert found, text_of(response)
    return found.group(1)


def test_a_slip_is_offered_shown_and_checked(house: House) -> None:
    consent = house.informed()
    browser = with_card(consent.patient)
    browser.post(address("mine-refuse", consent_id=consent.pk), {"words": ""})
    done = text_of(browser.get(address("mine-done", consent_id=consent.pk)))
    entry = newest(consent)
    assert entry.kind == EntryKind.CONSENT_REFUSED
    assert address("mine-slip-take", entry_id=entry.pk) in done
    shown = browser.post(address("mine-slip-take", entry_id=entry.pk), {"way": "screen"}, follow=True)
    assert shown.status_code == 200
    answer = check(slip_text(shown))
    assert verdict(answer) == "proven"
    assert "Never anchored" in text_of(answer)
    assert KnownCheckpoint.objects.count() == 1
