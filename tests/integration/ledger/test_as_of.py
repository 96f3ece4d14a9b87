"""What a consent was at a size of the ledger, where the dates of history say something else."""

import datetime
import uuid
from typing import Any

import pytest
from django.db import connection
from simple_history.manager import HistoricalQuerySet

from clinic import clock
from consent.actions.give import give_consent
from consent.actions.withdraw import withdraw_consent
from consent.models import Consent, Ledger, LedgerLeaf
from consent.queries.as_of import as_of, history_in_order
from consent.vocabulary import ConsentState, CopyChoice, EntryKind, Via
from tests.clock import MovableClock, install
from tests.factories import House, drawn, let_pass
from tests.integration.ledger.world import drop_fence

pytestmark = pytest.mark.django_db

S = ConsentState
LIVED = [S.DRAFT, S.INFORMED, S.GIVEN, S.WITHDRAWN]


@pytest.fixture
def movable_clock(house: House, monkeypatch: pytest.MonkeyPatch) -> MovableClock:
    """The clock of the clinic, in the hands of the test."""
    return install(monkeypatch, "2027-01-15T03:00:00+00:00")


def taken_back(consent: Consent) -> None:
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.CLINIC_TABLET, words="")


def size() -> int:
    """How many entries the ledger holds now."""
    return LedgerLeaf.objects.count()


def by_the_library(consent: Consent, at: datetime.datetime) -> list[str]:
    """What simple-history's own `as_of` answers: the newest row of each by its date."""
    kept = HistoricalQuerySet(Consent.history.model).filter(id=consent.pk, history_date__lte=at)
    return [row.state for row in kept.latest_of_each()]


def test_every_size_has_its_state(house: House) -> None:
    before = size()
    consent = house.given()
    taken_back(consent)
    changes = history_in_order(consent)
    assert [change.state for change in changes] == LIVED
    kinds = [change.entry.kind for change in changes]
    assert (kinds[0], kinds[-1]) == (EntryKind.CONSENT_PROPOSED, EntryKind.CONSENT_WITHDRAWN)
    for change in changes:
        index = change.entry.index
        assert index is not None
        assert as_of(consent.pk, index + 1).state == change.state
    assert as_of(consent.pk, before).state is None
    assert as_of(consent.pk, 0).change is None
    assert as_of(consent.pk, size()).state == S.WITHDRAWN


def test_a_clock_set_back_does_not_give_a_withdrawn_consent_back(house: House, movable_clock: MovableClock) -> None:
    consent = house.given()
    movable_clock.forward(hours=-1)
    taken_back(consent)
    let_pass(hours=3)
    assert by_the_library(consent, clock.now()) == [S.GIVEN]  # wrong: it was taken back
    assert as_of(consent.pk, size()).state == S.WITHDRAWN
    assert [change.state for change in history_in_order(consent)] == LIVED


def test_two_changes_at_one_instant_have_one_order(
    house: House, movable_clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent = house.informed()
    stands_still = clock.now()
    monkeypatch.setattr(clock, "_read", lambda: stands_still)
    consent = _given_now(consent)
    given_at = size()
    taken_back(consent)
    answers = by_the_library(consent, stands_still)
    assert sorted(answers) == [S.GIVEN, S.WITHDRAWN]  # two answers to one question
    assert as_of(consent.pk, given_at).state == S.GIVEN
    assert as_of(consent.pk, size()).state == S.WITHDRAWN


def test_the_dates_of_history_are_never_asked(house: House) -> None:
    consent = house.given()
    with connection.execute_wrapper(_refuse_dates):
        assert as_of(consent.pk, size()).state == S.GIVEN


def test_what_waits_to_be_sealed_comes_after_every_size(house: House, settings: Any) -> None:
    consent = house.given()
    settings.LEDGER_SEALING = "service"
    taken_back(consent)
    assert as_of(consent.pk, size() + 100).state == S.GIVEN
    assert history_in_order(consent)[-1].state == S.WITHDRAWN


def test_an_act_that_changed_nothing_of_it_is_no_change(house: House) -> None:
    consent = house.given()
    other = house.given(house.procedure(consent.patient))
    assert [change.state for change in history_in_order(other)] == LIVED[:3]
    assert as_of(consent.pk, size()).state == S.GIVEN


def test_a_newer_consent_takes_the_place_of_the_older(house: House) -> None:
    old = house.given()
    given_at = size()
    new = house.superseded(old)
    assert (as_of(old.pk, given_at).state, as_of(new.pk, given_at).state) == (S.GIVEN, None)
    assert (as_of(old.pk, size()).state, as_of(new.pk, size()).state) == (S.SUPERSEDED, S.DRAFT)


def test_an_earlier_incarnation_came_before(house: House) -> None:
    consent = house.given()
    first = Ledger.objects.get(site=house.site)
    later = Ledger(id=uuid.uuid4(), site=house.site, incarnation=2, origin="freely-given/test", created_at=clock.now())
    later.save(force_insert=True)
    assert as_of(consent.pk, 0).state == S.GIVEN
    assert as_of(consent.pk, 0, ledger=first).state is None


def test_a_row_of_history_that_is_gone_is_not_passed_over(house: House) -> None:
    consent = house.given()
    newest = history_in_order(consent)[-1]
    history = type(newest.row)
    drop_fence(history)
    with connection.cursor() as cursor:
        key = newest.row.pk if connection.vendor == "postgresql" else newest.row.pk.hex
        cursor.execute(f'DELETE FROM "{history._meta.db_table}" WHERE history_id = %s', [key])  # noqa: S608  our own table
    answer = as_of(consent.pk, size())
    assert answer.change is not None
    assert answer.state is None


def _given_now(consent: Consent) -> Consent:
    return give_consent(
        consent_id=consent.pk,
        shown_digest=consent.sheet_version.digest,
        signature=drawn(consent.patient_id),
        copy_choice=CopyChoice.PAPER,
        by=consent.patient.account,
        via=Via.CLINIC_TABLET,
    )


def _refuse_dates(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    assert "history_date" not in sql
    return execute(sql, params, many, context)
