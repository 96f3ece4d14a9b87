import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.ledger.cosignatures import mldsa_verifier
from consent.ledger.notes import (
    MOST_SIGNATURES,
    KeyKind,
    NoteSignature,
    VerifierKey,
    ed25519_key,
    ed25519_line,
    ed25519_verifier,
    parse_note,
    signed_note,
    verify_note,
)
from consent.ledger.refusals import NoteError, SignatureError, UnknownSignerError, UnreadableError
from tests.log_world import LOG, LOG_MLDSA, ORIGIN, STRANGER, checkpoint_note

# The note in the documentation of golang.org/x/mod/sumdb/note (BSD-3-Clause), signed there by two keys.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
PETERS_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETERS_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)
ENOCHS_LINE = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ="
GO_NOTE = f"{GO_TEXT}\n{PETERS_LINE}\n{ENOCHS_LINE}\n"

# The note shown in C2SP signed-note; its key is not published, its text has an empty line inside.
SPEC_NOTE = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)

# Verifier keys of the example of C2SP signed-note and of the tests of transparency-dev/formats (Apache-2.0).
PUBLISHED_KEYS = [
    PETER,
    ENOCH,
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6",
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
]


@pytest.mark.parametrize("text", PUBLISHED_KEYS)
def test_a_published_key_is_read_and_written_alike(text):
    assert VerifierKey.from_text(text).to_text() == text


def test_the_note_that_go_signed_is_verified_with_both_keys():
    checked = verify_note(parse_note(GO_NOTE), [VerifierKey.from_text(PETER), VerifierKey.from_text(ENOCH)])
    assert [item.key.name for item in checked] == ["PeterNeumann", "EnochRoot"]


def test_we_sign_as_go_does():
    key = ed25519_key(PETERS_SEED)
    assert ed25519_verifier("PeterNeumann", key).to_text() == PETER
    assert ed25519_line("PeterNeumann", key, GO_TEXT) == PETERS_LINE


def test_the_note_of_the_specification_is_split_at_its_last_empty_line():
    note = parse_note(SPEC_NOTE)
    assert note.text.endswith("sole:\n\ned è subito sera.\n")
    assert (note.signatures[0].name, note.signatures[0].key_id.hex()) == ("quasimodo.example/salvatore", "367ba04b")
    assert note.to_text() == SPEC_NOTE


BAD_NOTES = {
    "nothing": "",
    "no signature": "text\n\n",
    "no empty line": f"text\n{PETERS_LINE}\n",
    "text without its line break": f"{PETERS_LINE}\n",
    "last line break missing": GO_NOTE[:-1],
    "cut off in the signature": GO_NOTE[:-20],
    "cut off in the signature, with line break": GO_NOTE[:-20] + "\n",
    "one empty line more": GO_NOTE + "\n",
    "something behind the signatures": GO_NOTE + "more\n",
    "a carriage return": GO_NOTE.replace("\n", "\r\n"),
    "a tab": GO_NOTE.replace("think", "think\t"),
    "a null": GO_NOTE.replace("think", "think\0"),
    "hyphen for dash": GO_NOTE.replace("—", "-"),
    "two blanks": GO_NOTE.replace("PeterNeumann ", "PeterNeumann  "),
    "a blank at the end": GO_NOTE.replace("JnAM=\n", "JnAM= \n"),
    "no name": GO_NOTE.replace("PeterNeumann", ""),
    "a plus in the name": GO_NOTE.replace("PeterNeumann", "Peter+Neumann"),
    "a no-break blank in the name": GO_NOTE.replace("PeterNeumann", "Peter\u00a0Neumann"),
    "a line separator in the name": GO_NOTE.replace("PeterNeumann", "Peter\u2028Neumann"),
    "no padding": GO_NOTE.replace("JnAM=\n", "JnAM\n"),
    "stray bits": GO_NOTE.replace("JnAM=\n", "JnAN=\n"),
    "base64 for addresses": GO_NOTE.replace("x08go/", "x08go_"),
    "base64 of four bytes": f"{GO_TEXT}\n— PeterNeumann x08gow==\n",
    "bad UTF-8": GO_NOTE.encode().replace(b"think", b"th\xffnk"),
    "half a surrogate": GO_NOTE.replace("think", "th\ud800nk"),
    "too many signatures": GO_TEXT + "\n" + f"{PETERS_LINE}\n" * (MOST_SIGNATURES + 1),
    "too long": "x" * 1_000_000 + GO_NOTE,
}


@pytest.mark.parametrize("note", BAD_NOTES.values(), ids=BAD_NOTES)
def test_a_malformed_note_is_refused(note):
    with pytest.raises(NoteError) as refusal:
        parse_note(note)
    assert refusal.value.reason.endswith(".")


def test_sixty_four_signatures_are_read():
    assert len(parse_note(GO_TEXT + "\n" + f"{PETERS_LINE}\n" * MOST_SIGNATURES).signatures) == MOST_SIGNATURES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("c74f20a3", "74f20a3"),
        PETER.replace("PeterNeumann", "Peter Neumann"),
        PETER.replace("PeterNeumann", ""),
        PETER + "=",
        PETER[:-4],
        PETER + "\n",
        "PeterNeumann+c74f20a3+",
        "PeterNeumann+c74f20a3+Ag==",
        PETER.replace("PeterNeumann", "Peter\udc80"),
    ],
)
def test_a_malformed_key_is_refused(text):
    with pytest.raises(NoteError):
        VerifierKey.from_text(text)


def test_a_signature_by_nobody_we_know_says_nothing():
    note = parse_note(checkpoint_note(1, bytes(32)))
    with pytest.raises(UnknownSignerError):
        verify_note(note, [ed25519_verifier("another", STRANGER)])


def test_the_same_name_with_another_key_is_passed_over():
    note = parse_note(checkpoint_note(1, bytes(32)))
    keys = [ed25519_verifier(ORIGIN, STRANGER), ed25519_verifier(ORIGIN, LOG)]
    assert [item.key for item in verify_note(note, keys)] == keys[1:]


def test_one_wrong_signature_of_a_known_key_spoils_the_note():
    wrong = ed25519_line("EnochRoot", STRANGER, GO_TEXT)
    signature = NoteSignature.from_line(wrong)
    forged = NoteSignature("EnochRoot", VerifierKey.from_text(ENOCH).key_id, signature.signature)
    note = parse_note(signed_note(GO_TEXT, [PETERS_LINE, forged.to_line()]))
    assert len(verify_note(note, [VerifierKey.from_text(PETER)])) == 1
    with pytest.raises(SignatureError, match=r"EnochRoot \(key af0cfe78\) is wrong"):
        verify_note(note, [VerifierKey.from_text(PETER), VerifierKey.from_text(ENOCH)])


def test_a_key_that_is_no_place_on_the_curve_verifies_nothing():
    bad = VerifierKey("PeterNeumann", KeyKind.ED25519, b"\x02" + bytes(30) + b"\x80")
    signature = NoteSignature("PeterNeumann", bad.key_id, bytes(64))
    with pytest.raises(SignatureError):
        verify_note(parse_note(signed_note(GO_TEXT, [signature.to_line()])), [bad])


def test_a_plain_check_does_not_take_a_cosigners_key():
    note = parse_note(checkpoint_note(1, bytes(32)))
    with pytest.raises(SignatureError):
        verify_note(note, [mldsa_verifier(ORIGIN, LOG_MLDSA)])


def test_a_note_that_could_not_be_read_is_not_written():
    for text, lines in [
        ("text", [PETERS_LINE]),
        ("text\n", []),
        ("text\n", ["no line"]),
        ("text\n", [f"\n{PETERS_LINE}"]),
        ("text\n", [f"{PETERS_LINE}\n{PETERS_LINE}\n"]),
        ("a\0\n", [PETERS_LINE]),
    ]:
        with pytest.raises(NoteError):
            signed_note(text, lines)


LINE_TEXT = st.text(st.characters(codec="utf-8", exclude_characters=[chr(number) for number in range(32)]))
NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="+"), min_size=1, max_size=20)
SIGNATURES = st.builds(NoteSignature, NAMES, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=90))


@given(st.lists(LINE_TEXT, min_size=1, max_size=5), st.lists(SIGNATURES, min_size=1, max_size=4))
def test_what_was_written_is_read_again(lines, signatures):
    text = "".join(f"{line}\n" for line in lines)
    note = parse_note(signed_note(text, [signature.to_line() for signature in signatures]))
    assert (note.text, list(note.signatures)) == (text, signatures)


@given(st.data())
def test_no_note_has_two_readings(data):
    body = GO_NOTE.encode()
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(start + 4, len(body))))
    changed = body[:start] + data.draw(st.binary(max_size=4)) + body[end:]
    try:
        note = parse_note(changed)
    except UnreadableError:
        return
    assert note.to_text().encode() == changed
    if note.text == GO_TEXT and changed != body:
        assert note.signatures != parse_note(GO_NOTE).signatures
