"""The one pen: what an entry binds, in which order, and that a failure leaves nothing behind."""

import datetime
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, models, transaction

from clinic import clock
from clinic.vocabulary import Role
from consent.actions.refuse import refuse_consent
from consent.exceptions import LedgerError
from consent.ledger.encoding import parse_entry
from consent.ledger.tree import Frontier, leaf_hash
from consent.ledger_store import Actor, append, new_entry_id, open_ledger
from consent.models import Consent, Hold, Ledger, LedgerEntry, LedgerRoot, LedgerSalt
from consent.models.digests import digest_of_row
from consent.privacy import FIELD_PRIVACY
from consent.queries.ledger import verify
from consent.vocabulary import EntryKind, HoldReason, Via
from tests.factories import House
from tests.integration.ledger.world import drop_fence, write_raw


def saved_hold(house: House, consent: Consent | None = None) -> Hold:
    hold = Hold(
        consent=consent or house.proposed(),
        reason=HoldReason.PRESSURE,
        note="Her brother answers for her.",
        raised_by=house.receptionist,
        raised_at=clock.now(),
        form_key=uuid.uuid4(),
    )
    hold.save(force_insert=True)
    return hold


def hold_entry(house: House, *rows: models.Model, **changes: Any) -> LedgerEntry:
    values: dict[str, Any] = {
        "site": house.site,
        "kind": EntryKind.HOLD_RAISED,
        "subject": uuid.UUID(int=5),
        "actor": Actor(kind=Role.RECEPTIONIST, ref=house.receptionist.pk, via=Via.STAFF),
        "rows": rows,
        "occurred_at": clock.now(),
    }
    return append(**(values | changes))


def counts() -> list[int]:
    return [model.objects.count() for model in (Ledger, LedgerEntry, LedgerRoot, LedgerSalt)]


def test_an_entry_says_what_its_row_says(house: House) -> None:
    hold = saved_hold(house)
    row = hold_entry(house, hold, detail={"procedure": "ab"})
    stored = LedgerEntry.objects.get(pk=row.pk)
    entry = parse_entry(bytes(stored.body))
    assert (entry.id, entry.kind, entry.subject, entry.sseq) == (stored.pk, stored.kind, stored.subject, stored.sseq)
    assert entry.recorded_at == stored.recorded_at
    assert entry.log == stored.ledger.origin
    assert entry.detail == {"procedure": "ab"}
    assert stored.leaf_hash == leaf_hash(bytes(stored.body)).hex()
    assert [(bound.model, bound.key) for bound in entry.objects] == [("consent.hold", hold.pk.hex)]


def test_the_digest_can_be_computed_again_from_the_row_and_its_salt(house: House) -> None:
    hold = saved_hold(house)
    entry = parse_entry(bytes(hold_entry(house, hold).body))
    salt = LedgerSalt.objects.get(entry_id=entry.id, key=hold.pk.hex)
    digest = digest_of_row(Hold.objects.get(pk=hold.pk), row_salt=bytes(salt.salt))
    assert digest == entry.objects[0].digest
    assert digest != digest_of_row(hold, row_salt=b"\0" * 32)


def test_no_word_that_somebody_said_stands_in_an_entry(house: House) -> None:
    house.ready()
    saved_hold(house)
    for body in LedgerEntry.objects.values_list("body", flat=True):
        text = bytes(body).decode("ascii")
        for word in ("Test Patient", "Test Midwife", "In my own words", "brother", house.midwife.account.username):
            assert word not in text


def test_indexes_are_dense_and_every_patient_has_a_stream(house: House) -> None:
    start = LedgerEntry.objects.count()
    for number in range(6):
        hold_entry(house, subject=uuid.UUID(int=number % 2))
    rows = list(LedgerEntry.objects.order_by("index"))
    assert [row.index for row in rows] == list(range(start + 6))
    mine = [row for row in rows if row.subject == uuid.UUID(int=1)]
    assert [row.sseq for row in mine] == [1, 2, 3]
    previous = [parse_entry(bytes(row.body)).sprev for row in mine]
    assert previous == [None, mine[0].leaf_hash, mine[1].leaf_hash]


def test_every_append_leaves_the_root_over_all_entries(house: House) -> None:
    hold_entry(house)
    frontier = Frontier()
    for row in LedgerEntry.objects.order_by("index"):
        frontier = frontier.append(leaf_hash(bytes(row.body)))
        root = LedgerRoot.objects.get(size=frontier.size)
        assert (root.root_hash, root.frontier) == (frontier.root().hex(), frontier.to_hex())


def test_two_sites_have_two_ledgers(house: House) -> None:
    other = House()
    ours, theirs = hold_entry(house), hold_entry(other)
    assert ours.ledger != theirs.ledger
    assert ours.index == theirs.index
    assert open_ledger(site=house.site) == ours.ledger
    assert Ledger.objects.count() == 2
    assert verify().count == 0


def test_an_id_given_beforehand_is_the_id_of_the_entry(house: House) -> None:
    wanted = new_entry_id()
    assert hold_entry(house, entry_id=wanted).pk == wanted


def test_what_is_bound_is_what_is_stored_not_what_memory_believes(house: House) -> None:
    hold = saved_hold(house)
    hold.note = "never saved"
    hold_entry(house, hold)
    assert verify().count == 0


def test_text_in_any_normal_form_can_be_bound(house: House) -> None:
    """A keyboard that writes é as two characters must not stop a refusal."""
    consent = house.informed()
    refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD, words="e\u0301 \u4f60 \ufeff")
    assert verify().count == 0


def test_only_the_history_of_this_act_is_bound(house: House) -> None:
    consent = house.proposed()
    again = parse_entry(bytes(hold_entry(house, consent).body))
    assert again.history == ()
    consent.save()
    bound = parse_entry(bytes(hold_entry(house, consent).body))
    assert [row.model for row in bound.history] == ["consent.historicalconsent"]
    assert verify().count == 0


def test_a_change_behind_the_back_of_the_pen_stays_visible(house: House) -> None:
    consent = house.proposed()
    consent.body_site = "left arm"
    consent.save()
    assert {finding.what for finding in verify().findings} == {"row-changed", "row-unnamed"}
    consent.save()
    hold_entry(house, consent)
    findings = [finding.what for finding in verify().findings]
    assert findings == ["row-unnamed"], "the newest history row is bound; the one nobody answered for is not"


def test_an_entry_alone_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as outside:
        outside.setattr(connections["default"], "in_atomic_block", False)
        with pytest.raises(LedgerError, match="together"):
            hold_entry(house)


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
    with pytest.raises(LedgerError, match="nothing was saved") as refusal, transaction.atomic():
        hold_entry(house, **changes)
    assert cause in str(refusal.value.__cause__)
    assert counts() == before


def test_rows_must_be_saved_and_be_evidence_and_be_named_once(house: House) -> None:
    hold = saved_hold(house)
    unsaved = Hold(consent=hold.consent)
    for rows in ([unsaved], [house.procedure()], [hold, hold]):
        before = counts()
        with pytest.raises(LedgerError), transaction.atomic():
            hold_entry(house, *rows)
        assert counts() == before


@pytest.mark.parametrize("broken", [LedgerEntry, LedgerRoot])
def test_a_failing_database_takes_everything_back(
    house: House, monkeypatch: pytest.MonkeyPatch, broken: type[models.Model]
) -> None:
    def disk_is_full(*_args: object, **_kwargs: object) -> None:
        raise DatabaseError("disk full")

    consent, before, holds = house.proposed(), counts(), Hold.objects.count()
    with monkeypatch.context() as full:
        full.setattr(broken, "save", disk_is_full)
        with pytest.raises(LedgerError) as refusal, transaction.atomic():
            hold_entry(house, saved_hold(house, consent))
    assert isinstance(refusal.value.__cause__, DatabaseError)
    assert counts() == before
    assert Hold.objects.count() == holds


def test_an_act_that_fails_later_leaves_no_entry(house: House) -> None:
    before = counts()
    with pytest.raises(RuntimeError), transaction.atomic():
        hold_entry(house)
        raise RuntimeError
    assert counts() == before
    assert hold_entry(house).index == before[1]


def test_nothing_is_appended_behind_a_damaged_root(house: House) -> None:
    root = LedgerRoot.objects.latest("size")
    drop_fence(LedgerRoot)
    write_raw(LedgerRoot, "frontier", root.pk if connection.vendor == "postgresql" else root.pk.hex, "[]")
    with pytest.raises(LedgerError) as refusal, transaction.atomic():
        hold_entry(house)
    assert "damaged" in str(refusal.value.__cause__)


def test_a_field_nobody_classed_cannot_be_bound(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    hold = saved_hold(house)
    monkeypatch.delitem(FIELD_PRIVACY["Hold"], "note")
    with pytest.raises(LedgerError) as refusal, transaction.atomic():
        hold_entry(house, hold)
    assert "privacy" in str(refusal.value.__cause__)
