"""The one pen: what an entry binds, in which order, and that a failure leaves nothing behind."""

import datetime
import importlib
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction

from clinic import clock
from clinic.vocabulary import Role
from consent.actions.moving import save_as
from consent.actions.refuse import refuse_consent
from consent.exceptions import KeyStoreError, LedgerError, StreamTakenError
from consent.keys.subject_keys import open_secret
from consent.ledger.commitments import row_salt
from consent.ledger.encoding import parse_entry
from consent.ledger.tree import leaf_hash
from consent.ledger_store import Actor, append, new_entry_id, open_ledger
from consent.ledger_store.places import place_in_stream
from consent.models import Consent, Hold, Ledger, LedgerBinding, LedgerEntry, LedgerWaiting
from consent.models.digests import digest_of_row
from consent.privacy import FIELD_PRIVACY
from consent.queries.ledger import verify
from consent.vocabulary import EntryKind, Via
from tests.factories import House
from tests.integration.ledger.pen import SUBJECT, hold_entry, saved_hold

PEN = importlib.import_module("consent.ledger_store.append")  # the package has a function of this name
DISK_FULL = DatabaseError("disk full")


def counts() -> list[int]:
    return [model.objects.count() for model in (Ledger, LedgerEntry, LedgerBinding, LedgerWaiting)]


def said_by(row: LedgerEntry) -> Any:
    return parse_entry(bytes(row.body))


def test_an_entry_says_what_its_row_says(house: House) -> None:
    hold = saved_hold(house)
    row = hold_entry(house, hold, detail={"procedure": "ab"})
    stored = LedgerEntry.objects.get(pk=row.pk)
    entry = said_by(stored)
    assert (entry.id, entry.kind, entry.subject, entry.sseq) == (stored.pk, stored.kind, stored.subject, stored.sseq)
    assert entry.recorded_at == stored.recorded_at
    assert entry.log == stored.ledger.origin
    assert entry.detail == {"procedure": "ab"}
    assert stored.leaf_hash == leaf_hash(bytes(stored.body)).hex()
    assert [(bound.model, bound.key) for bound in entry.objects] == [("consent.hold", hold.pk.hex)]


def test_the_digest_can_be_computed_again_from_the_row_and_the_secret_of_its_entry(house: House) -> None:
    hold = saved_hold(house)
    row = hold_entry(house, hold)
    secret = open_secret(owner=SUBJECT, entry_id=row.pk, sealed=bytes(row.sealed_salt))
    assert secret is not None
    salt = row_salt(secret=secret, model="consent.hold", key=hold.pk.hex)
    digest = digest_of_row(Hold.objects.get(pk=hold.pk), row_salt=salt)
    assert digest == said_by(row).objects[0].digest
    assert digest != digest_of_row(hold, row_salt=b"\0" * 32)


def test_the_secret_of_an_entry_opens_for_its_subject_and_entry_only(house: House) -> None:
    row, other = hold_entry(house), hold_entry(house, subject=uuid.UUID(int=6))
    sealed = bytes(row.sealed_salt)
    for owner, entry_id in ((uuid.UUID(int=6), row.pk), (SUBJECT, other.pk)):
        with pytest.raises(KeyStoreError):
            open_secret(owner=owner, entry_id=entry_id, sealed=sealed)


def test_what_an_entry_binds_can_be_looked_up_from_the_row(house: House) -> None:
    hold = saved_hold(house)
    row = hold_entry(house, hold)
    found = LedgerBinding.objects.get(model="consent.hold", key=hold.pk.hex)
    assert (found.entry_id, found.pk) == (row.pk, found.computed_id())


def test_no_word_that_somebody_said_stands_in_an_entry(house: House) -> None:
    house.ready()
    saved_hold(house)
    for body in LedgerEntry.objects.values_list("body", flat=True):
        text = bytes(body).decode("ascii")
        for word in ("Test Patient", "Test Midwife", "In my own words", "brother", house.midwife.account.username):
            assert word not in text


def test_every_patient_has_a_stream(house: House) -> None:
    for number in range(6):
        hold_entry(house, subject=uuid.UUID(int=number % 2))
    mine = list(LedgerEntry.objects.filter(subject=uuid.UUID(int=1)).order_by("sseq"))
    assert [row.sseq for row in mine] == [1, 2, 3]
    assert [said_by(row).sprev for row in mine] == [None, mine[0].leaf_hash, mine[1].leaf_hash]


def test_a_place_that_somebody_else_took_is_said_so_and_leaves_nothing(house: House) -> None:
    stale = place_in_stream(site=house.site, subject=SUBJECT)
    hold_entry(house)
    before = counts()
    with pytest.raises(StreamTakenError):
        hold_entry(house, place=stale)
    assert counts() == before
    assert hold_entry(house).sseq == 2


def test_two_sites_have_two_ledgers(house: House) -> None:
    other = House()
    ours, theirs = hold_entry(house), hold_entry(other)
    assert ours.ledger_id != theirs.ledger_id
    assert ours.index == theirs.index
    assert open_ledger(site=house.site) == Ledger.objects.get(pk=ours.ledger_id)
    assert Ledger.objects.count() == 2
    assert verify().count == 0


def test_an_id_given_beforehand_is_the_id_of_the_entry(house: House) -> None:
    wanted = new_entry_id()
    assert hold_entry(house, entry_id=wanted).pk == wanted


def test_a_row_changed_after_it_was_saved_is_not_bound(house: House) -> None:
    consent = house.proposed()
    consent.save()
    consent.body_site = "never saved"
    before = counts()
    with pytest.raises(LedgerError) as refusal:
        hold_entry(house, consent)
    assert "changed after it was saved" in str(refusal.value.__cause__)
    assert counts() == before


def test_where_no_history_tells_verify_does(house: House) -> None:
    """A row that never changes has no history; an act that bound something else than it stored would be found."""
    hold = saved_hold(house)
    hold.note = "never saved"
    entry = hold_entry(house, hold)
    (finding,) = verify().findings
    assert (finding.what, finding.index) == ("row-changed", entry.index)


def test_text_in_any_normal_form_can_be_bound(house: House) -> None:
    """A keyboard that writes é as two characters must not stop a refusal."""
    consent = house.informed()
    refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD, words="e\u0301 \u4f60 \ufeff")
    assert verify().count == 0


def test_only_the_history_of_this_act_is_bound(house: House) -> None:
    consent = house.proposed()
    assert said_by(hold_entry(house, consent)).history == ()
    save_as(consent, by=house.receptionist)
    bound = said_by(hold_entry(house, consent))
    assert [row.model for row in bound.history] == ["consent.historicalconsent"]
    assert verify().count == 0


def test_a_change_behind_the_back_of_the_pen_stays_visible(house: House) -> None:
    consent = house.proposed()
    consent.body_site = "left arm"
    save_as(consent, by=house.receptionist)
    assert {finding.what for finding in verify().findings} == {"row-changed", "row-unnamed"}
    again = Consent.objects.get(pk=consent.pk)
    save_as(again, by=house.receptionist)
    hold_entry(house, again)
    findings = [finding.what for finding in verify().findings]
    assert findings == ["row-unnamed"], "the newest history row is bound; the one nobody answered for is not"


def test_an_entry_alone_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as outside:
        outside.setattr(connections["default"], "in_atomic_block", False)
        with pytest.raises(LedgerError, match="together"):
            append(
                site=house.site,
                kind=EntryKind.HOLD_RAISED,
                subject=SUBJECT,
                actor=Actor(kind=Role.RECEPTIONIST, ref=house.receptionist.pk, via=Via.STAFF),
                rows=[],
                occurred_at=clock.now(),
            )


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"detail": {"note": "She said yes."}}, "$.detail.note"),
        ({"subject": None}, "$.subject"),
        ({"kind": EntryKind.SHEET_PUBLISHED}, "$.subject"),
        ({"actor": Actor(kind=Role.PATIENT, ref=None, via=Via.OWN_CARD)}, "$.actor.ref"),
        ({"occurred_at": datetime.datetime(2027, 1, 15)}, "zone"),  # noqa: DTZ001  that is what is refused
    ],
)
def test_what_has_no_place_in_an_entry_is_refused(house: House, changes: dict[str, Any], cause: str) -> None:
    before = counts()
    with pytest.raises(LedgerError, match="nothing was saved") as refusal:
        hold_entry(house, **changes)
    assert cause in str(refusal.value.__cause__)
    assert counts() == before


def test_rows_must_be_saved_and_be_evidence_and_be_named_once(house: House) -> None:
    hold = saved_hold(house)
    unsaved = Hold(consent=hold.consent)
    for rows in ([unsaved], [house.procedure()], [hold, hold]):
        before = counts()
        with pytest.raises(LedgerError):
            hold_entry(house, *rows)
        assert counts() == before


def fail(error: Exception) -> Any:
    def failing(*_args: object, **_kwargs: object) -> None:
        raise error

    return failing


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ("place_in_stream", DISK_FULL),
        ("seal_secret", KeyStoreError("no key")),
        ("write_entry", DISK_FULL),
    ],
)
def test_a_failing_disk_or_key_takes_everything_back(
    house: House, monkeypatch: pytest.MonkeyPatch, where: str, error: Exception
) -> None:
    consent, before, holds = house.proposed(), counts(), Hold.objects.count()
    with monkeypatch.context() as full:
        if where == "place_in_stream":
            full.setattr(PEN, "finds_its_place", lambda _subject: False)
        full.setattr(PEN, where, fail(error))
        with pytest.raises(LedgerError) as refusal, transaction.atomic():
            hold_entry(house, saved_hold(house, consent))
    assert refusal.value.__cause__ is error
    assert counts() == before
    assert Hold.objects.count() == holds


def test_an_act_that_fails_later_leaves_no_entry(house: House) -> None:
    before = counts()
    with pytest.raises(RuntimeError), transaction.atomic():
        hold_entry(house)
        raise RuntimeError
    assert counts() == before
    assert hold_entry(house).index == before[1]


def test_a_field_nobody_classed_cannot_be_bound(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    hold = saved_hold(house)
    monkeypatch.delitem(FIELD_PRIVACY["Hold"], "note")
    with pytest.raises(LedgerError) as refusal:
        hold_entry(house, hold)
    assert "privacy" in str(refusal.value.__cause__)
