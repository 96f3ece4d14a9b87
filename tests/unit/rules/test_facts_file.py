"""A facts file: what is read comes back, everything wrong is named at once, and what cannot have been is refused."""

import dataclasses
import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import consent.facts
from clinic.vocabulary import Preset
from consent.facts import GateFacts
from consent.rules.facts_file import FactsRefused, check_facts, facts_document, facts_from, keys_of, read_facts
from consent.rules.facts_order import BORN, BORN_CERTIFIED, impossible_orders
from consent.rules.facts_schema import facts_schema, facts_schema_page, notes_beside
from consent.rules.facts_values import leaf_for
from tests.unit.rules.facts_strategies import any_facts
from tests.unit.rules.schema_check import breaches

DOCS = Path(__file__).resolve().parents[3] / "docs"
AT = datetime.datetime(2027, 4, 1, 0, 0, tzinfo=datetime.UTC)  # 08:00 in Shanghai
SCHEMA = facts_schema()


def example() -> dict[str, Any]:
    """The worked example of the page."""
    page = (DOCS / "facts.md").read_text(encoding="utf-8")
    return json.loads(re.findall(r"```json\n(.+?)```", page, flags=re.DOTALL)[0])


def changed(*changes: tuple[str, Any]) -> dict[str, Any]:
    """The example with other values: ("conversation.minutes_alone", 3)."""
    document = example()
    for path, value in changes:
        *above, last = (int(step) if step.isdigit() else step for step in path.split("."))
        part: Any = document
        for step in above:
            part = part[step]
        part[last] = value
    return document


def read(document: object, *, at: datetime.datetime = AT) -> GateFacts:
    return read_facts(json.dumps(document).encode(), at=at, preset=Preset.STRICT_DEFAULT)


def problems(content: object, *, at: datetime.datetime = AT) -> list[str]:
    """The sentences about everything that is wrong."""
    written = content if isinstance(content, bytes) else json.dumps(content).encode()
    with pytest.raises(FactsRefused) as refusal:
        read_facts(written, at=at, preset=Preset.STRICT_DEFAULT)
    assert str(refusal.value).splitlines() == [problem.sentence for problem in refusal.value.problems]
    return [problem.sentence for problem in refusal.value.problems]


# ------------------------------------------------------------------------------------------------ what is read


def test_the_example_is_read_with_its_types() -> None:
    facts = read(example())
    assert facts.at == AT and facts.preset is Preset.STRICT_DEFAULT
    assert facts.consent is not None and facts.conversation is not None
    assert facts.consent.given_at == datetime.datetime(2027, 3, 2, 8, 0, tzinfo=datetime.UTC)
    assert facts.consent.given_at.tzinfo is datetime.UTC
    assert facts.conversation.people_present[0].role.value == "relative"
    assert facts.waits is not None and facts.waits.premature_birth is None
    assert facts_document(facts) == facts_document(read(facts_document(facts)))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(facts=any_facts)
def test_any_facts_come_back_as_they_were(facts: GateFacts) -> None:
    text = json.dumps(facts_document(facts))
    assert facts_from(json.loads(text), at=facts.at, preset=facts.preset) == facts
    assert not list(breaches(json.loads(text), SCHEMA, SCHEMA))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(facts=any_facts)
def test_any_facts_are_read_unless_their_order_cannot_be(facts: GateFacts) -> None:
    """The file says of an order what the facts say of it."""
    content = json.dumps(facts_document(facts)).encode()
    if impossible := check_facts(facts):
        with pytest.raises(FactsRefused) as refusal:
            read_facts(content, at=facts.at, preset=facts.preset)
        assert refusal.value.problems == impossible
    else:
        assert read_facts(content, at=facts.at, preset=facts.preset) == facts


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
PLACES = [f"{part}.{key}" for part in ("procedure", "consent", "conversation") for key in example()[part]]


@settings(deadline=None)
@given(place=st.sampled_from([*PLACES, *example()]), value=JSON_VALUES)
def test_nothing_in_any_place_breaks_the_reader(place: str, value: object) -> None:
    """Whatever stands there, it is read or refused by its place, and the schema refuses no less than the reader."""
    document = changed((place, value))
    try:
        read(document)
    except FactsRefused as refusal:
        assert {problem.path.split("[")[0].startswith("$") for problem in refusal.problems} == {True}
    else:
        assert not list(breaches(document, SCHEMA, SCHEMA))


@given(content=st.binary(max_size=60))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    assert problems(content)


# ------------------------------------------------------------------------------------------------ what is refused

WHEN = "a time with its offset, between 1900 and 2199, such as 2027-02-14T10:00:00+08:00 or 2027-02-14T02:00:00Z"
COUNT = "a whole number from 0 to 1000000000"


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        ("time_zone", "Asia/Nowhere", 'expected an IANA time zone such as Asia/Shanghai; found "Asia/Nowhere"'),
        ("time_zone", "localtime", 'expected an IANA time zone such as Asia/Shanghai; found "localtime"'),
        ("time_zone", "../../etc/passwd", 'expected an IANA time zone such as Asia/Shanghai; found "../../etc/passwd"'),
        ("time_zone", None, "expected an IANA time zone such as Asia/Shanghai; found null"),
        ("birth_date", "1990-02-30", 'expected a day between 1900 and 2199 such as 2027-02-14, or null; found "1990'),
        ("birth_date", "4 May 1990", "expected a day between 1900 and 2199 such as 2027-02-14, or null; found"),
        ("consent.given_at", "2027-03-02T16:00:00", f"expected {WHEN}, or null; found"),
        ("consent.given_at", "2027-W09-2T16:00:00Z", f"expected {WHEN}, or null; found"),
        ("consent.given_at", "2027-03-02T25:00:00Z", f"expected {WHEN}, or null; found"),
        ("consent.given_at", 1803974400, f"expected {WHEN}, or null; found 1803974400"),
        ("consent.state", "approved", "expected one of draft, informed, given, confirmed, used, refused, withdrawn,"),
        ("consent.sheet_digest", "A" * 64, "expected 64 lowercase hex characters; found"),
        (
            "consent.id",
            "{00000000-0000-0000-0000-000000000005}",
            "expected a UUID such as 00000000-0000-0000-",
        ),
        ("conversation.minutes_alone", "15", f'expected {COUNT}, or null; found "15"'),
        ("conversation.minutes_alone", 15.0, f"expected {COUNT}, or null; found 15.0"),
        ("conversation.minutes_alone", True, f"expected {COUNT}, or null; found true"),
        ("conversation.minutes_alone", -1, f"expected {COUNT}, or null; found -1"),
        ("conversation.minutes_alone", 10**12, f"expected {COUNT}, or null; found 1000000000000"),
        ("conversation.minutes_alone", 10**4000, f"expected {COUNT}, or null; found Infinity"),
        ("conversation.minutes_alone", float("nan"), f"expected {COUNT}, or null; found NaN"),
        ("conversation.teach_back_asked", None, f"expected {COUNT}; found null"),
        ("conversation.was_live", 1, "expected true or false, or null; found 1"),
        ("conversation.people_present", {}, "expected a list; found an object"),
        ("conversation.signing_states", "labour", 'expected a list, or null; found "labour"'),
        ("conversation.spoken_language", "zh\u001b[2J", "expected text of at most 500 characters, without control cha"),
        ("conversation.spoken_language", "\ud800", "expected text of at most 500 characters, without control cha"),
        ("conversation.spoken_language", "z" * 501, "expected text of at most 500 characters, without control cha"),
        ("procedure", [], "expected an object; found a list"),
        ("waits", 0, "expected an object, or null; found 0"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(place: str, value: object, sentence: str) -> None:
    (problem,) = problems(changed((place, value)))
    assert problem.startswith(f"$.{place}: {sentence}")
    assert problem.isprintable() and problem.isascii()


def test_the_place_of_one_of_many_is_counted_from_nought() -> None:
    boss = {"role": "boss", "left_before_signing": None, "asked_for_by_patient_alone": None}
    document = example()
    document["conversation"]["people_present"].append(boss)
    (problem,) = problems(document)
    assert problem == (
        "$.conversation.people_present[1].role: expected one of practitioner, interpreter, witness, partner, relative, "
        'friend, carer, student, employer, official, police, other; found "boss"'
    )


def test_missing_unknown_and_doubled_keys_are_refused() -> None:
    document = example()
    del document["conversation"]["doubts_named"], document["conversation"]["doubted_at"]
    document["waits"]["none at all\n"] = 1
    text = json.dumps(document).replace('"open_holds": 0', '"open_holds": 1, "open_holds": 0')
    assert problems(text.encode()) == [
        "$.conversation.doubts_named: expected this key; found no such key",
        "$.conversation.doubted_at: expected this key; null where it is not known; found no such key",
        '$.waits["none at all\\n"]: expected no such key, only premature_birth, abdominal_emergency, shorter_wait; '
        "found 1",
        "$.open_holds: expected this key once; found it more than once",
    ]


@pytest.mark.parametrize("key", ["at", "preset"])
def test_moment_and_preset_stand_outside_the_file(key: str) -> None:
    assert problems({**example(), key: None}) == [
        f"$.{key}: expected no such key: it is asked with --{key}; found null"
    ]


def test_all_that_is_wrong_is_named_at_once() -> None:
    """Shapes and orders together: nobody mends a file one error at a time."""
    document = changed(
        ("time_zone", "Nowhere"),
        ("conversation.minutes_alone", -1),
        ("consent.given_at", "2027-02-01T00:00:00Z"),
        ("ability.guardians", None),
    )
    assert [problem.split(":")[0] for problem in problems(document)] == [
        "$.time_zone",
        "$.conversation.minutes_alone",
        "$.ability.guardians",
        "$.consent.given_at",
        "$.consent.given_at",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "$: expected JSON; found at line 1, column 1: Expecting value"),
        (b'{\n "a": }', "$: expected JSON; found at line 2, column 7: Expecting value"),
        (b"\xff", "$: expected text in UTF-8; found a byte that is not, at 0"),
        (b"[" * 100_000, "$: expected JSON; found brackets within brackets without end"),
        (b" " * 1_000_001, "$: expected a file of at most 1000000 bytes; found 1000001 bytes"),
        (b"[]", "$: expected an object; found a list"),
        (b"NaN", "$: expected an object; found NaN"),
        (b"9" * 9_000, "$: expected an object; found Infinity"),
    ],
)
def test_what_is_no_facts_file_at_all(content: bytes, sentence: str) -> None:
    assert problems(content) == [sentence]


# ------------------------------------------------------------------------------------------------ what cannot have been

PREMATURE = {
    "expected_on": "2027-05-01",
    "born_on": "2027-03-20",
    "certified_at": "2027-03-20T10:00:00+08:00",
    "certified_by": "00000000-0000-0000-0000-000000000002",
}
SHORTER = {
    "asked_at": "2027-03-03T10:00:00+08:00",
    "was_asked_by_patient": True,
    "answered_at": "2027-03-04T10:00:00+08:00",
    "is_agreed": True,
    "was_private": True,
    "is_outside_team": True,
    "after_birth_or_abortion_72h": False,
}


def finding(assessed_at: str) -> dict[str, str]:
    by = "00000000-0000-0000-0000-000000000003"
    return {"finding": "has-capacity", "assessed_at": assessed_at, "assessed_by": by}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            [("offer.offered_at", "2027-03-01T07:00:00Z")],
            "$.conversation.held_at: expected no talk before the offer ($.offer.offered_at, 2027-03-01T07:00:00Z); "
            "found 2027-03-01T06:00:00Z",
        ),
        (
            [("conversation.held_at", "2027-03-02T09:00:00Z")],
            "$.consent.given_at: expected no signature before the talk ($.conversation.held_at, ",
        ),
        (
            [("conversation.sheet_opened_at", "2027-03-02T09:00:00Z")],
            "$.consent.given_at: expected no signature before the sheet was opened ($.conversation.sheet_opened_at, ",
        ),
        (
            [("consent.interpreter_stated_at", "2027-03-01T05:59:59Z")],
            "$.consent.interpreter_stated_at: expected no statement of the interpreter before the talk (",
        ),
        (
            [("consent.confirmed_at", "2027-03-02T07:59:00Z")],
            "$.consent.confirmed_at: expected no confirmation before the signature ($.consent.given_at, ",
        ),
        (
            [("consent.certified_at", "2027-03-31T23:29:59.999999Z")],
            "$.consent.certified_at: expected no certificate of the operator before the confirmation (",
        ),
        (
            [("waits.shorter_wait", {**SHORTER, "answered_at": "2027-03-03T01:00:00Z"})],
            "$.waits.shorter_wait.answered_at: expected no answer before the question (",
        ),
        (
            [("past.last_withdrawal_at", "2027-02-02T00:00:00Z"), ("past.last_no_at", "2027-02-01T00:00:00Z")],
            "$.past.last_no_at: expected no newer withdrawal, which would be the newest no (",
        ),
        (
            [("ability.findings", [finding("2027-03-02T00:00:00Z"), finding("2027-03-01T00:00:00Z")])],
            "$.ability.findings[1].assessed_at: expected findings oldest first ($.ability.findings[0].assessed_at, ",
        ),
        (
            [("past.patient_asked_at", "2027-04-01T00:00:01Z")],
            "$.past.patient_asked_at: expected no time after --at (2027-04-01T00:00:00Z); found 2027-04-01T00:00:01Z",
        ),
        (
            [("birth_date", "2027-04-02")],
            "$.birth_date: expected no day after --at (at the site it is 2027-04-01); found 2027-04-02",
        ),
        (
            [("waits.premature_birth", {**PREMATURE, "born_on": "2027-04-02"})],
            "$.waits.premature_birth.born_on: expected no day after --at (at the site it is 2027-04-01); found ",
        ),
        (
            [("waits.premature_birth", {**PREMATURE, "born_on": "2027-03-21"})],
            "$.waits.premature_birth.certified_at: expected no certificate before the birth ($.waits.premature_birth.b",
        ),
    ],
)
def test_what_cannot_have_been_is_refused(changes: list[tuple[str, Any]], sentence: str) -> None:
    found = problems(changed(*changes))
    assert found[0].startswith(sentence)
    facts = facts_from(changed(*changes), at=AT, preset=Preset.ENGLAND)
    assert [problem.sentence for problem in check_facts(facts)] == found


def test_the_same_instant_is_no_wrong_order() -> None:
    noon = "2027-03-02T12:00:00+08:00"
    together = ["offer.offered_at", "conversation.held_at", "conversation.sheet_opened_at", "consent.given_at"]
    facts = read(changed(*((path, noon) for path in together), ("consent.obtainer_stated_at", noon)))
    assert check_facts(facts) == ()
    assert read(changed(("waits.premature_birth", PREMATURE), ("waits.shorter_wait", SHORTER)))


def test_what_is_not_known_contradicts_nothing() -> None:
    unknown = ["offer", "conversation", "past", "ability", "waits", "birth_date", "consent.given_at"]
    assert read(changed(*((path, None) for path in unknown)))


# ------------------------------------------------------------------------------------------------ the schema


def test_the_schema_of_the_docs_is_the_one_of_the_types() -> None:
    assert (DOCS / "facts.schema.json").read_text(encoding="utf-8") == facts_schema_page()


def test_the_schema_knows_the_example_and_refuses_a_slip() -> None:
    assert not list(breaches(example(), SCHEMA, SCHEMA))
    for place, value in [("consent.state", "approved"), ("open_holds", "0"), ("waits.other", None)]:
        assert list(breaches(changed((place, value)), SCHEMA, SCHEMA)), place


def test_what_stands_beside_a_field_stands_in_the_schema() -> None:
    conversation = SCHEMA["$defs"]["ConversationFacts"]
    assert conversation["description"] == "What was recorded of the talk between the practitioner and the patient."
    said = {name: value.get("description") for name, value in conversation["properties"].items()}
    assert said["spoken_language"] == "BCP 47"
    assert said["signing_states"] == "null = not asked; [] = asked, none of them"
    assert said["request_sources_named"].startswith("All that was ever recorded about the same procedure")
    assert said["minutes_alone"] is None
    for record in filter(dataclasses.is_dataclass, vars(consent.facts).values()):
        assert set(notes_beside(record)) <= {field.name for field in dataclasses.fields(record)}


def test_a_fact_of_a_new_type_is_refused_until_it_is_written_down() -> None:
    with pytest.raises(TypeError, match="no facts file can hold"):
        leaf_for(float, "share")
    assert "at" not in keys_of(GateFacts) and "preset" not in keys_of(GateFacts)


def test_what_happened_on_the_day_itself_is_possible() -> None:
    leaves = {
        "--at": datetime.datetime(2027, 3, 31, 17, 0, tzinfo=datetime.UTC),  # the first of April in Shanghai
        "$.time_zone": "Asia/Shanghai",
        "$.birth_date": datetime.date(2027, 4, 1),
        BORN: datetime.date(2027, 4, 1),
        BORN_CERTIFIED: datetime.datetime(2027, 3, 31, 16, 0, tzinfo=datetime.UTC),
    }
    assert impossible_orders(leaves) == ()
    too_early = {**leaves, BORN_CERTIFIED: datetime.datetime(2027, 3, 31, 15, 59, tzinfo=datetime.UTC)}
    assert [(one.path, one.found) for one in impossible_orders(too_early)] == [(BORN_CERTIFIED, "2027-03-31")]
    nowhere = {key: value for key, value in too_early.items() if key != "$.time_zone"}
    assert impossible_orders(nowhere) == ()  # no zone, no days
