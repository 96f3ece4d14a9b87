import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.ledger.cosignatures import ed25519_cosigner
from consent.ledger.notes import ed25519_key
from consent.ledger.policy import Group, parse_policy
from consent.ledger.refusals import PolicyError, UnreadableError
from tests.log_world import ALLY, LOG_KEYS, MIRROR, policy

KEYS = [ed25519_cosigner(f"w{number}.example", ed25519_key(bytes([number]) * 32)).to_text() for number in range(1, 7)]
LOG_LINES = "".join(f"log {key.to_text()}\n" for key in LOG_KEYS)

# The example of C2SP tlog-policy with keys filled in.
SPEC_POLICY = f"""\
log {LOG_KEYS[0].to_text()}

witness X1 {KEYS[0]}
witness X2 {KEYS[1]}
witness X3 {KEYS[2]}
group X-witnesses 2 X1 X2 X3

witness Y1 {KEYS[3]}
witness Y2 {KEYS[4]}
witness Y3 {KEYS[5]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


@pytest.mark.parametrize(
    ("signers", "is_met"),
    [
        ("", False),
        ("X1 X2 X3", False),
        ("Y1 Y2 Y3", False),
        ("X1 Y1", False),
        ("X1 X3 Y2", True),
        ("X1 X2 X3 Y1 Y2 Y3", True),
        ("X1 X1 Y1", False),
        ("X-witnesses Y-witnesses", False),
        ("X-and-Y", False),
        ("none", False),
        ("X1 X2 y1", False),
    ],
)
def test_the_example_of_the_specification(signers, is_met):
    assert parse_policy(SPEC_POLICY).is_met_by(signers.split()) is is_met


def test_what_the_example_holds():
    read = parse_policy(SPEC_POLICY)
    assert [log.key for log in read.logs] == [LOG_KEYS[0]]
    assert [witness.name for witness in read.witnesses] == ["X1", "X2", "X3", "Y1", "Y2", "Y3"]
    assert read.groups[0] == Group("X-witnesses", 2, ("X1", "X2", "X3"))
    assert (read.groups[1].least, read.groups[2].least, read.quorum) == (1, 2, "X-and-Y")
    assert parse_policy(read.to_text()) == read


def test_both_keys_of_one_log_stand_on_two_lines():
    read = parse_policy(LOG_LINES + "quorum none\n")
    assert read.log_keys(LOG_KEYS[0].name) == LOG_KEYS == read.keys()
    assert read.log_keys("another") == ()
    assert read.is_met_by([]) and not read.asks_for_witnesses()


def test_a_single_witness_can_be_the_quorum():
    read = parse_policy(policy("Mirror").to_text())
    assert read == policy("Mirror")
    assert read.is_met_by(["Mirror"]) and not read.is_met_by(["Ally"])
    assert read.asks_for_witnesses()


def test_blanks_comments_and_addresses():
    read = parse_policy(
        f"# whom we believe\n \t\n\tlog\t{LOG_KEYS[0].to_text()}  https://clinic.example/log \t\n   # more\n"
        f"witness A {ALLY.to_text()} https://ally.example\nquorum A\n"
    )
    assert (read.logs[0].url, read.witnesses[0].url) == ("https://clinic.example/log", "https://ally.example")
    assert parse_policy(read.to_text()) == read


def test_names_are_bytes_and_compared_as_they_are_written():
    kelvin = f"witness K {KEYS[0]}\nwitness \u212a {KEYS[1]}\nwitness ".encode() + f"\udcff {KEYS[2]}\n".encode(
        "utf-8", "surrogateescape"
    )
    read = parse_policy(kelvin + b"quorum \xff\n")
    assert len({witness.name for witness in read.witnesses}) == 3
    assert parse_policy(read.to_text()) == read
    with pytest.raises(PolicyError, match="Line 4: \ufffd\ufffd is neither"):
        parse_policy(kelvin + b"quorum \xff\xff\n")


W = f"witness A {KEYS[0]}\n"
BAD_POLICIES = {
    "empty": ("", 0),
    "no quorum": (W, 0),
    "cut off": (W + "quorum A", 2),
    "carriage returns": (W.replace("\n", "\r\n") + "quorum A\r\n", 1),
    "a null": ("# \0\nquorum none\n", 1),
    "delete": ("# \x7f\nquorum none\n", 1),
    "an unknown word": ("quorum none\nwitnesses A\n", 2),
    "a word in capitals": ("Quorum none\n", 1),
    "two quorums": ("quorum none\nquorum none\n", 2),
    "quorum of two": (W + "quorum A A\n", 2),
    "quorum of nobody": ("quorum\n", 1),
    "quorum of a later witness": ("quorum A\n" + W, 1),
    "a log without a key": ("log\nquorum none\n", 1),
    "a log with too much": (f"log {LOG_KEYS[0].to_text()} a b\nquorum none\n", 1),
    "a log twice": (LOG_LINES + f"log {LOG_KEYS[0].to_text()}\nquorum none\n", 3),
    "a log with a witness's key": (f"log {ALLY.to_text()}\nquorum none\n", 1),
    "a log with a bad key": ("log x+00000000+AAAA\nquorum none\n", 1),
    "a witness without a key": ("witness A\nquorum none\n", 1),
    "a witness with a log's key": (f"witness A {LOG_KEYS[0].to_text()}\nquorum none\n", 1),
    "a witness twice": (W + f"witness B {KEYS[0]}\nquorum none\n", 2),
    "a witness with the same key under another name": (
        W + f"witness B {ed25519_cosigner('other', ed25519_key(bytes([1]) * 32)).to_text()}\nquorum none\n",
        2,
    ),
    "a name twice": (W + f"witness A {KEYS[1]}\nquorum none\n", 2),
    "a witness called none": (f"witness none {KEYS[0]}\nquorum none\n", 1),
    "a group called none": (W + "group none any A\nquorum none\n", 2),
    "a group called as a witness": (W + "group A any A\nquorum A\n", 2),
    "a group without members": (W + "group G any\nquorum G\n", 2),
    "a group of a later witness": ("group G any A\n" + W + "quorum G\n", 1),
    "a group of itself": ("group G any G\nquorum G\n", 1),
    "a group of none": ("group G any none\nquorum G\n", 1),
    "a member twice": (W + "group G 1 A A\nquorum G\n", 2),
    "a member of two groups": (W + "group G any A\ngroup H any A\nquorum H\n", 3),
    "none of one": (W + "group G 0 A\nquorum G\n", 2),
    "two of one": (W + "group G 2 A\nquorum G\n", 2),
    "a number with zeroes": (W + "group G 01 A\nquorum G\n", 2),
    "some of one": (W + "group G some A\nquorum G\n", 2),
    "digits of another script": (W + "group G \u0661 A\nquorum G\n", 2),
    "a no-break blank": (W + "quorum\u00a0A\n", 2),
    "too long": ("#" * 1_000_001 + "\n", 0),
    "half a surrogate": ("# \ud800\nquorum none\n", 0),
}


@pytest.mark.parametrize(("text", "line"), BAD_POLICIES.values(), ids=BAD_POLICIES)
def test_a_malformed_policy_is_refused_by_its_line(text, line):
    with pytest.raises(PolicyError) as refusal:
        parse_policy(text)
    assert refusal.value.line == line
    assert refusal.value.reason.startswith(f"Line {line}: " if line else "")
    refusal.value.reason.encode()


def test_many_nested_groups_are_read():
    lines = "".join(f"group g{number} all {'A' if number == 0 else f'g{number - 1}'}\n" for number in range(5000))
    read = parse_policy(W + lines + "quorum g4999\n")
    assert read.is_met_by(["A"]) and not read.is_met_by([])


@given(st.integers(1, 6), st.data())
def test_a_group_is_met_by_k_of_its_members(count, data):
    least = data.draw(st.integers(1, count))
    signers = data.draw(st.sets(st.sampled_from([f"W{number}" for number in range(6)])))
    lines = "".join(f"witness W{number} {KEYS[number]}\n" for number in range(count))
    members = " ".join(f"W{number}" for number in range(count))
    read = parse_policy(f"{lines}group G {least} {members}\nquorum G\n")
    assert read.is_met_by(signers) is (len(signers & set(members.split())) >= least)


@given(st.lists(st.sampled_from(SPEC_POLICY.splitlines()), max_size=12), st.integers(0, 400), st.binary(max_size=3))
def test_lines_in_any_order_are_read_or_refused(lines, place, garbage):
    data = "".join(f"{line}\n" for line in lines).encode()
    try:
        read = parse_policy(data[:place] + garbage + data[place:])
    except UnreadableError:
        return
    assert parse_policy(read.to_text()) == read


def test_a_witness_key_of_either_kind_is_taken():
    assert [witness.key for witness in policy().witnesses] == [ALLY, MIRROR]
