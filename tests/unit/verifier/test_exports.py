"""A whole ledger, exported: everything is computed again, and whatever disagrees is named."""

import io
import zipfile

import pytest

from tests.unit.verifier.small_log import (
    CLINIC,
    LOG,
    LOG_PQ,
    NINE,
    ORIGIN,
    SOCIETY,
    Log,
    as_zip,
    b64,
    canonical,
    note,
    opened_row,
    policy,
    root_of,
    tile_name,
    time,
)

ROW, OPENING = opened_row()
W1 = policy(CLINIC, quorum="w1")


def log_of(size: int, seal_every: int = 7, *witnesses: object) -> Log:
    log = Log()
    for number in range(size):
        log.add(who=f"person {number % 5}", object=[ROW] if number == 3 else [])
        if (number + 1) % seal_every == 0 or number + 1 == size:
            log.seal(*witnesses)  # type: ignore[arg-type]
    return log


@pytest.mark.parametrize("size", [1, 2, 7, 255, 256, 257, 511, 512, 513, 700])
def test_exports_of_many_sizes_are_proven(run, size):
    log = log_of(size, 100)
    code, said = run("export", as_zip(log.export()), policy=policy())
    assert code == 0
    assert f"PROVEN: all {size} entries of {ORIGIN} are those that the log signed." in said
    assert said.splitlines()[-1].startswith("Never anchored")


def test_a_folder_is_as_good_as_an_archive(run):
    assert run("export", log_of(20).export(), policy=policy())[0] == 0


def test_seventy_thousand_entries_need_three_levels_of_tiles(verify):
    """The sizes of the worked example of C2SP tlog-tiles; the tiles are made from made-up leaves."""
    leaves = [bytes([number % 251]) * 32 for number in range(70_000)]
    log = Log()
    log.add()
    files: dict[str, bytes] = {}
    log.bodies = []
    hashes, level = leaves, 0
    while hashes:
        for number in range(-(-len(hashes) // 256)):
            part = hashes[256 * number : 256 * number + 256]
            files[f"tile/{level}/" + tile_name(number, len(part))] = b"".join(part)
        full = [hashes[256 * at : 256 * at + 256] for at in range(len(hashes) // 256)]
        hashes, level = [verify.levels_of(part)[-1][0] for part in full], level + 1
    assert {"tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"} <= set(files)

    class Source:
        def open(self, name):
            return io.BytesIO(files[name])

    report = verify.Report()
    tiles = verify.Tiles(Source(), 70_000)
    tree = verify.Tree(tiles, report, "")
    for number in range(274):
        tree.add_bundle(leaves[256 * number : 256 * number + 256])
    assert report.code == 0
    assert tree.root_at(112) == tiles.root_at(70_000) == root_of(leaves)
    for size in (1, 255, 256, 257, 65_536, 65_537, 69_999):
        assert tiles.root_at(size) == root_of(leaves[:size])


def test_anchored_up_to_a_point_is_said_with_its_time(run):
    log = log_of(10)
    log.seal(CLINIC, at=NINE + 600)
    code, said = run("export", as_zip(log.export()), policy=W1)
    assert code == 0
    assert said.splitlines()[-1] == (
        f"Anchored: witnesses that meet the quorum 'w1' hold all 10 entries, since {time(NINE + 600)}."
    )
    log.add()
    log.add()
    log.seal()
    code, said = run("export", as_zip(log.export()), policy=W1)
    assert code == 0
    assert said.splitlines()[-1].startswith(f"Not anchored since {time(NINE + 600)}: the entries 10 to 11 came after")


def test_never_anchored_is_not_proven_when_the_policy_asks_for_witnesses(run):
    code, said = run("export", as_zip(log_of(3).export()), policy=W1)
    assert code == 1
    assert "NOT PROVEN: Never anchored" in said


def test_openings_are_checked_in_passing(run):
    log = log_of(20)
    log.openings = [{"index": 3, **OPENING}]
    assert run("export", as_zip(log.export()), policy=policy())[0] == 0
    log.openings = [{"index": 3, **OPENING, "open": {**OPENING["open"], "state": "refused"}}]
    code, said = run("export", as_zip(log.export()), policy=policy())
    assert (code, "Entry 3: The entry binds the row consent.consent" in said) == (1, True)
    for bad in (
        [{"index": 4, **OPENING}],
        [{"index": 20, **OPENING}],
        [{"index": 5, **OPENING}, {"index": 3}],
        [OPENING],
    ):
        log.openings = bad
        assert run("export", as_zip(log.export()), policy=policy())[0] in (1, 2)


# ---------------------------------------------------------------------------------------------------------- tampered


def test_every_byte_of_a_small_export_changed_is_found(verify):
    """Exhaustive over every file that says something."""
    log = Log()
    for _ in range(2):
        log.add(object=[ROW])
        log.seal(CLINIC)
    log.openings = [{"index": 1, **OPENING}]
    files = log.export()
    known = verify.policy_from(W1.encode())
    assert outcome(verify, files, known).code == 0
    for name in sorted(files.keys() - {"README.txt", "policy"}):
        data = files[name]
        for place in range(len(data)):
            changed = {**files, name: data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :]}
            # The newest note stands there twice: without its witness in one place it is as well anchored as before.
            is_redundant = "— witness".encode() in data[: place + 20].rpartition(b"\n")[2]
            assert outcome(verify, changed, known).code != 0 or is_redundant, (name, place)


class Files:
    """An export in memory."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def open(self, name: str):
        if name not in self.files:
            raise KeyError(name)
        return io.BytesIO(self.files[name])

    def has(self, name: str) -> bool:
        return name in self.files


def outcome(verify, files: dict[str, bytes], known):
    try:
        return verify.Export(Files(files), known).check()
    except verify.ContradictionError as error:
        return verify.Report(contradictions=[(error.sentence, error.notes)])
    except (verify.UnreadableError, KeyError) as error:
        return verify.Report(reasons=[str(error)])


def test_an_entry_changed_by_the_owner_of_the_database(run):
    log = log_of(30)
    log.bodies[11] = log.bodies[11].replace(b"consent.given", b"consent.refused")
    code, said = run("export", as_zip(log.export()), policy=policy())
    assert code == 1
    assert "CONTRADICTED: The log signed the root" in said
    assert said.count("----- signed statement, whole -----") >= 2
    assert log.notes[-1].strip() in said and log.notes[1].strip() in said


def test_every_entry_in_turn_rewritten_with_the_stolen_key_is_convicted_by_one_kept_checkpoint(run):
    """The attacker signs everything anew; a checkpoint that went out before stands against it."""
    for victim in range(12):
        honest, forged = log_of(12, 4), Log()
        kept = honest.notes[-1]
        for number in range(12):
            forged.add("consent.refused" if number == victim else "consent.given", who=f"person {number % 5}",
                       object=[ROW] if number == 3 else [])  # fmt: skip
            forged.seal()
        assert run("export", as_zip(forged.export()), policy=policy())[0] == 0
        code, said = run("compare", kept, as_zip(forged.export()), policy=policy())
        assert code == 1
        assert kept.strip() in said and forged.notes[-1].strip() in said
        assert "The log shows two histories" in said


def test_two_checkpoints_of_one_size(run):
    log = log_of(8, 4)
    forged = note(ORIGIN, 4, b"\1" * 32, [(LOG, NINE)])
    log.notes.insert(1, forged)
    code, said = run("export", as_zip(log.export()), policy=policy())
    assert code == 1
    assert forged.strip() in said and log.notes[0].strip() in said


def test_streams(run):
    log = Log()
    for number in range(6):
        log.add(who="ann", **({"sseq": 9} if number == 3 else {}))
    log.seal()
    code, said = run("export", as_zip(log.export()), policy=policy())
    assert (code, "Entry 3 says it is number 9 of its subject" in said) == (1, True)

    log = Log()
    for number in range(6):
        log.add(who="ann", **({"sprev": "0" * 64} if number == 3 else {}))
    log.seal()
    code, said = run("export", as_zip(log.export()), policy=policy())
    assert (code, "Entry 3 says it is number 4 of its subject and follows 0000" in said) == (1, True)


def test_streams_of_more_subjects_than_fit_in_memory(run, verify, monkeypatch):
    monkeypatch.setattr(verify, "HOT_SUBJECTS", 3)
    log = Log()
    for number in range(60):
        log.add(who=f"person {number * 7 % 11}", **({"sseq": 9} if number == 40 else {}))
    log.seal()
    code, said = run("export", as_zip(log.export()), policy=policy())
    assert code == 1
    assert "Entry 40 says it is number 9" in said
    assert said.count("CONTRADICTED") == 2  # that entry, and the one of the same subject after it


def test_an_entry_set_aside_on_record_leaves_a_number_out(run):
    def stream(*set_aside: str) -> tuple[int, str]:
        log = Log()
        log.add(who="ann")
        for kind in set_aside:
            log.add(kind, who=None)
        log.add(who="ann", sseq=3, sprev="7" * 64)
        log.add(who="ann", sseq=4)
        log.seal()
        log.streams.clear()
        return run("export", as_zip(log.export()), policy=policy())

    code, said = stream("entry.quarantined")
    assert (code, "Entry 2 follows an entry of its subject that was set aside on record." in said) == (0, True)
    code, said = stream("guard.manifest")
    assert (code, "Entry 2 says it is number 3 of its subject and follows 7777" in said) == (1, True)


def test_seen(run):
    log = log_of(10, 5)
    log.add(seen={"size": 5, "root": log.root(5).hex()})
    log.add(seen={"size": 3, "root": log.root(3).hex()})
    log.seal()
    assert run("export", as_zip(log.export()), policy=policy())[0] == 0
    log.add(seen={"size": 5, "root": "0" * 64})
    log.add(seen={"size": 14, "root": log.root(5).hex()})
    log.seal()
    code, said = run("export", as_zip(log.export()), policy=policy())
    assert code == 1
    assert "Entry 12 says it has seen the root" in said
    assert "Entry 13 says it has seen a tree of 14 entries, which did not exist before it" in said


def test_seen_far_back_is_computed_from_tiles(run):
    log = log_of(600, 1000)
    for size in (1, 255, 256, 300, 511, 512, 600):
        log.add(seen={"size": size, "root": log.root(size).hex()})
    log.seal()
    assert run("export", as_zip(log.export()), policy=policy())[0] == 0
    log.add(seen={"size": 300, "root": log.root(301).hex()})
    log.seal()
    assert run("export", as_zip(log.export()), policy=policy())[0] == 1


# --------------------------------------------------------------------------------------------------------- back-dated


@pytest.mark.parametrize(
    ("witness", "text"), [(CLINIC, W1), (SOCIETY, policy(SOCIETY, quorum="w1"))], ids=["Ed25519", "ML-DSA-44"]
)
def test_back_dated_by_one_second_beyond_the_skew(run, witness, text):
    for early, expected in [(5, 0), (6, 1)]:
        log = log_of(4)
        log.seal(witness, at=NINE + 1000)
        log.add("consent.given", at=NINE + 1000 - early)
        log.seal(at=NINE + 1010)
        code, said = run("export", as_zip(log.export()), policy=text)
        assert code == expected
        assert ("It is back-dated." in said) == bool(expected)
        if expected:
            assert f"Entry 4 (consent.given) says it was recorded at {time(NINE + 994)}" in said
            assert log.notes[1].strip() in said
            assert run("export", as_zip(log.export()), policy=text, skew=6)[0] == 0


def test_a_late_batch_that_says_so_is_no_finding(run):
    def late(*kinds: str) -> int:
        log = log_of(4)
        log.seal(CLINIC, at=NINE + 1000)
        for kind in kinds:
            is_system = kind in ("log.delayed", "clock.anomaly")
            log.add(kind, who=None if is_system else "ann", at=NINE + (1100 if is_system else 900))
        log.seal(at=NINE + 1110)
        return run("export", as_zip(log.export()), policy=W1)[0]

    assert late("log.delayed", "consent.given", "consent.refused") == 0
    assert late("clock.anomaly", "consent.given") == 0
    assert late("consent.given", "log.delayed") == 1
    assert late("consent.given") == 1


def test_a_late_batch_excuses_only_itself(run):
    log = log_of(4)
    log.seal(CLINIC, at=NINE + 1000)
    log.add("log.delayed", who=None, at=NINE + 1100)
    log.seal(at=NINE + 1101)
    log.add(at=NINE + 900)
    log.seal(at=NINE + 1102)
    assert run("export", as_zip(log.export()), policy=W1)[0] == 1


def test_a_time_that_only_the_log_states_rules_nothing_out(run):
    log = log_of(4)
    log.seal(signers=(LOG, LOG_PQ), at=NINE + 1000)
    log.add(at=NINE + 900)
    log.seal()
    assert run("export", as_zip(log.export()), policy=policy())[0] == 0


# ------------------------------------------------------------------------------------------------------------ refused


def test_left_out_entries(run):
    log = log_of(10, 5)
    files = log.export()
    short = log_of(5, 5).export()
    code, said = run("export", as_zip({**short, "checkpoints.txt": files["checkpoints.txt"]}), policy=policy())
    assert code == 1
    assert "The log signed a tree of 10 entries; the export shows 5: some are left out." in said


def test_a_foreign_entry_and_a_foreign_checkpoint(run):
    log = log_of(3)
    log.add(log="freely-given/other")
    log.seal()
    assert "Entry 3 belongs to the log freely-given/other" in run("export", as_zip(log.export()), policy=policy())[1]
    log = log_of(3)
    log.notes.insert(0, note("freely-given/other", 2, log.root(2), [(LOG, NINE)]))
    code, said = run("export", as_zip(log.export()), policy=policy())
    assert (code, "The policy knows no log named freely-given/other" in said) == (1, True)


def test_kinds_and_versions_of_the_future_are_refused_by_name(run):
    log = log_of(3)
    log.add("consent.imposed")
    log.add(v=2)
    log.add()
    log.seal()
    code, said = run("export", as_zip(log.export()), policy=policy())
    assert code == 2
    assert "entry 3: the kind of entry 'consent.imposed' is unknown here" in said
    assert "entry 4: version 2 of entries is unknown here" in said
    assert "CONTRADICTED" not in said


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("checkpoint", None, "checkpoint is missing in the export"),
        ("checkpoints.txt", None, "checkpoints.txt is missing"),
        ("tile/entries/000.p/9", None, "tile/entries/000.p/9 is missing"),
        ("tile/0/000.p/9", None, "tile/0/000.p/9 is missing"),
        ("tile/0/000.p/9", lambda data: data[:-1], "has 287 bytes instead of 288"),
        ("tile/entries/000.p/9", lambda data: data[:-1], "cut short"),
        ("tile/entries/000.p/9", lambda data: data + b"\0", "cut short"),
        ("tile/entries/000.p/9", lambda data: data + b"\0\0", "holds 10 entries instead of 9"),
        ("checkpoints.txt", lambda data: data[:-1], "cut short"),
        ("checkpoints.txt", lambda data: data + b"\n", "the length of a note was expected"),
        ("checkpoints.txt", lambda data: b"007" + data, "the length of a note was expected"),
        ("openings.ndjson", lambda data: b'{"index":1}', "openings.ndjson is cut short"),
        ("openings.ndjson", lambda data: b"nonsense\n", "a line of openings.ndjson: not JSON"),
        ("checkpoint", lambda data: data[:-3], "no signed note, or is cut short"),
        ("checkpoint", lambda data: b"\xff" + data, "not UTF-8"),
    ],
)
def test_a_broken_export_says_what_is_broken(run, name, change, reason):
    files = log_of(9).export()
    data = files.pop(name)
    code, said = run("export", as_zip({**files, **({name: change(data)} if change else {})}), policy=policy())
    assert (code, said.startswith("CANNOT BE READ")) == (2, True)
    assert reason in said


def test_tiles_that_are_not_those_of_the_entries(run):
    log = log_of(300, 300)
    for name in ("tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"):
        files = log.export()
        files[name] = files[name][:-32] + bytes(32)
        code, said = run("export", as_zip(files), policy=policy())
        assert (code, f"The tiles of level {name[5]} hold another hash" in said) == (1, True)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_archives_that_lie(run, tmp_path):
    data = as_zip(log_of(3).export())
    for length in range(0, len(data), 97):
        assert run("export", data[:length] or b"x", policy=policy())[0] == 2
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("checkpoint", "twice")
    assert "two files of one name" in run("export", buffer.getvalue(), policy=policy())[1]
    assert run("export", tmp_path / "nowhere", policy=policy())[0] == 2


def test_a_flipped_byte_anywhere_in_the_archive_never_fails_otherwise(run):
    data = as_zip(log_of(3).export())
    for place in range(0, len(data), 23):
        code, _ = run("export", data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :], policy=policy())
        assert code in (0, 1, 2)


def test_what_is_said_first_is_what_contradicts(run):
    """Finding one thing wrong does not hide another, and a break in reading does not hide a contradiction."""
    log = log_of(300, 100)
    log.bodies[5] = log.bodies[5].replace(b"consent.given", b"consent.refused")
    files = log.export()
    files["tile/entries/001.p/44"] = files["tile/entries/001.p/44"][:-1]
    code, said = run("export", as_zip(files), policy=policy())
    assert code == 1
    assert "CONTRADICTED: The log signed the root" in said and "CANNOT BE READ: tile/entries/001.p/44 is cut" in said


def test_the_canonical_helper_agrees(verify):
    assert verify.canonical({"b": [1, True], "a": "é"}) == canonical({"a": "é", "b": [1, True]})
    assert b64(b"\0" * 32) == verify.base64_text(b"\0" * 32)
