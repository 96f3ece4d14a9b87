"""A ledger of plain values, damaged in every way its columns allow; the walk must name the place."""

import dataclasses
import datetime
import uuid

import pytest

from clinic.vocabulary import Role
from consent.ledger.cosignatures import mldsa_verifier
from consent.ledger.encoding import encode_entry, parse_entry
from consent.ledger.entry import Actor, Entry, Seen
from consent.ledger.notes import ed25519_key, ed25519_verifier
from consent.ledger.tree import Frontier, leaf_hash
from consent.ledger.verify import Cosigned, StoredCheckpoint, StoredEntry, check_entry, walk
from consent.vocabulary import EntryKind, Via
from tests import log_world

ORIGIN = log_world.ORIGIN
KEYS = log_world.LOG_KEYS
T = datetime.datetime(2027, 1, 15, 10, tzinfo=datetime.UTC)
SUBJECTS = (uuid.UUID(int=100), uuid.UUID(int=200))
MINUTE = datetime.timedelta(minutes=1)


def entry(index, before=None, **changes):
    """One entry of a patient's stream, as its bytes say it."""
    values = {
        "id": uuid.UUID(int=index + 1),
        "log": ORIGIN,
        "kind": EntryKind.CONSENT_PROPOSED,
        "subject": SUBJECTS[index % 2],
        "sseq": before.sseq + 1 if before else 1,
        "sprev": before.leaf_hash if before else None,
        "occurred_at": T + index * MINUTE,
        "recorded_at": T + index * MINUTE,
        "actor": Actor(kind=Role.PRACTITIONER, ref=uuid.UUID(int=7), via=Via.STAFF),
        "objects": (),
        "history": (),
    }
    return Entry(**(values | changes))


def system_entry(index, kind, **changes):
    nobody = Actor(kind=Role.ADMINISTRATOR, ref=None, via=Via.SYSTEM)
    return entry(index, kind=kind, subject=None, sseq=None, sprev=None, actor=nobody, **changes)


def stored(said, index, before=None):
    """The row that an entry gives."""
    body = encode_entry(said)
    return StoredEntry(
        id=said.id,
        index=index,
        kind=str(said.kind),
        subject=said.subject,
        sseq=said.sseq,
        body=body,
        leaf_hash=leaf_hash(body).hex(),
        place_hash=leaf_hash(body).hex(),
        recorded_at=said.recorded_at,
        previous_leaf=before.leaf_hash if before else None,
    )


def heads_over(entries, sizes=None):
    """Signed checkpoints as the sealer leaves them, at the time of the last entry they cover."""
    heads, frontier = [], Frontier()
    for row in entries:
        frontier = frontier.append(leaf_hash(row.body))
        if sizes is not None and frontier.size not in sizes:
            continue
        at = row.recorded_at.replace(microsecond=0)
        note = log_world.sign_checkpoint(
            origin=ORIGIN,
            size=frontier.size,
            root=frontier.root(),
            ed25519=log_world.LOG,
            mldsa=log_world.LOG_MLDSA,
            at_seconds=int(at.timestamp()),
        )
        heads.append(
            StoredCheckpoint(
                id=row.id,
                size=frontier.size,
                root_hash=frontier.root().hex(),
                frontier=frontier.to_hex(),
                note=note,
                made_at=at,
            )
        )
    return heads


def sound_ledger(size=9, sizes=None):
    """Entries of two patients in turn and the checkpoints over them; one for each entry unless sizes are named."""
    entries, last = [], {}
    for index in range(size):
        before = last.get(index % 2)
        last[index % 2] = stored(entry(index, before), index, before)
        entries.append(last[index % 2])
    return entries, heads_over(entries, sizes)


def found(entries, heads, **options):
    steps = walk(entries, heads, origin=ORIGIN, **({"keys": lambda _size: KEYS} | options))
    return [finding for step in steps for finding in step.findings]


def codes(entries, heads, **options):
    return [finding.what for finding in found(entries, heads, **options)]


@pytest.mark.parametrize("sizes", [None, {9}, {4, 9}])
def test_a_sound_ledger_has_no_finding_and_gives_every_entry(sizes):
    entries, heads = sound_ledger(sizes=sizes)
    steps = list(walk(entries, heads, origin=ORIGIN, keys=lambda _size: KEYS))
    assert [step.entry.id for step in steps] == [row.id for row in entries]
    assert not [finding for step in steps for finding in step.findings]


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("id", uuid.UUID(int=99), "column-id"),
        ("kind", "consent.given", "column-kind"),
        ("subject", uuid.UUID(int=99), "column-subject"),
        ("sseq", 7, "column-sseq"),
        ("recorded_at", T, "column-recorded_at"),
        ("leaf_hash", "0" * 64, "leaf-hash"),
        ("place_hash", "0" * 64, "place-hash"),
        ("body", b"{}", "body"),
        ("previous_leaf", None, "stream-gap"),
        ("previous_leaf", "0" * 64, "stream-link"),
    ],
)
def test_a_changed_column_is_named(column, value, what):
    entries, heads = sound_ledger()
    entries[4] = dataclasses.replace(entries[4], **{column: value})
    findings = found(entries, heads)
    assert what in [finding.what for finding in findings]
    assert min(finding.index for finding in findings) == 4
    assert "Entry 4" in findings[0].sentence


NOTE_OF_SOMEBODY_ELSE = log_world.checkpoint_note(5, b"\x07" * 32)


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("id", uuid.UUID(int=99), {"root-id"}),
        ("size", 99, {"cut-off"}),
        ("root_hash", "0" * 64, {"note", "root"}),
        ("frontier", ["0" * 64], {"root"}),
        ("frontier", 7, {"root"}),
        ("made_at", T - 5 * MINUTE, {"root-time"}),
        ("note", "", {"note"}),
        ("note", "freely-given/x\n5\n", {"note"}),
        ("note", NOTE_OF_SOMEBODY_ELSE, {"note", "root-time"}),
    ],
)
def test_a_changed_checkpoint_is_named(column, value, what):
    entries, heads = sound_ledger()
    heads[4] = dataclasses.replace(heads[4], **{column: value})
    heads.sort(key=lambda head: head.size)
    findings = found(entries, heads)
    assert {finding.what for finding in findings} == what
    assert "size 99" in findings[0].sentence if column == "size" else "size 5" in findings[0].sentence


def test_every_checkpoint_is_signed_by_exactly_the_keys_of_its_size():
    entries, heads = sound_ledger(4)
    stranger = (ed25519_verifier(ORIGIN, ed25519_key(b"x" * 32)), mldsa_verifier(ORIGIN, log_world.WITNESS_MLDSA))
    assert codes(entries, heads, keys=lambda size: stranger if size == 3 else KEYS) == ["signature"]
    assert codes(entries, heads, keys=lambda _size: KEYS[:1]) == ["signature"] * 4, "one line too many"
    assert codes(entries, heads, keys=lambda _size: ()) == [], "no keys: signatures are not looked at"


def test_one_signature_line_less_is_named():
    entries, heads = sound_ledger(2)
    shorter = heads[1].note.rstrip("\n").rpartition("\n")[0] + "\n"
    heads[1] = dataclasses.replace(heads[1], note=shorter)
    assert codes(entries, heads) == ["signature"]


def test_a_damaged_signature_is_named():
    entries, heads = sound_ledger(2)
    lines = heads[1].note.split("\n")
    lines[4] = lines[4][:-20] + ("A" if lines[4][-20] != "A" else "B") + lines[4][-19:]
    heads[1] = dataclasses.replace(heads[1], note="\n".join(lines))
    assert codes(entries, heads) == ["signature"]


def test_a_missing_entry_is_a_gap_and_only_that():
    entries, heads = sound_ledger()
    del entries[8]
    assert codes(entries, heads) == ["cut-off"]
    del entries[0]
    assert (found(entries, heads)[0].what, found(entries, heads)[0].index) == ("gap", 0)


def test_the_last_entry_a_checkpoint_covers_is_looked_for():
    entries, heads = sound_ledger(sizes={4, 9})
    del entries[3]
    assert codes(entries, heads)[:2] == ["gap", "root-size"]


def test_two_entries_with_one_index():
    entries, heads = sound_ledger()
    entries.insert(4, entries[4])
    assert "duplicate" in codes(entries, heads)


def test_swapped_entries_do_not_give_the_root():
    entries, heads = sound_ledger()
    entries[3], entries[5] = dataclasses.replace(entries[5], index=3), dataclasses.replace(entries[3], index=5)
    assert "root" in codes(entries, heads)


def test_a_body_rewritten_with_its_columns_does_not_give_the_root():
    entries, heads = sound_ledger()
    changed = dataclasses.replace(parse_entry(entries[8].body), kind=EntryKind.CONSENT_REFUSED)
    entries[8] = stored(changed, 8, entries[6])
    assert codes(entries, heads) == ["root"]


def test_an_entry_of_another_ledger_is_foreign():
    row = stored(entry(0, log="freely-given/other"), 0)
    assert codes([row], heads_over([row])) == ["origin"]


def test_the_last_entry_needs_a_checkpoint():
    entries, heads = sound_ledger()
    assert codes(entries, heads[:-1]) == ["root-missing"]
    assert codes(entries, []) == ["root-missing"]
    assert codes(entries, [heads[-1]]) == [], "older checkpoints are worth nothing once a newer one stands"


def shifted(entries, place, back):
    """The ledger with one entry that claims another time, and everything around it made to fit."""
    claimed = parse_entry(entries[place].body)
    at = claimed.recorded_at - back
    entries[place] = stored(
        dataclasses.replace(claimed, recorded_at=at, occurred_at=at), place, entries[place - 2] if place > 1 else None
    )
    return entries


SKEW = datetime.timedelta(seconds=5)  # written out, so that nobody widens it by changing one number
BEYOND = (datetime.timedelta(seconds=1), datetime.timedelta(microseconds=1))  # a whole second, and what times can tell


@pytest.mark.parametrize(
    ("back", "is_named"),
    [(SKEW + BEYOND[0], True), (SKEW + BEYOND[1], True), (SKEW, False), (SKEW - BEYOND[1], False), (-MINUTE, False)],
)
def test_a_clock_that_went_back_behind_the_last_checkpoint_is_a_finding_beyond_five_seconds(back, is_named):
    """Entry 7 comes a minute after the head in front of it; put back by more, it claims to be older than that head."""
    entries, _heads = sound_ledger(8)
    entries = shifted(entries, 7, MINUTE + back)
    sealed = heads_over(entries, {7, 8})
    assert codes(entries, sealed) == (["clock"] if is_named else [])


def test_within_one_batch_times_may_stand_in_any_order():
    entries, _heads = sound_ledger(8)
    entries = shifted(entries, 7, 30 * MINUTE)
    assert codes(entries, heads_over(entries, {8})) == []


@pytest.mark.parametrize("kind", [EntryKind.LOG_DELAYED, EntryKind.CLOCK_ANOMALY])
@pytest.mark.parametrize(("place", "expected"), [(2, []), (3, ["clock"])])
def test_a_batch_that_says_first_why_it_is_late_is_excused(kind, place, expected):
    """Only as the first entry of its batch: anywhere else the words explain nothing."""
    entries, _heads = sound_ledger(2)
    detail = {"reason": "waited", "seconds": 60, "entries": 1} if kind is EntryKind.LOG_DELAYED else {"seconds_back": 9}
    late = entry(2, entries[0], recorded_at=T - MINUTE, occurred_at=T - MINUTE)
    rows = [system_entry(9, kind, detail=detail), late]
    if place == 3:
        rows.reverse()
    before = {late.id: entries[0]}
    entries += [stored(said, 2 + number, before.get(said.id)) for number, said in enumerate(rows)]
    assert codes(entries, heads_over(entries, {2, 4})) == expected


def test_an_excuse_speaks_for_its_own_batch_only():
    entries, _heads = sound_ledger(2)
    delayed = system_entry(9, EntryKind.LOG_DELAYED, detail={"reason": "waited", "seconds": 60, "entries": 1})
    entries.append(stored(delayed, 2))
    entries.append(stored(entry(2, entries[0], recorded_at=T - MINUTE), 3, entries[0]))
    assert codes(entries, heads_over(entries, {2, 3, 4})) == ["clock"]


@pytest.mark.parametrize(
    ("back", "is_named"),
    [(SKEW + BEYOND[0], True), (SKEW + BEYOND[1], True), (SKEW, False), (SKEW - BEYOND[1], False)],
)
def test_an_entry_older_than_what_somebody_outside_signed_without_it_is_back_dated(back, is_named):
    """Found without our clock: the checkpoints themselves claim nothing here."""
    entries, heads = sound_ledger(4)
    root = heads[1].root_hash
    at = entries[2].recorded_at + back
    outside = [Cosigned(size=2, root=root, cosigned_at=at)]
    findings = found(entries, heads, cosigned=outside)
    assert [(finding.what, finding.index) for finding in findings] == ([("back-dated", 2)] if is_named else [])


def test_the_latest_outside_signature_bounds():
    entries, heads = sound_ledger(6)
    early = Cosigned(size=4, root=heads[3].root_hash, cosigned_at=T)
    late = Cosigned(size=2, root=heads[1].root_hash, cosigned_at=T + 90 * MINUTE)
    assert codes(entries, heads, cosigned=[late, early]) == ["back-dated"] * 4


def test_what_an_entry_has_seen_must_have_been_there():
    entries, heads = sound_ledger(3)
    roots = [head.root_hash for head in heads]

    def with_seen(size, root, *, cosigned_root=None):
        row = stored(entry(3, entries[1], seen=Seen(size=size, root=root)), 3, entries[1])
        rows = [*entries, row]
        outside = [Cosigned(size=2, root=cosigned_root or roots[1], cosigned_at=T)]
        return codes(rows, heads_over(rows), cosigned=outside)

    assert with_seen(2, roots[1]) == []
    assert with_seen(2, roots[0]) == ["seen"], "another history"
    assert with_seen(4, roots[1]) == ["seen"], "it cannot have seen itself"
    assert with_seen(3, roots[0]) == [], "nobody outside has signed this size; there is nothing to compare it with"


@pytest.mark.parametrize("start", range(1, 9))
def test_reading_can_start_at_any_checkpoint(start):
    entries, heads = sound_ledger()
    assert codes(entries[start:], heads[start:], start=heads[start - 1]) == []
    entries[8] = dataclasses.replace(entries[8], place_hash="0" * 64)
    assert codes(entries[start:], heads[start:], start=heads[start - 1]) == ["place-hash"]


@pytest.mark.parametrize(
    ("column", "value"), [("frontier", []), ("frontier", "x"), ("frontier", ["0" * 64]), ("root_hash", "0" * 64)]
)
def test_reading_does_not_start_at_a_damaged_checkpoint(column, value):
    entries, heads = sound_ledger(3)
    damaged = dataclasses.replace(heads[0], **{column: value})
    with pytest.raises(ValueError, match=r"frontier|bytes"):
        codes(entries[1:], heads[1:], start=damaged)


def test_an_entry_that_waits_is_read_alone():
    entries, _heads = sound_ledger(3)
    waiting = dataclasses.replace(entries[2], index=None)
    assert check_entry(waiting, origin=ORIGIN).findings == ()
    (finding,) = check_entry(dataclasses.replace(waiting, kind="consent.given"), origin=ORIGIN).findings
    assert (finding.what, finding.index) == ("column-kind", None)
    assert finding.sentence.startswith("Waiting entry")
