"""A ledger of plain values, damaged in every way its columns allow; the walk must name the place."""

import dataclasses
import datetime
import uuid

import pytest

from clinic.vocabulary import Role
from consent.ledger.encoding import encode_entry, parse_entry
from consent.ledger.entry import Actor, Entry
from consent.ledger.tree import Frontier, leaf_hash
from consent.ledger.verify import StoredEntry, StoredRoot, walk
from consent.vocabulary import EntryKind, Via

ORIGIN = "freely-given/" + "0" * 32
T = datetime.datetime(2027, 1, 15, 10, tzinfo=datetime.UTC)
SUBJECTS = (uuid.UUID(int=100), uuid.UUID(int=200))


def sound_ledger(size=9):
    """Entries and roots of two patients in turn, as the one pen would have stored them."""
    entries, roots, frontier, last = [], [], Frontier(), {}
    for index in range(size):
        subject, at = SUBJECTS[index % 2], T + datetime.timedelta(minutes=index)
        before = last.get(subject)
        body = encode_entry(
            Entry(
                id=uuid.UUID(int=index + 1),
                log=ORIGIN,
                kind=EntryKind.CONSENT_PROPOSED,
                subject=subject,
                sseq=before.sseq + 1 if before else 1,
                sprev=before.leaf_hash if before else None,
                occurred_at=at,
                recorded_at=at,
                actor=Actor(kind=Role.PRACTITIONER, ref=uuid.UUID(int=7), via=Via.STAFF),
                objects=(),
                history=(),
            )
        )
        stored = stored_from(body, index, before)
        frontier = frontier.append(leaf_hash(body))
        entries.append(stored)
        last[subject] = stored
        root = frontier.root().hex()
        roots.append(StoredRoot(id=stored.id, size=index + 1, root_hash=root, frontier=frontier.to_hex(), made_at=at))
    return entries, roots


def stored_from(body, index, before):
    entry = parse_entry(body)
    return StoredEntry(
        id=entry.id,
        index=index,
        kind=str(entry.kind),
        subject=entry.subject,
        sseq=entry.sseq,
        body=body,
        leaf_hash=leaf_hash(body).hex(),
        recorded_at=entry.recorded_at,
        previous_leaf=before.leaf_hash if before else None,
    )


def found(entries, roots):
    return [finding for step in walk(entries, roots, origin=ORIGIN) for finding in step.findings]


def codes(entries, roots):
    return [finding.what for finding in found(entries, roots)]


def test_a_sound_ledger_has_no_finding_and_gives_every_entry():
    entries, roots = sound_ledger()
    steps = list(walk(entries, roots, origin=ORIGIN))
    assert [step.entry.id for step in steps] == [stored.id for stored in entries]
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
        ("body", b"{}", "body"),
        ("previous_leaf", None, "stream-gap"),
        ("previous_leaf", "0" * 64, "stream-link"),
    ],
)
def test_a_changed_column_is_named(column, value, what):
    entries, roots = sound_ledger()
    entries[4] = dataclasses.replace(entries[4], **{column: value})
    findings = found(entries, roots)
    assert what in [finding.what for finding in findings]
    assert min(finding.index for finding in findings) == 4
    assert "Entry 4" in findings[0].sentence


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("id", uuid.UUID(int=99), "root-id"),
        ("size", 99, "cut-off"),
        ("root_hash", "0" * 64, "root"),
        ("frontier", ["0" * 64], "root"),
        ("frontier", 7, "root"),
        ("made_at", T, "root-time"),
    ],
)
def test_a_changed_root_is_named(column, value, what):
    entries, roots = sound_ledger()
    roots[4] = dataclasses.replace(roots[4], **{column: value})
    roots.sort(key=lambda root: root.size)
    assert codes(entries, roots) == [what]


def test_a_missing_entry_is_a_gap_and_only_that():
    entries, roots = sound_ledger()
    del entries[8]
    assert codes(entries, roots) == ["cut-off"]
    del entries[0]
    assert (found(entries, roots)[0].what, found(entries, roots)[0].index) == ("gap", 0)


def test_two_entries_with_one_index():
    entries, roots = sound_ledger()
    entries.insert(4, entries[4])
    assert "duplicate" in codes(entries, roots)


def test_swapped_entries_do_not_give_the_root():
    entries, roots = sound_ledger()
    entries[3], entries[5] = (
        dataclasses.replace(entries[5], index=3),
        dataclasses.replace(entries[3], index=5),
    )
    assert "root" in codes(entries, roots)


def test_a_body_rewritten_with_its_columns_does_not_give_the_root():
    entries, roots = sound_ledger()
    changed = dataclasses.replace(parse_entry(entries[8].body), kind=EntryKind.CONSENT_REFUSED)
    entries[8] = stored_from(encode_entry(changed), 8, entries[6])
    assert codes(entries, roots) == ["root"]


def test_an_entry_of_another_ledger_is_foreign():
    entries, roots = sound_ledger(1)
    body = encode_entry(dataclasses.replace(parse_entry(entries[0].body), log="freely-given/other"))
    assert "origin" in codes([stored_from(body, 0, None)], roots)


def test_the_last_entry_needs_a_root():
    entries, roots = sound_ledger()
    assert codes(entries, roots[:-1]) == ["root-missing"]
    assert codes(entries, []) == ["root-missing"]
    assert codes(entries, [roots[-1]]) == []


def test_a_clock_that_goes_back_is_a_finding_only_beyond_five_seconds():
    def step(seconds):
        first, second = T, T - datetime.timedelta(seconds=seconds)
        entries, _ = sound_ledger(2)
        entries = [
            dataclasses.replace(entry, recorded_at=at) for entry, at in zip(entries, (first, second), strict=True)
        ]
        return "clock" in codes(entries, [])

    assert step(6)
    assert not step(5)
