"""Her record is frozen at each act, once, and stays as it was whatever changes later."""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.languages import LANGUAGE_NAMES
from clinic.models import Patient
from consent.actions.hand_over_copy import hand_over_copy
from consent.actions.inform import record_conversation
from consent.actions.issue_record import issue_record
from consent.actions.lift_hold import lift_hold
from consent.actions.raise_hold import raise_hold
from consent.actions.record_clinical_fact import record_clinical_fact
from consent.actions.refuse import refuse_consent
from consent.actions.start_procedure import start_procedure
from consent.actions.withdraw import withdraw_consent
from consent.ledger.encoding import parse_entry
from consent.models import Consent, FrozenRecord, InformationSheetVersion, LedgerEntry
from consent.models.digests import model_label
from consent.queries.ledger import verify
from consent.queries.record import sheet_sections
from consent.queries.record_language import language_on_paper, printed_language
from consent.queries.record_rows import NOT_FROZEN
from consent.queries.record_talks import spoken
from consent.record import labels
from consent.record.check import check_text
from consent.record.document import document_bytes, document_digest, record_of
from consent.record_facts import ConsentRecord
from consent.vocabulary import CopyForm, EntryKind, HoldReason, Via
from consent.wording import STATEMENTS
from tests.factories import House, drawn, full_talk
from tests.integration.consent.acts import ACTS
from tests.story_erasure import erased


def frozen_of(consent: Consent) -> list[FrozenRecord]:
    return list(FrozenRecord.objects.filter(consent=consent).order_by("made_at"))


def newest(consent: Consent) -> ConsentRecord:
    return record_of(bytes(frozen_of(consent)[-1].document))


def binding_entry(frozen: FrozenRecord) -> LedgerEntry:
    return LedgerEntry.objects.get(bindings__model=model_label(FrozenRecord), bindings__key=frozen.pk.hex)


def taken_back(consent: Consent, words: str = "") -> None:
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD, words=words)


def test_each_act_freezes_one_record_that_its_entry_binds(house: House) -> None:
    consent = house.ready()
    start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    taken_back(consent, "Please stop.")
    frozen = frozen_of(consent)
    kinds = [record_of(bytes(one.document)).act.kind for one in frozen]
    assert kinds == [
        *("consent.proposed", "consent.informed", "consent.given", "consent.confirmed", "consent.certified"),
        *("procedure.started", "consent.withdrawn"),
    ]
    for one in frozen:
        document, entry = bytes(one.document), binding_entry(one)
        shown = record_of(document)
        assert one.document_digest == document_digest(document)
        assert (shown.act.entry_id, shown.act.kind, shown.act.number) == (entry.pk.hex, entry.kind, entry.sseq)
        assert shown.act.previous_leaf == (parse_entry(bytes(entry.body)).sprev or "")
        assert (shown.language, shown.made_at) == (one.language, one.made_at)
        assert shown.events[-1].entry_id == entry.pk.hex and shown.events[-1].leaf_hash == ""
        assert all(event.leaf_hash and event.entry_index is not None for event in shown.events[:-1])


def test_it_holds_the_words_the_people_the_answers_and_the_pen(house: House) -> None:
    consent = house.given()
    shown, version = newest(consent), consent.sheet_version
    assert (shown.sheet_digest, shown.sheet_language, shown.sheet_key) == (version.digest, "en", version.sheet.key)
    assert shown.sheet_sections == sheet_sections(version.content)
    assert {person.name for person in shown.people} >= {"Test Midwife", "Test Sister"}
    talk = shown.talks[0]
    assert {one.seconds_open for one in talk.alternatives} == {40}
    assert [one.key for one in talk.teach_backs] == [row["key"] for row in version.content["teach_back"]]
    assert all(one.answer and one.question for one in talk.teach_backs)
    assert talk.questions == shown.questions == (("Will it hurt?", "For a few minutes, like strong period pain."),)
    signature, made = shown.signatures[0], drawn(consent.patient_id)
    assert made.strokes is not None and signature.strokes is not None
    pen = [[(dot["x"], dot["y"], dot["t"]) for dot in stroke] for stroke in made.strokes["strokes"]]
    assert [list(stroke) for stroke in signature.strokes.strokes] == pen
    assert (signature.image_png, signature.meaning_code, signature.via_code) == (
        made.image,
        "gives-consent",
        "clinic-tablet",
    )
    assert shown.decision.signed_policy_digest == consent.signed_policy.digest
    assert shown.time_zone == "Asia/Shanghai"


def test_nothing_of_a_hold_or_a_refused_start_is_frozen(house: House) -> None:
    consent = house.given()
    before = [bytes(one.document) for one in frozen_of(consent)]
    hold = raise_hold(
        consent_id=consent.pk,
        reason=HoldReason.PRESSURE,
        note="Her brother answers for her.",
        by=house.receptionist,
        via=Via.STAFF,
        form_key=uuid.uuid4(),
    )
    start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    lift_hold(hold_id=hold.pk, note="Spoke with her alone.", by=house.advocate)
    hand_over_copy(consent_id=consent.pk, form=CopyForm.PAPER, by=consent.patient.account, via=Via.OWN_CARD)
    assert [bytes(one.document) for one in frozen_of(consent)] == before
    taken_back(consent)
    document = bytes(frozen_of(consent)[-1].document).decode()
    for word in ("hold.", "Hold raised", "brother", "Spoke with her", "pressure", "start-refused", "Start refused"):
        assert word not in document, word


def test_old_records_stay_as_they_were(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    consent = house.given()
    old = [(one.pk, bytes(one.document), one.document_digest) for one in frozen_of(consent)]
    patient = Patient.objects.get(pk=consent.patient_id)
    patient.name = "Test Patient Renamed"
    patient.save()
    monkeypatch.setitem(labels.LABELS, "title", "Another title")
    monkeypatch.setitem(labels.LABELS, "patient_name", "Another word for name")
    taken_back(Consent.objects.get(pk=consent.pk))
    now = frozen_of(consent)
    assert [(one.pk, bytes(one.document), one.document_digest) for one in now[:-1]] == old
    for one in now:
        assert document_bytes(record_of(bytes(one.document))) == bytes(one.document)
    shown = newest(consent)
    assert (shown.patient_name, shown.labels["title"]) == ("Test Patient Renamed", "Another title")
    before = record_of(old[-1][1])
    assert (before.patient_name, before.labels["title"]) == ("Test Patient One", "Your consent record")


def test_a_replaced_consent_gets_its_last_record_with_the_new_one(house: House) -> None:
    first = house.given()
    second = house.superseded(first)
    last, begun = newest(first), newest(second)
    assert (last.decision.state, begun.decision.state) == ("superseded", "draft")
    assert last.act == begun.act
    assert binding_entry(frozen_of(first)[-1]) == binding_entry(frozen_of(second)[0])


def test_it_is_written_in_the_language_she_was_shown(house: House) -> None:
    chinese = house.proposed(house.procedure(house.patient(languages=["zh-Hans"])), language="zh-Hans")
    shown = newest(chinese)
    assert (shown.language, shown.sheet_language, shown.language_note) == ("zh-Hans", "zh-Hans", "")
    assert shown.labels["title"] != labels.LABELS["title"]


def test_where_we_do_not_have_her_language_it_is_english_and_says_so(house: House) -> None:
    english = InformationSheetVersion.objects.get(language="en", sheet__key="copper-iud-insertion")
    InformationSheetVersion(
        **{
            field.attname: getattr(english, field.attname)
            for field in InformationSheetVersion._meta.concrete_fields
            if field.name not in {"id", "language"}
        },
        language="sw",
    ).save(force_insert=True)
    shown = newest(house.proposed(house.procedure(house.patient(languages=["sw"])), language="sw"))
    assert (shown.language, shown.sheet_language) == ("en", "sw")
    assert "Kiswahili" in shown.language_note and "English" in shown.language_note


def test_a_copy_in_another_language_is_frozen_and_bound_by_its_own_entry(house: House) -> None:
    consent = house.given()
    for _copy in range(2):
        issue_record(consent_id=consent.pk, language="zh-hans", by=consent.patient.account, via=Via.OWN_CARD)
    chinese = FrozenRecord.objects.get(consent=consent, language="zh-Hans")
    shown, entry = record_of(bytes(chinese.document)), binding_entry(chinese)
    assert entry.kind == EntryKind.RECORD_ISSUED
    assert shown.act == newest_act(consent)
    assert "English" in shown.language_note and shown.sheet_language == "en"
    assert {issue.frozen_id for issue in consent.record_issues.all()} == {chinese.pk}


def newest_act(consent: Consent) -> object:
    own = FrozenRecord.objects.filter(consent=consent, language="en").order_by("made_at").last()
    assert own is not None
    return record_of(bytes(own.document)).act


@pytest.mark.parametrize("words", ["\U0001f600 \u202e\u0007 \ue000", "e\u0301" * 300, "x" * 40_000, "<b>&amp;</b>{0}"])
def test_no_word_of_hers_stands_between_her_and_a_no(words: str, house: House) -> None:
    given, informed = house.given(), house.informed()
    taken_back(given, words)
    refuse_consent(consent_id=informed.pk, by=informed.patient.account, via=Via.OWN_CARD, words=words)
    for consent in (given, informed):
        assert newest(consent).ended_words == words == Consent.objects.get(pk=consent.pk).ended_words
        copy = issue_record(consent_id=consent.pk, language="en", by=consent.patient.account, via=Via.OWN_CARD)
        assert copy.pdf.startswith(b"%PDF-")


def test_a_fact_and_a_wish_to_talk_are_in_it_too(house: House) -> None:
    consent = house.informed()
    refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    record_clinical_fact(consent_id=consent.pk, fact="Anaemia is over.", by=house.colleague.account)
    assert newest(consent).act.kind == EntryKind.CLINICAL_FACT_RECORDED


def test_entries_stay_small_whatever_a_record_holds(house: House) -> None:
    consent = house.proposed()
    talk = full_talk(consent, what_matters="x" * 2000, questions=tuple((f"{n}" * 900, "y" * 900) for n in range(9)))
    record_conversation(consent_id=consent.pk, talk=talk, by=house.midwife.account, form_key=uuid.uuid4())
    assert max(len(bytes(entry.body)) for entry in LedgerEntry.objects.all()) < 8_000


ADDED = {"propose": 3, "inform": 8, "give": 9, "withdraw": 9}  # statements; these acts make 34, 46, 59 and 28 without


@pytest.mark.parametrize("name", ADDED)
def test_freezing_adds_few_statements_to_an_act(name: str, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    _statements(ACTS[name](house))  # what is asked once for all acts is asked now
    with monkeypatch.context() as unfrozen:
        unfrozen.setattr("consent.actions.moving.NOT_FROZEN", frozenset(EntryKind))
        bare = _statements(ACTS[name](House()))
    whole = _statements(ACTS[name](House()))
    asks_for_the_place = connection.vendor == "postgresql"  # where the pen finds it in the journey in which it writes
    assert whole - bare == ADDED[name] + asks_for_the_place, (bare, whole)


def _statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def test_what_freezes_nothing_is_said_in_one_place() -> None:
    assert {EntryKind.HOLD_RAISED, EntryKind.HOLD_LIFTED, EntryKind.START_REFUSED} <= NOT_FROZEN
    assert EntryKind.CONSENT_WITHDRAWN not in NOT_FROZEN


def test_the_name_of_every_language_can_be_printed() -> None:
    for code in LANGUAGE_NAMES:
        check_text(language_on_paper(code), field=code)
    assert language_on_paper("ta") == "ta" and language_on_paper("ar") == "العربية"
    known = {"zh-hans": "zh-Hans", "zh-Hans": "zh-Hans", "en-GB": "en", "sw": "en"}
    assert {code: printed_language(code) for code in known} == known


def test_a_code_that_nobody_knows_stands_as_itself() -> None:
    assert (spoken(STATEMENTS, "blesses"), spoken(STATEMENTS, "gives-consent")[:20]) == (
        "blesses",
        "I have been told wha",
    )


def test_an_erasure_takes_every_frozen_record_and_a_copy_says_so(house: House) -> None:
    consent = house.given()
    issue_record(consent_id=consent.pk, language="en", by=consent.patient.account, via=Via.OWN_CARD)
    erased(house, consent.patient)
    for one in frozen_of(consent):
        assert (bytes(one.document), one.document_digest) == (b"", "erased")
    assert [finding.sentence for finding in verify().findings] == []
    account = Consent.objects.get(pk=consent.pk).patient.account
    issue_record(consent_id=consent.pk, language="en", by=account, via=Via.OWN_CARD)
    shown = newest(consent)
    assert shown.patient_name == "erased"
    assert any("Erased on" in value for _label, value in shown.conversation)
