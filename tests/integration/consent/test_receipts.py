"""Slips: every act about a patient has one, each is proven before it is handed out, and handing out is an act."""

import datetime
import io
import uuid
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection

from clinic.exceptions import NotAllowedError
from clinic.models import Patient
from consent.actions.decline_receipt import decline_receipt
from consent.actions.deliver_receipt import deliver_receipt
from consent.actions.promise_entry import promise_entry
from consent.actions.raise_hold import raise_hold
from consent.actions.refuse import refuse_consent
from consent.actions.start_procedure import start_procedure
from consent.exceptions import KeyStoreError
from consent.ledger.encoding import parse_entry
from consent.ledger.merkle import inclusion_path
from consent.ledger.promises import read_promise
from consent.ledger.refusals import RefusalError
from consent.ledger.slip_text import promise_slip_of
from consent.ledger.tiles import TileNodes, tile_root
from consent.ledger.tlog_proof import parse_proof_file, verify_receipt
from consent.ledger.tree import leaf_hash
from consent.ledger_store.seal import seal_all
from consent.models import Consent, Ledger, LedgerEntry, LedgerKey, LedgerLeaf, LedgerTile
from consent.queries.known_logs import known_logs
from consent.queries.receipt_files import proof_file
from consent.queries.receipts import WITHOUT_SLIP, newest_slip_about, own_slips, proof_of
from consent.queries.tree_nodes import nodes_of
from consent.vocabulary import KINDS_WITHOUT_SUBJECT, EntryKind, HoldReason, ReceiptWay, Via
from tests.factories import House
from tests.integration.consent_pages.people import with_card
from tests.integration.ledger.world import drop_fence, write_raw
from tests.slips import verifier
from tests.story import build_full_story

SECRET_WORDS = "Her brother answers for her."


def refused(house: House) -> Consent:
    consent = house.informed()
    refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD, words="I would rather not.")
    return Consent.objects.get(pk=consent.pk)


def newest(consent: Consent) -> LedgerEntry:
    entry = newest_slip_about(consent)
    assert entry is not None
    return entry


def hold(consent: Consent, house: House) -> None:
    raise_hold(
        consent_id=consent.pk,
        reason=HoldReason.PRESSURE,
        note=SECRET_WORDS,
        by=house.midwife.account,
        via=Via.STAFF,
        form_key=uuid.uuid4(),
    )


def test_every_kind_about_a_patient_has_a_proof_the_verifier_accepts(house: House, tmp_path: Path) -> None:
    build_full_story(house)
    kinds = set()
    for entry in LedgerEntry.objects.select_related("ledger", "leaf").exclude(subject=None):
        if entry.kind in WITHOUT_SLIP or entry.kind in kinds:
            continue
        kinds.add(EntryKind(entry.kind))
        proof = proof_of(entry, is_cosigned=True)
        assert proof is not None
        alone = proof_file(proof, with_entry=False)
        assert parse_proof_file(alone).extra is None
        whole = proof_file(proof, with_entry=True)
        if parse_proof_file(whole).extra is not None:
            verify_receipt(whole, known_logs())
            done = verifier(tmp_path, "receipt", whole)
            assert (done.returncode, done.stderr) == (0, ""), (entry.kind, done.stdout, done.stderr)
        (tmp_path / "proof").write_text(alone)
        done = verifier(tmp_path, "slip", proof.slip().to_text(), "--proof", str(tmp_path / "proof"))
        assert done.returncode == 0, (entry.kind, done.stdout, done.stderr)
        assert "anchored" in done.stdout.casefold()
    expected = set(EntryKind) - KINDS_WITHOUT_SUBJECT - WITHOUT_SLIP - {EntryKind.ENTRY_RECOVERED}
    assert kinds == expected


def test_holds_looks_and_slips_have_no_slip(house: House) -> None:
    consent = house.informed()
    hold(consent, house)
    kinds = {entry.kind for entry in own_slips(consent.patient)}
    assert EntryKind.CONSENT_PROPOSED in kinds
    assert not kinds & WITHOUT_SLIP
    held = LedgerEntry.objects.get(kind=EntryKind.HOLD_RAISED)
    with pytest.raises(NotAllowedError):
        deliver_receipt(
            patient_id=consent.patient_id,
            entry_id=held.pk,
            way=ReceiptWay.PDF,
            by=consent.patient.account,
            via=Via.OWN_CARD,
        )


def test_her_words_are_in_her_file_and_nobody_elses(house: House) -> None:
    consent = refused(house)
    text = proof_file(proof_of(newest(consent)), with_entry=True)  # type: ignore[arg-type]
    receipt = verify_receipt(text, known_logs())
    shown = {
        name: item.value
        for opening in receipt.openings
        for name, item in opening.veiled.items()
        if not isinstance(item, str)
    }
    assert shown["ended_words"] == "I would rather not."
    assert shown["procedure_code"] == consent.procedure_code
    assert not {"proposed_by", "operator", "patient", "request_source", "excluded_as"} & set(shown)


def test_a_file_never_tells_of_a_hold(house: House) -> None:
    """An attempt to start while a concern is open says so in its entry; that entry never stands in a file."""
    consent = house.ready()
    hold(consent, house)
    start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    attempt = LedgerEntry.objects.select_related("ledger", "leaf").get(kind=EntryKind.START_REFUSED)
    assert b"hold" in bytes(attempt.body)
    assert attempt in own_slips(consent.patient)
    for entry in own_slips(consent.patient):
        file = proof_file(proof_of(entry), with_entry=True)  # type: ignore[arg-type]
        extra = parse_proof_file(file).extra or b""
        for word in (b"hold", SECRET_WORDS.encode(), b"pressure", b"companion", b"reused"):
            assert word not in extra, (entry.kind, word)


def test_a_changed_list_gives_no_slip(house: House) -> None:
    consent = refused(house)
    house.informed()
    other = LedgerLeaf.objects.order_by("index")[0]
    drop_fence(LedgerLeaf)
    write_raw(LedgerLeaf, "leaf_hash", other.pk.hex if connection.vendor == "sqlite" else other.pk, "0" * 64)
    with pytest.raises(RefusalError):
        proof_of(newest(consent))


def test_delivery_is_recorded_once_for_each_way(house: House) -> None:
    consent = refused(house)
    entry, patient = newest(consent), consent.patient
    who = {"patient_id": patient.pk, "entry_id": entry.pk, "by": patient.account, "via": Via.OWN_CARD}
    assert deliver_receipt(way=ReceiptWay.SCREEN, **who)
    assert not deliver_receipt(way=ReceiptWay.SCREEN, **who)
    assert deliver_receipt(way=ReceiptWay.PDF, **who)
    assert decline_receipt(**who)
    assert not decline_receipt(**who)
    rows = LedgerEntry.objects.filter(subject=patient.ledger_subject, kind__startswith="receipt.").order_by("sseq")
    said = [(row.kind, parse_entry(bytes(row.body)).detail) for row in rows]
    assert said == [
        (EntryKind.RECEIPT_DELIVERED, {"entry": entry.pk.hex, "way": "screen"}),
        (EntryKind.RECEIPT_DELIVERED, {"entry": entry.pk.hex, "way": "pdf"}),
        (EntryKind.RECEIPT_DECLINED, {"entry": entry.pk.hex}),
    ]


def test_who_may_hand_over_what(house: House) -> None:
    consent = refused(house)
    entry, patient = newest(consent), consent.patient
    stranger, next_door = house.patient("Test Patient Two"), House()

    def hand_over(way: ReceiptWay, by: object, entry_id: uuid.UUID = entry.pk) -> bool:
        return deliver_receipt(patient_id=patient.pk, entry_id=entry_id, way=way, by=by, via=Via.STAFF)  # type: ignore[arg-type]

    for way in set(ReceiptWay) - {ReceiptWay.PRINT}:
        with pytest.raises(NotAllowedError):
            hand_over(way, house.midwife.account)
    for nobody in (stranger.account, house.advocate, house.auditor, house.receptionist, next_door.midwife.account):
        with pytest.raises(NotAllowedError):
            hand_over(ReceiptWay.PRINT, nobody)
    with pytest.raises(NotAllowedError):
        hand_over(ReceiptWay.PRINT, house.midwife.account, newest(refused(house)).pk)
    with pytest.raises(NotAllowedError):
        decline_receipt(patient_id=patient.pk, entry_id=entry.pk, by=house.midwife.account, via=Via.STAFF)
    assert hand_over(ReceiptWay.PRINT, house.midwife.account)


def test_while_it_waits_the_slip_is_a_promise(house: House, settings, tmp_path: Path) -> None:
    settings.LEDGER_SEALING = "service"
    entry = newest(refused(house))
    assert proof_of(entry) is None
    note = promise_entry(entry=entry)
    assert promise_entry(entry=entry) == note
    parsed, promise = read_promise(note)
    assert promise.deadline_at - entry.recorded_at == datetime.timedelta(seconds=60)
    assert LedgerKey.objects.filter(vkey__startswith=f"{entry.ledger.origin}/promise+").count() == 1
    seal_all(entry.ledger_id)
    sealed = LedgerEntry.objects.get(pk=entry.pk)
    proof = proof_of(sealed)
    assert proof is not None
    assert proof.slip().leaf == promise.leaf
    slip = promise_slip_of(promise=promise, note=parsed).to_text()
    receipt = tmp_path / "receipt"
    receipt.write_text(proof_file(proof, with_entry=True))
    for handed_in in (note, slip):
        done = verifier(tmp_path, "promise", handed_in, "--receipt", str(receipt))
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert verifier(tmp_path, "promise", slip.replace("FGP1", "FGP2")).returncode == 2


def test_a_web_server_that_may_not_publish_its_key_says_what_to_do(
    house: House, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LEDGER_SEALING = "service"
    entry = newest(refused(house))

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise ProgrammingError("permission denied for table consent_ledgerkey")

    with monkeypatch.context() as patch:
        patch.setattr(LedgerKey, "save", refuse)
        with pytest.raises(KeyStoreError, match="publish_promise_keys"):
            promise_entry(entry=entry)
        page = with_card(Patient.objects.get(ledger_subject=entry.subject)).get(f"/mine/slips/{entry.pk}/")
        assert page.status_code == 409
        assert "There is no slip now" in page.content.decode()
    out = io.StringIO()
    call_command("publish_promise_keys", stdout=out)
    assert entry.ledger.origin in out.getvalue()
    call_command("publish_promise_keys", stdout=out)
    assert "already" in out.getvalue()
    assert promise_entry(entry=entry)


def test_a_path_reads_few_rows_however_long_the_list(house: House, django_assert_max_num_queries) -> None:
    ledger = Ledger.objects.get(site=house.site)
    leaves = [leaf_hash(str(number).encode()) for number in range(256 * 40)]
    for number in range(40):
        hashes = b"".join(leaves[number * 256 : number * 256 + 256])
        tile = LedgerTile(ledger=ledger, level=0, number=number, hashes=hashes)
        tile.id = tile.computed_id()
        tile.save(force_insert=True)
    whole = TileNodes(lambda level, number: _tile(leaves, level, number))
    for index, size in ((0, 10_240), (5_000, 10_240), (10_239, 10_240), (300, 512), (700, 768)):
        with django_assert_max_num_queries(5):
            path = inclusion_path(index, size, nodes_of(ledger.pk))
        assert path == inclusion_path(index, size, whole)


def _tile(leaves: list[bytes], level: int, number: int) -> bytes:
    if level == 0:
        return b"".join(leaves[number * 256 : number * 256 + 256])
    return b"".join(tile_root(b"".join(leaves[at : at + 256])) for at in range(0, len(leaves), 256))
