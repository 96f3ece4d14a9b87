"""Anybody hands in a slip: what is proven is said, what is wrong is refused with its reason, two stories are shown."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clinic import clock
from consent.actions.promise_entry import promise_entry
from consent.keys.log_keys import signer_for
from consent.ledger.checkpoints import read_checkpoint, sign_checkpoint
from consent.ledger.cosignatures import mldsa_key, mldsa_verifier
from consent.ledger.notes import ed25519_key, ed25519_verifier
from consent.ledger.policy import NOBODY, LogKey, Policy
from consent.ledger.slip_text import slip_of
from consent.ledger_store.seal import seal_all
from consent.models import Consent, KnownCheckpoint, Ledger, LedgerCheckpoint, LedgerEntry
from consent.queries.receipt_files import proof_file
from consent.queries.receipts import newest_slip_about, proof_of
from consent.queries.slip_check import Verdict, judge
from tests.clock import MovableClock
from tests.factories import House
from tests.integration.consent_pages.people import address, text_of

FOREIGN = "freely-given/0000000000000000000000000000feed"


def newest(consent: Consent) -> LedgerEntry:
    entry = newest_slip_about(consent)
    assert entry is not None
    return entry


@pytest.fixture
def entry(house: House) -> LedgerEntry:
    return newest(house.informed())


def slip_of_entry(entry: LedgerEntry) -> str:
    proof = proof_of(entry)
    assert proof is not None
    return proof.slip().to_text()


def file_of_entry(entry: LedgerEntry, *, with_entry: bool = True) -> str:
    proof = proof_of(entry)
    assert proof is not None
    return proof_file(proof, with_entry=with_entry)


def hand_in(text: str = "", file: str | bytes | None = None) -> Any:
    what: dict[str, Any] = {"text": text}
    if file is not None:
        what["file"] = SimpleUploadedFile("slip", file.encode() if isinstance(file, str) else file)
    return Client().post(address("log-check"), what)


def verdict(response: Any) -> str:
    found = re.search(r'data-verdict="([^"]*)"', text_of(response))
    assert found, text_of(response)
    return found.group(1)


def signed_slip(
    *, origin: str, size: int, root: bytes, index: int = 0, seeds: tuple[bytes, bytes] | None = None
) -> str:
    """A slip of a log of which we hold the keys: somebody else's, or, without seeds, our own stolen ones."""
    if seeds is None:
        signer = signer_for(Ledger.objects.get(origin=origin).pk)
        ed25519, mldsa = signer.ed25519, signer.mldsa44
    else:
        ed25519, mldsa = ed25519_key(seeds[0]), mldsa_key(seeds[1])
    text = sign_checkpoint(origin=origin, size=size, root=root, ed25519=ed25519, mldsa=mldsa, at_seconds=1)
    note, checkpoint = read_checkpoint(text)
    key_id = ed25519_verifier(origin, ed25519).key_id
    return slip_of(checkpoint=checkpoint, note=note, index=index, leaf=bytes(32), key_id=key_id).to_text()


SEEDS = (bytes(range(32)), bytes(range(32, 64)))


@pytest.fixture
def known_neighbour(settings, tmp_path: Path) -> None:
    """A clinic elsewhere, whose keys our policy file names."""
    keys = (ed25519_verifier(FOREIGN, ed25519_key(SEEDS[0])), mldsa_verifier(FOREIGN, mldsa_key(SEEDS[1])))
    path = tmp_path / "policy"
    policy = Policy(logs=tuple(LogKey(key=key) for key in keys), witnesses=(), groups=(), quorum=NOBODY)
    path.write_text(policy.to_text())
    settings.LEDGER_POLICY_FILE = path


def test_a_slip_and_its_file_are_proven_and_the_page_is_honest(entry: LedgerEntry) -> None:
    for response in (
        hand_in(slip_of_entry(entry)),
        hand_in(file=file_of_entry(entry)),
        hand_in(file_of_entry(entry)),
        hand_in("\r\n  " + slip_of_entry(entry).replace("\n", " \r\n") + "\r\n\r\n"),
    ):
        assert verdict(response) == "proven"
        said = text_of(response)
        assert "Never anchored" in said
        assert not re.search(r"\bok\b", said.partition("<main")[2], re.IGNORECASE)
        assert "informed" not in said, "the page shows what the entry is about"
    assert KnownCheckpoint.objects.count() == 2, "one statement with one signature, one with both"


def test_a_file_without_the_entry_asks_for_the_slip(entry: LedgerEntry) -> None:
    response = hand_in(file=file_of_entry(entry, with_entry=False))
    assert verdict(response) == "unreadable"
    assert "hand in the slip" in text_of(response)


def test_one_wrong_character_is_refused_wherever_it_is(entry: LedgerEntry) -> None:
    text, at = slip_of_entry(entry), clock.now()
    for place, character in enumerate(text):
        for other in "A0\n":
            if other != character:
                wrong = text[:place] + other + text[place + 1 :]
                found = judge(wrong.encode(), at=at)
                assert found.verdict is Verdict.UNREADABLE, (place, other, found)
                assert found.sentences[0]
    assert not KnownCheckpoint.objects.exists()


def test_a_slip_whose_check_was_made_to_fit_is_not_proven(entry: LedgerEntry) -> None:
    """Somebody who changes a slip can compute the check again, not the signature."""
    lines = slip_of_entry(entry).split("\n")[:-1]
    for place, wrong in ((2, "0 999"), (4, lines[3])):
        changed = [*lines[:place], wrong, *lines[place + 1 :]]
        changed.append(hashlib.sha256("\n".join(changed).encode()).hexdigest()[:8])
        response = hand_in("\n".join(changed))
        assert verdict(response) == "not-proven"
    assert not KnownCheckpoint.objects.exists()


def test_another_leaf_or_place_under_the_same_head_is_a_contradiction(entry: LedgerEntry) -> None:
    lines = slip_of_entry(entry).split("\n")[:-1]
    index, size = lines[2].split(" ")
    changed = [*lines[:2], f"{int(index) - 1} {size}", *lines[3:]]
    changed.append(hashlib.sha256("\n".join(changed).encode()).hexdigest()[:8])
    response = hand_in("\n".join(changed))
    assert verdict(response) == "contradicted"


@pytest.mark.parametrize(
    "text",
    ["hello", "FG9\n", "FG1\n", "FGP1\na\nb", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v7\nindex 0\n\n", "\x00",
     "freely-given/promise/v1\n", "freely-given/promise/v2\nx\n\n", "\N{PILE OF POO}" * 50, "9" * 19_000],
)  # fmt: skip
def test_what_is_no_slip_is_refused_with_a_reason(house: House, text: str) -> None:
    response = hand_in(text)
    assert response.status_code in {200, 422}
    if response.status_code == 200:
        assert verdict(response) == "unreadable"


def test_files_that_are_no_text_or_too_large_are_refused(house: House) -> None:
    assert verdict(hand_in(file=b"\xff\xfe\x00" * 40)) == "unreadable"
    assert hand_in(file=b"x" * 500_001).status_code == 422
    assert hand_in().status_code == 422
    assert verdict(hand_in(file=b"PK\x03\x04zip")) == "unreadable"


def test_truncated_files_never_prove_anything(entry: LedgerEntry) -> None:
    whole, at = file_of_entry(entry).encode(), clock.now()
    for end in range(0, len(whole), 97):
        assert judge(whole[:end], at=at).verdict is not Verdict.PROVEN
    assert judge(whole + b"x", at=at).verdict is not Verdict.PROVEN
    assert judge(whole + b"\n", at=at).verdict is not Verdict.PROVEN


def test_a_restored_backup_is_found_by_a_later_slip(entry: LedgerEntry) -> None:
    """The slip speaks of more entries than there are: the newest ones are gone."""
    response = hand_in(signed_slip(origin=entry.ledger.origin, size=500, root=bytes(32), index=499))
    assert verdict(response) == "contradicted"
    said = text_of(response)
    assert "Entries are missing" in said
    assert said.count("A signed statement, whole") == 2
    assert KnownCheckpoint.objects.filter(size=500).exists(), "the statement was not kept"


def test_a_rewritten_list_is_found_by_any_slip(house: House, entry: LedgerEntry) -> None:
    """The same keys signed another root for the same size: both statements are shown whole."""
    head = LedgerCheckpoint.objects.order_by("-size")[0]
    response = hand_in(signed_slip(origin=entry.ledger.origin, size=head.size, root=bytes(32)))
    assert verdict(response) == "contradicted"
    assert head.note.split("\n")[0] in text_of(response)
    house.informed()
    response = hand_in(signed_slip(origin=entry.ledger.origin, size=head.size, root=bytes(32)))
    assert verdict(response) == "contradicted"


def test_a_slip_of_a_log_nobody_knows_is_neither_confirmed_nor_kept(house: House) -> None:
    response = hand_in(signed_slip(origin=FOREIGN, size=9, root=bytes(32), seeds=SEEDS))
    assert verdict(response) == "unknown-log"
    assert not KnownCheckpoint.objects.exists()


@pytest.mark.usefixtures("known_neighbour")
def test_a_slip_of_a_neighbour_is_kept_and_convicts_it_of_two_stories(house: House) -> None:
    first = hand_in(signed_slip(origin=FOREIGN, size=9, root=bytes(32), seeds=SEEDS))
    assert verdict(first) == "proven"
    assert "does not know whether anybody outside" in text_of(first)
    assert "does not prove that the entry stands" in text_of(first)
    again = hand_in(signed_slip(origin=FOREIGN, size=9, root=bytes(32), seeds=SEEDS))
    assert verdict(again) == "proven"
    assert KnownCheckpoint.objects.count() == 1
    kept = KnownCheckpoint.objects.get()
    assert kept.pk == kept.computed_id()
    split = hand_in(signed_slip(origin=FOREIGN, size=9, root=bytes(31) + b"x", seeds=SEEDS))
    assert verdict(split) == "contradicted"
    assert text_of(split).count("A signed statement, whole") == 2


def test_a_policy_file_nobody_can_read_takes_nothing_away(entry: LedgerEntry, settings, tmp_path: Path) -> None:
    settings.LEDGER_POLICY_FILE = tmp_path / "nothing-here"
    assert verdict(hand_in(slip_of_entry(entry))) == "proven"
    (tmp_path / "garbage").write_text("quorum nobody\n")
    settings.LEDGER_POLICY_FILE = tmp_path / "garbage"
    assert verdict(hand_in(slip_of_entry(entry))) == "proven"


def test_a_broken_promise_is_called_one(house: House, settings, movable_clock: MovableClock) -> None:
    settings.LEDGER_SEALING = "service"
    entry = newest(house.informed())
    note = promise_entry(entry=entry)
    assert "The time has not passed yet" in text_of(hand_in(note))
    movable_clock.forward(seconds=70)
    broken = hand_in(note)
    assert verdict(broken) == "contradicted"
    assert "The promise was broken" in text_of(broken)
    seal_all(entry.ledger_id)
    assert "The promise was kept" in text_of(hand_in(note))


def test_a_promise_changed_by_one_character_is_refused(house: House, settings) -> None:
    settings.LEDGER_SEALING = "service"
    note = promise_entry(entry=newest(house.informed()))
    for wrong in (note.replace("Z\n", "0Z\n"), note.replace("/v1", "/v2"), note[:-1], note.replace(":0", ":1", 1)):
        assert judge(wrong.encode(), at=clock.now()).verdict not in {Verdict.PROVEN, Verdict.CONTRADICTED}


def test_who_asks_too_often_waits(house: House) -> None:
    browser = Client(REMOTE_ADDR="192.0.2.7")
    answers = [browser.post(address("log-check"), {"text": "FG1"}).status_code for _try in range(61)]
    assert set(answers[:60]) == {200}
    assert answers[60] == 429
    assert browser.get(address("log-check")).status_code == 200


def test_the_poster_speaks_every_language_of_the_house(db: None) -> None:
    page = text_of(Client().get(address("log-poster")))
    assert "No slip, no record." in page
    assert 'lang="en"' in page
    assert 'lang="zh-hans"' in page
