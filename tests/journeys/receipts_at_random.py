"""Receipts, good and bad, from a fixed seed: what a clinic writes, what a forger would, and what a bad copy leaves.

`case(number)` is always the same receipt and the same policy. Keys are Ed25519 only, because that is all a browser can
check. An edit of bytes spoils mostly the writing; the others write everything anew, so that one meaning alone is wrong.
"""

import base64
import contextlib
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import Any

from tests.journeys.quick_signers import FastSigner, quick
from tests.unit.verifier.small_log import (
    NINE,
    ORIGIN,
    Log,
    Signer,
    b64,
    canonical,
    note,
    opened_row,
    path_to,
    policy,
    root_of,
    sha,
    time,
)

CASES_A_LOG = 40
Row = dict[str, Any]


OWN = quick(ORIGIN, 1)
NEXT = FastSigner(ORIGIN, 1, sha(b"the key after a rotation"))
STRANGER = FastSigner(ORIGIN, 1, sha(b"a key of nobody we know"))
OTHER_ORIGIN = "freely-given/00000000000000000000000000000001"
OTHER = quick(OTHER_ORIGIN, 1)
ODD_NAMES = ["证", "\udcff", "a\udcff", "a\u00a0b", "a\u0085", "\u200b", "\ufeff", "a\x1fb"]
WITNESSES = [quick(f"witness.example/{name}", 4) for name in ("clinic", "society", "village", "证人")]
UNKNOWN_WITNESS = quick("witness.example/unknown", 4)


@dataclass(frozen=True)
class Case:
    """A receipt in its parts, the policy it is read with, and how it was made."""

    made_by: str
    leaves: tuple[bytes, ...]
    entry: bytes
    openings: tuple[Any, ...]
    index: int
    size: int
    root: bytes
    origin: str
    signers: tuple[Signer, ...]
    policy: bytes
    path: tuple[bytes, ...]
    at: int = NINE
    more_lines: str = ""
    raw: bytes | None = None

    def text(self) -> bytes:
        if self.raw is not None:
            return self.raw
        extra = b64(canonical({"entry": self.entry.decode(), "openings": list(self.openings)}))
        steps = "".join(f"{b64(step)}\n" for step in self.path)
        signed = note(self.origin, self.size, self.root, [(each, self.at) for each in self.signers])
        head = f"c2sp.org/tlog-proof@v1\nextra {extra}\nindex {self.index}\n{steps}\n"
        return head.encode() + signed.encode() + self.more_lines.encode()

    def sealed_anew(self, entry: bytes) -> "Case":
        """The same with another entry in its place, in a tree that the log has signed with it."""
        leaves, index = [*self.leaves], self.index % len(self.leaves)
        leaves[index] = sha(b"\0" + entry)
        path = tuple(path_to(index, leaves))
        return replace(self, index=index, entry=entry, leaves=tuple(leaves), root=root_of(leaves), path=path)


def case(number: int) -> Case:
    """One receipt and its policy, always the same for a number."""
    random = Random(f"freely given {number}")  # noqa: S311  no secret: always the same
    good = _good(random, number // CASES_A_LOG)
    if random.random() < 0.25:
        return good
    kind = random.choice(list(EDITS))
    edited = EDITS[kind](random, good)
    if random.random() < 0.1:
        second = random.choice(list(EDITS))
        with contextlib.suppress(KeyError, IndexError, TypeError, ValueError):  # nothing left there to edit
            edited, kind = EDITS[second](random, edited), f"{kind} and {second}"
    return replace(edited, made_by=kind)


# ------------------------------------------------------------------------------------------------------- good receipts


def _good(random: Random, log_number: int) -> Case:
    log, rows = _log(log_number)
    index, leaves = random.randrange(len(log.bodies)), log.leaves
    known = random.sample(WITNESSES, random.randint(0, 4))
    here = random.sample(WITNESSES, random.randint(0, 4))
    shown = [_some_closed(random, opening) for opening in rows[index] if random.random() < 0.6]
    signers: list[Signer] = [OWN, *here]
    if random.random() < 0.1:
        signers.insert(random.randint(0, 1), NEXT)
    if random.random() < 0.1:
        signers.append(UNKNOWN_WITNESS)
    return Case(
        made_by="good", leaves=tuple(leaves), entry=log.bodies[index], openings=tuple(shown), index=index,
        size=len(leaves), root=root_of(leaves), origin=ORIGIN, signers=tuple(signers),
        policy=_policy(random, known, here), path=tuple(path_to(index, leaves)), at=NINE + random.randrange(10**6),
    )  # fmt: skip


@cache
def _log(number: int) -> tuple[Log, list[list[Row]]]:
    """A log of 1 to 40 entries, and for each entry the openings of its rows."""
    random, log, rows = Random(f"log {number}"), Log(), []  # noqa: S311  no secret: always the same
    for place in range(random.randint(1, 40)):
        pairs = [_row(random, f"{number}/{place}/{each}") for each in range(random.randint(0, 3))]
        split = random.randint(0, len(pairs))
        other: dict[str, Any] = {
            "object": [row for row, _ in pairs[:split]],
            "history": [row for row, _ in pairs[split:]],
        }
        if random.random() < 0.4:
            other["detail"] = _detail(random)
        if place and random.random() < 0.3:
            other["seen"] = {"size": random.randint(1, place), "root": log.root(1).hex()}
        if random.random() < 0.2:
            other["text"] = {"sheet": "iud", "version": "3", "language": "zh-Hans", "digest": sha(b"words").hex()}
        if random.random() < 0.2:
            other["veil"] = [sha(b"veil").hex()]
        kinds = {"key.rotated": None, "sheet.published": None, "consent.given": "ann", "consent.withdrawn": "bea"}
        kind = random.choice(list(kinds))
        log.add(kind, kinds[kind], **other)
        rows.append([opening for _, opening in pairs])
    return log, rows


def _row(random: Random, name: str) -> tuple[Row, Row]:
    """A bound row and its opening, with values of every kind."""
    _, opening = opened_row(random.choice(["consent.consent", "consent.hold"]), sha(name.encode()).hex()[:32])
    salt = sha(b"row" + name.encode())
    values = {f"f{number}": _value(random, 3) for number in range(random.randint(0, 3))}
    values |= {"reason": '她说：我还没有决定 <&\u2028\u007f"\\ \U0001f600 e\u0301', "__proto__": 1, "10": -7, "9": 0}
    opening = {**opening, "open": {**opening["open"], "n": 2**53 - 1, "none_given": False}}
    salts = {field: sha(salt + field.encode()) for field in values}
    opening["veiled"] = {field: {"salt": salts[field].hex(), "value": value} for field, value in values.items()}
    digest = sha(canonical(_closed(opening))).hex()
    return {"model": opening["model"], "key": opening["key"], "digest": digest}, opening


def _closed(opening: Row) -> Row:
    veiled = {
        field: sha(b"freely-given/veil/v1\0" + bytes.fromhex(part["salt"]) + canonical(part["value"])).hex()
        for field, part in opening["veiled"].items()
    }
    return {**opening, "veiled": veiled}


def _some_closed(random: Random, opening: Row) -> Row:
    closed = _closed(opening)["veiled"]
    veiled = {field: part if random.random() < 0.5 else closed[field] for field, part in opening["veiled"].items()}
    return {**opening, "veiled": veiled}


def _value(random: Random, depth: int) -> Any:
    if depth and random.random() < 0.3:
        return [_value(random, depth - 1) for _ in range(random.randint(0, 3))]
    if depth and random.random() < 0.3:
        return {f"k{number}": _value(random, depth - 1) for number in range(random.randint(0, 3))}
    return random.choice(["", "yes", "\n\t\x01", "中", True, False, 0, -1, 1 - 2**53, "\U0010ffff"])


def _detail(random: Random) -> Row:
    atoms = ["a", "UTF-8", "x" * 128, 0, -5, 2**53 - 1, True, False, [], ["b", 1, False]]
    return {random.choice("abcxyz") + "_" * each: random.choice(atoms) for each in range(random.randint(1, 4))}


def _policy(random: Random, known: list[FastSigner], here: list[FastSigner]) -> bytes:
    """Mostly one that the receipt meets."""
    text = policy(*known, quorum="QUORUM", logs=[OWN, NEXT] if random.random() < 0.3 else [OWN])
    met = [f"w{place}" for place, witness in enumerate(known, 1) if witness in here]
    names = [f"w{place}" for place in range(1, len(known) + 1)]
    quorum, groups = "none", ""
    if met and random.random() < 0.7:
        quorum = random.choice(met)
        if len(names) > 1 and random.random() < 0.6:
            quorum, groups = "g", f"group g {random.choice(['any', str(len(met)), '1'])} {' '.join(names)}\n"
    return text.replace("quorum QUORUM", f"{groups}quorum {quorum}").encode()


# --------------------------------------------------------------------------------------------------------------- edits

LIKELY = [b"\n", b"\r\n", b"\n\n", b" ", b"\t", b"9" * 400, b"=", b"-0", b"\xff", b"\0", b"\xef\xbb\xbf",
          "— ".encode(), "\u2028".encode(), b"+", b"/", b"0", b"#"]  # fmt: skip


def _bytes_edited(random: Random, data: bytes) -> bytes:
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        at = random.randrange(len(data) + 1)
        match random.choice(["flip", "flip", "cut", "put", "end", "double"]):
            case "flip" if at < len(data):
                data = data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :]
            case "cut":
                data = data[:at] + data[at + random.choice([1, 2, 44, 45, 500]) :]
            case "put":
                data = data[:at] + random.choice(LIKELY) + data[at:]
            case "end":
                data = data[:at]
            case _:
                data = data[:at] + data[max(0, at - random.choice([1, 45, 90])) :]
    return data


def edit_bytes(random: Random, good: Case) -> Case:
    return replace(good, raw=_bytes_edited(random, good.text()))


def edit_lines(random: Random, good: Case) -> Case:
    lines = good.text().split(b"\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    match random.choice(["swap", "drop", "double", "blank"]):
        case "swap":
            lines[one], lines[other] = lines[other], lines[one]
        case "drop":
            del lines[one]
        case "double":
            lines.insert(one, lines[one])
        case _:
            lines[one] = random.choice(
                [lines[one] + b" ", b" " + lines[one], lines[one].swapcase(), lines[one] + b"\r"]
            )
    return replace(good, raw=b"\n".join(lines))


def edit_inside_extra(random: Random, good: Case) -> Case:
    """Edits the JSON inside, and encodes it properly again."""
    lines = good.text().split(b"\n")
    if len(lines) < 2 or not lines[1].startswith(b"extra "):
        return edit_bytes(random, good)
    try:
        inside = _json_edited(random, base64.b64decode(lines[1][6:]))
    except ValueError:  # an earlier edit left no base64
        return edit_bytes(random, good)
    lines[1] = b"extra " + base64.b64encode(inside)
    return replace(good, raw=b"\n".join(lines))


def _json_edited(random: Random, data: bytes) -> bytes:
    """Canonical JSON, spoilt in its writing or in one value."""
    edits: list[Callable[[bytes], bytes]] = [
        lambda text: _bytes_edited(random, text),
        lambda text: text.replace(b'"v', rb'"\u0076', 1),
        lambda text: text.replace(b"/", rb"\/", 1),
        lambda text: text.replace(b":1", b":1.0", 1),
        lambda text: text.replace(b":1", b":1e0", 1),
        lambda text: text.replace(b":0", b":-0", 1),
        lambda text: text.replace(b"9007199254740991", b"9007199254740992"),
        lambda text: text.replace(b"9007199254740991", b"9007199254740993"),
        lambda text: text.replace(b'"yes"', rb'"\ud800"'),
        lambda text: text.replace(b'"yes"', rb'"\ud83d\ude00"'),
        lambda text: text.replace(b'"yes"', b"null"),
        lambda text: text.replace(b'"yes"', b"[" * (depth := random.randint(5, 18)) + b"]" * depth),
        lambda text: text.replace(b'"yes"', b"[" * (depth := random.randint(5, 18)) + b"1" + b"]" * depth),
        lambda text: text.replace(b"{", b'{"a":1,', 1),
        lambda text: text.replace(b"{", b'{"":1,', 1),
        lambda text: text.replace(b"}", b',"z":1}', 1),
        lambda text: text.replace(b",", b", ", 1),
        lambda text: text.replace(b"true", b"false").replace(b'"yes"', b'"no"'),
        lambda text: _twice(random, text),
    ]
    return random.choice(edits)(data)


def _twice(random: Random, text: bytes) -> bytes:
    """The same key given twice, once with another value: only the last, or the first, would be read."""
    places = [place for place in range(len(text)) if text[place : place + 2] == b',"']
    if not places:
        return text
    start = random.choice(places)
    return text[:start] + text[start : text.find(b",", start + 1)] + text[start:]


STRANGE: list[Any] = [
    None, True, 0, 1, 2, -1, 1.5, 2**53 - 1, 2**53, "", "a", "A" * 32, "a" * 32, "a" * 64, "a" * 63 + "\n", [],
    {}, [[]],
    "2027-02-29T00:00:00.000000Z", "2028-02-29T23:59:59.999999Z", "2027-01-15T24:00:00.000000Z",
    "2027-01-15T23:59:60.000000Z", "0000-01-01T00:00:00.000000Z", "2027-01-15T10:00:00.00000Z",
    "2027-01-15T10:00:00.000000+00:00", "٢٠٢٧-01-15T10:00:00.000000Z", "2100-02-29T00:00:00.000000Z",
    "2027-00-10T10:00:00.000000Z", "2027-01-00T10:00:00.000000Z", "consent.given", "key.rotated", "consent.unheard-of",
    {"kind": "patient", "via": "own-card"}, {"kind": "patient", "via": "command"}, {"kind": "patient", "via": "system"},
    {"kind": "patient", "ref": "a" * 32, "via": "system"}, {"kind": "king", "ref": "a" * 32, "via": "staff"},
    {"a": []}, {"a": [[]]}, {"a": {}}, {"A": 1}, {"a" * 65: 1}, {"a": "x" * 129}, {"a": "-x"}, {"a": "她"}, {"a": -5},
    {"a": None}, {"__proto__": 1}, {"constructor": "x"}, {"a": "", "b": 1}, {"a": 2**53}, {"a": [1 - 2**53, -(2**53)]},
    {"size": 0, "root": "a" * 64}, {"size": 1, "root": "a" * 64}, {"size": 2**53, "root": "a" * 64}, {"size": 1},
    [{"model": "a.b", "key": "a" * 32, "digest": "a" * 64}], [{"model": "a.b", "key": "a" * 32, "digest": "A" * 64}],
    [{"model": "a.b", "key": "a" * 32, "digest": "a" * 64}] * 2,
    [{"model": "A.b", "key": "a" * 32, "digest": "a" * 64}],
    [{"model": "a.b.c", "key": "a" * 32, "digest": "a" * 64}], [{"model": "a.b", "key": "a" * 32}], ["a" * 64] * 2,
    {"sheet": "a", "version": "1", "language": "en", "digest": "a" * 64}, {"sheet": "a", "version": 1}, ["A" * 64],
    ORIGIN, OTHER_ORIGIN, ORIGIN.upper(), "a" * 127, "a" * 128, "/a",
]  # fmt: skip
KEYS = ["v", "id", "log", "type", "subject", "sseq", "sprev", "occurred_at", "recorded_at", "actor", "object",
        "history", "text", "veil", "detail", "seen", "__proto__", "toString", "more"]  # fmt: skip


def edit_entry(random: Random, good: Case) -> Case:
    """One field of the entry is strange; or, every third time, its writing. The log has signed it so."""
    try:
        value = json.loads(good.entry)
        assert isinstance(value, dict)
    except (ValueError, AssertionError):
        return edit_bytes(random, good)
    if random.random() < 0.33:
        body = _json_edited(random, good.entry)
        return good.sealed_anew(body) if _is_text(body) else good
    key = random.choice(KEYS)
    if random.random() < 0.2:
        value.pop(key, None)
    else:
        value[key] = random.choice(STRANGE)
    if random.random() < 0.1:
        value["object"] = [
            {"model": "a.b", "key": f"{each:032x}", "digest": "a" * 64} for each in range(random.choice([500, 600]))
        ]
    return good.sealed_anew(canonical(value))


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def edit_entry_after(_random: Random, good: Case) -> Case:
    """The entry says something else than what was sealed."""
    return replace(good, entry=good.entry.replace(b"given", b"refused"))


def edit_openings(random: Random, good: Case) -> Case:
    openings = json.loads(json.dumps(list(good.openings)))
    if not openings:
        strange = [{"model": "consent.consent", "key": "a" * 32, "open": {}, "veiled": {}}, {}, [], "x", 1, None]
        return replace(good, openings=(random.choice(strange),))
    random.choice([_row_changed, _veil_changed])(random, random.choice(openings))
    if random.random() < 0.2:
        openings.append(random.choice(openings))
    return replace(good, openings=tuple(openings))


def _row_changed(random: Random, one: Row) -> None:
    match random.randrange(4):
        case 0:
            one["open"]["state"] = random.choice(STRANGE)
        case 1:
            one[random.choice(["model", "key", "open", "veiled", "index", "more"])] = random.choice(STRANGE)
        case 2:
            one.pop(random.choice(list(one)))
        case _:
            one["open"], one["veiled"] = one["veiled"], one["open"]


def _veil_changed(random: Random, one: Row) -> None:
    parts = [{"salt": "A" * 64, "value": 1}, {"value": 1}, {"salt": "a" * 64, "value": 1, "more": 1}]
    parts.append({"salt": "a" * 64, "value": random.choice(STRANGE)})
    one["veiled"]["reason"] = random.choice([*parts, random.choice(STRANGE)])
    if random.random() < 0.2:
        one["veiled"].pop(random.choice(list(one["veiled"])))


def edit_place(random: Random, good: Case) -> Case:
    """Another index, size, path or root; the log has signed it, or not."""
    sizes = [good.size + 1, good.size - 1, 0, 1, 2**53 - 1, 2**53, 2**60, 10**19, good.size * 2]
    indexes = [good.index + 1, max(0, good.index - 1), good.size, good.size - 1, 2**53 - 1, 2**53, 10**15, 10**16]
    match random.randrange(6):
        case 0:
            return replace(good, index=random.choice(indexes))
        case 1:
            return replace(good, size=random.choice(sizes))
        case 2:
            return replace(good, root=sha(b"another tree"))
        case 3:
            path = list(good.path) + [sha(b"more")] * random.choice([1, 1, 63, 64])
            return replace(good, path=tuple(path))
        case 4:
            path = list(good.path)
            random.shuffle(path)
            return replace(good, path=tuple(path))
        case _:
            return replace(good, path=good.path[:-1], index=good.index // 2)


def edit_origin(random: Random, good: Case) -> Case:
    """The checkpoint of another log; known or not, signed by its own key or by ours."""
    strangers = [
        (STRANGER,),
        (OTHER,),
        (OTHER, OWN),
        (FastSigner(OTHER_ORIGIN, 1, OWN.seed),),
        (OWN, OTHER),
        (OWN, STRANGER),
    ]
    known = good.policy if random.random() < 0.5 else f"log {OTHER.vkey}\n".encode() + good.policy
    origin = random.choice([OTHER_ORIGIN, ORIGIN, "", "a b", "Ä"])
    return replace(good, origin=origin, signers=random.choice(strangers), policy=known)


def edit_lines_below(random: Random, good: Case) -> Case:
    """More signature lines: wrong ones of known keys, of unknown keys, too short, too many, with odd times."""
    known = random.choice([OWN, NEXT, OTHER, STRANGER, *WITNESSES, UNKNOWN_WITNESS])
    blank = bytes(random.choice([0, 1, 63, 64, 65, 72, 73]))
    foreign = note(ORIGIN, good.size, sha(b"other"), [(known, NINE)]).split("\n\n")[1]
    late = known.sign(good.origin, good.size, good.root, random.choice([0, 253402300799, 253402300800, 2**63]))
    as_witness = replace(OWN, type=4).sign(good.origin, good.size, good.root, NINE)
    mldsa = FastSigner(ORIGIN, 1, known.seed)
    lines = [
        known.line(blank), foreign, late, as_witness, mldsa.line(struct.pack(">Q", NINE) + bytes(2420)),
        known.line(bytes(64)) * random.choice([2, 62, 63, 64]),
        UNKNOWN_WITNESS.line(bytes(72)) * random.choice([30, 64]),
        "— name\n", "— a b c\n", "- name AAAAAAAA\n", "— a+b AAAAAAAA\n", "— a\u00a0b AAAAAAAA\n", "— ä AAAAAAAA\n",
        "— a AAAAAAB=\n", "— a AAAAAA==\n", "— a \n", "\n", "extension\n", "\n— a AAAAAAAA\n",
    ]  # fmt: skip
    more = f"log {OTHER.vkey}\n".encode() if random.random() < 0.3 else b""
    return replace(good, more_lines=good.more_lines + random.choice(lines), policy=more + good.policy)


def edit_policy(random: Random, good: Case) -> Case:
    """A policy that asks for more, for less, or that cannot be read."""
    key, other = WITNESSES[0], UNKNOWN_WITNESS
    lines = [
        f"log {OWN.vkey}", f"log {NEXT.vkey}", f"log {STRANGER.vkey}", f"witness x {key.vkey}",
        f"witness x {other.vkey}", f"witness none {other.vkey}", f"witness x {replace(OWN, type=4).vkey}",
        f"log {replace(other, type=1).vkey}",
        f"log {OWN.vkey[:-1]}", f"log {OWN.vkey.replace('+', '+0', 1)}", f"witness x {OWN.vkey}", f"log {key.vkey}",
        f"witness x {other.vkey} https://example.org", f"witness x {other.vkey} a b", f"log {STRANGER.vkey} u",
        "group h any w1", "group h 0 w1", "group h 2 w1", "group h 1 w1 w1", "group h all w1 w2", "group h 01 w1",
        "group h 1 h", "group none any w1", "group g 2 w1 w2 w3", "group w1 any w2", "group h", "group h any",
        "quorum none", "quorum w1", "quorum w2", "quorum g", "quorum h", "quorum", "quorum a b", "quorum ",
        "# a comment", "#", "   ", "\t", "unknown", "Log x", "log", "witness", "log\u00a0x",
        "witness \udcff " + other.vkey,
        "witness \udcfe " + other.vkey + "\nwitness \udcff " + WITNESSES[0].vkey, "# \udcff",
        "log \udcff" + STRANGER.vkey,
        "quorum none\nquorum none", "\x7f", "# \x7f", "\x00", "a\r", f"witness 证 {other.vkey}\nquorum 证",
        *(f"log {FastSigner(name, 1, STRANGER.seed).vkey}" for name in ODD_NAMES),
        *(f"witness x {FastSigner(name, 4, STRANGER.seed).vkey}" for name in ODD_NAMES),
    ]  # fmt: skip
    if random.random() < 0.15:
        return replace(good, policy=_bytes_edited(random, good.policy))
    had = good.policy.split(b"\n")[:-1]
    if random.random() < 0.5:
        had = [line for line in had if not line.startswith(b"quorum")]
    if random.random() < 0.2:
        random.shuffle(had)
    line = random.choice(lines).encode("utf-8", "surrogateescape")
    had.insert(random.randint(0, len(had)), line.replace(b" ", random.choice([b" ", b"\t", b"  "])))
    if random.random() < 0.4:
        had.append(random.choice([b"quorum none", b"quorum w1", b"quorum h", b"quorum x"]))
    return replace(good, policy=b"\n".join(had) + (b"" if random.random() < 0.05 else b"\n"))


def edit_other_log(random: Random, good: Case) -> Case:
    """The parts of two receipts, mixed."""
    other = _good(random, random.randrange(10))
    part = random.choice(
        [("entry",), ("index",), ("path",), ("root", "size"), ("openings",), ("policy",), ("signers",)]
    )
    return replace(good, **{name: getattr(other, name) for name in part})


def edit_time(random: Random, good: Case) -> Case:
    """A row, or a time, just outside what the format allows."""
    value = json.loads(good.entry)
    value["recorded_at"] = time(NINE + random.randrange(86400)).replace("0", random.choice("0123456789"), 1)
    return good.sealed_anew(canonical(value))


EDITS: dict[str, Callable[[Random, Case], Case]] = {
    "bytes": edit_bytes,
    "lines": edit_lines,
    "inside extra": edit_inside_extra,
    "entry": edit_entry,
    "entry after sealing": edit_entry_after,
    "openings": edit_openings,
    "place": edit_place,
    "origin": edit_origin,
    "lines below": edit_lines_below,
    "policy": edit_policy,
    "another log": edit_other_log,
    "time": edit_time,
}
